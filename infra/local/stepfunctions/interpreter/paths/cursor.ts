/** A place in the text of a path or an intrinsic; the parsers move it forward. */
export interface Cursor {
  readonly text: string;
  at: number;
}

/** A path or an intrinsic that cannot be read: found when a state machine is loaded. */
export class Unreadable extends Error {}

export const startOf = (text: string): Cursor => ({ text, at: 0 });

export const atEnd = (cursor: Cursor): boolean => cursor.at >= cursor.text.length;

export const sees = (cursor: Cursor, token: string): boolean => cursor.text.startsWith(token, cursor.at);

/** Moves past `token` if it is next. */
export function take(cursor: Cursor, token: string): boolean {
  if (!sees(cursor, token)) return false;
  cursor.at += token.length;
  return true;
}

/** Moves past what the sticky expression matches and returns it. */
export function match(cursor: Cursor, sticky: RegExp): string | undefined {
  sticky.lastIndex = cursor.at;
  const found = sticky.exec(cursor.text)?.[0];
  if (found !== undefined) cursor.at += found.length;
  return found;
}

export function expect(cursor: Cursor, token: string): void {
  if (!take(cursor, token)) throw unreadable(cursor, `'${token}'`);
}

export const skipSpace = (cursor: Cursor): void => void match(cursor, /\s*/y);

export const unreadable = (cursor: Cursor, wanted: string): Unreadable =>
  new Unreadable(`'${cursor.text}' cannot be read at character ${cursor.at + 1}: ${wanted} is expected`);

/** A string in single (or, in paths, double) quotes; a backslash keeps the next character as it is. */
export function quoted(cursor: Cursor, quotes: string): string | undefined {
  const quote = cursor.text[cursor.at];
  if (quote === undefined || !quotes.includes(quote)) return undefined;
  cursor.at += 1;
  let value = '';
  while (!take(cursor, quote)) {
    if (atEnd(cursor)) throw unreadable(cursor, `a closing ${quote}`);
    if (sees(cursor, '\\') && cursor.at + 1 < cursor.text.length) cursor.at += 1;
    value += cursor.text[cursor.at];
    cursor.at += 1;
  }
  return value;
}

const number = /-?\d+(\.\d+)?([eE][+-]?\d+)?/y;

/** A number, `true`, `false` or `null`; undefined if none is next. */
export function literal(cursor: Cursor): { readonly value: number | boolean | null } | undefined {
  const digits = match(cursor, number);
  if (digits !== undefined) return { value: Number(digits) };
  const word = match(cursor, /(true|false|null)\b/y);
  return word === undefined ? undefined : { value: word === 'null' ? null : word === 'true' };
}
