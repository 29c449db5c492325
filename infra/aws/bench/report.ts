import { quantile, type Taken } from './load.ts';

/** MB from which on a function has a processor to itself; below it has its share of one. */
const memoryOfOneCpu = 1769;

/** MB that are worth a look. */
export const sizes = [256, 512, 1024] as const;

/** ms that an event takes in a function of this size: what it waits for stays, its processor time grows as its share shrinks. */
export const expectedMs = (ms: number, cpuMs: number, memory: number): number =>
  Math.max(0, ms - cpuMs) + cpuMs * Math.max(1, memoryOfOneCpu / memory);

const cell = (value: number | string, width = 9): string => String(typeof value === 'number' ? value.toFixed(1) : value).padStart(width);

export function table(
  taken: readonly Taken[],
  functions: readonly { readonly name: string; readonly loaded: number; readonly rss: number }[],
): string {
  const rows = taken.map(({ name, ms, cpuMs, bytes }) => {
    const [p50, cpu50] = [quantile(ms, 0.5), quantile(cpuMs, 0.5)];
    return [
      name.padEnd(24),
      cell(p50),
      cell(quantile(ms, 0.99)),
      cell(cpu50),
      ...sizes.map((size) => cell(expectedMs(p50, cpu50, size))),
      cell(`${Math.ceil(bytes / 1000)} KB`, 10),
    ].join('');
  });
  const head = `${'ms'.padEnd(24)}${['p50', 'p99', 'cpu p50', ...sizes.map((size) => `${size} MB`)].map((word) => cell(word)).join('')}${cell('answer', 10)}`;
  const loaded = functions.map(({ name, loaded: ms, rss }) => `${name.padEnd(34)}${cell(ms)} ms${cell(rss / 1e6)} MB`);
  return [head, ...rows, '', 'to load, and memory in use at the end', ...loaded].join('\n');
}
