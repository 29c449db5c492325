/** The grammar of intrinsic functions: `States.Format('{}-{}', $.zone, States.MathAdd($.n, 1))`. */
import { atEnd, type Cursor, expect, literal, match, sees, skipSpace, startOf, take, Unreadable, unreadable } from '../paths/cursor.ts';
import { type Path, parsePathAt } from '../paths/path.ts';
import { functions } from './functions.ts';

export type Expression =
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'path'; readonly path: Path }
  /** With its backslashes: to Format, `\{}` is no place for a value. */
  | { readonly kind: 'text'; readonly text: string }
  | Call;

export interface Call {
  readonly kind: 'call';
  readonly name: string;
  readonly args: readonly Expression[];
}

const parsed = new Map<string, Call>();

/** Reads a whole call. They come from definitions only, so each is parsed once and kept. */
export function parseIntrinsic(text: string): Call {
  const known = parsed.get(text);
  if (known !== undefined) return known;
  const cursor = startOf(text);
  const call = readCall(cursor);
  if (call === undefined) throw unreadable(cursor, 'a path ($, $$) or a function (States.…)');
  if (!atEnd(cursor)) throw unreadable(cursor, 'the end');
  parsed.set(text, call);
  return call;
}

function readCall(cursor: Cursor): Call | undefined {
  const name = match(cursor, /States\.\w+/y);
  if (name === undefined) return undefined;
  const known = functions[name];
  if (known === undefined) throw new Unreadable(`${name} is no intrinsic function; there are ${Object.keys(functions).join(', ')}`);
  const args = readArguments(cursor);
  const [least, most] = known.takes;
  if (args.length < least || args.length > most) {
    const takes = least === most ? `${least}` : `${least} to ${most}`;
    throw new Unreadable(`${name} takes ${takes} arguments and got ${args.length}: ${cursor.text}`);
  }
  return { kind: 'call', name, args };
}

function readArguments(cursor: Cursor): Expression[] {
  expect(cursor, '(');
  const args: Expression[] = [];
  skipSpace(cursor);
  while (!take(cursor, ')')) {
    if (args.length > 0) expect(cursor, ',');
    skipSpace(cursor);
    args.push(argument(cursor));
    skipSpace(cursor);
  }
  return args;
}

function argument(cursor: Cursor): Expression {
  const text = match(cursor, /'(\\.|[^'\\])*'/y);
  if (text !== undefined) return { kind: 'text', text: text.slice(1, -1) };
  if (sees(cursor, '$')) return { kind: 'path', path: parsePathAt(cursor, ['$$', '$']) };
  const value = literal(cursor) ?? readCall(cursor);
  if (value === undefined) throw unreadable(cursor, 'a path, a string in single quotes, a number, true, false, null or a function');
  return 'kind' in value ? value : { kind: 'value', ...value };
}
