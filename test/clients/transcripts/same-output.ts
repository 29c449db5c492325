/**
 * Whether a program printed what a transcript says. Ages, times, uids, resource versions, ports and the width of columns
 * may differ; `...` stands for any text, and alone in a line for any lines.
 */
export function isSameOutput(printed: readonly string[], expected: readonly string[]): boolean {
  const pattern = expected.map((line) => (line.trim() === '...' ? '(?:.*\n)*?' : `${escaped(steady(line))}\n`)).join('');
  return new RegExp(`^${pattern}$`).test(printed.map((line) => `${steady(line)}\n`).join(''));
}

const escaped = (line: string): string =>
  line
    .split('...')
    .map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'))
    .join('.*');

/** What is the same in each run. */
export function steady(line: string): string {
  return line
    .replace(/\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z| \+0000( UTC)?)/g, 'TIME')
    .replace(/[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4}/g, 'TIME')
    .replace(/\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, 'UID')
    .replace(/(?<![\w.])(\d+[ywdhms]){1,2}(?![\w.])/g, 'AGE')
    .replace(/\b\d{13,16}\b/g, 'VERSION')
    .replace(/timeoutSeconds=\d+/g, 'timeoutSeconds=SOME')
    .replace(/(127\.0\.0\.1):\d+/g, '$1:PORT')
    .replace(/(?<=\S)(?: {2,}|\t)/g, '  ')
    .trimEnd();
}
