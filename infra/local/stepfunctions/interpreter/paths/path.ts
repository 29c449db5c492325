/** JSONPath as Step Functions reads it: the grammar. What a path finds is in `select.ts`. */
import { atEnd, type Cursor, expect, match, quoted, skipSpace, startOf, take, unreadable } from './cursor.ts';
import { type Filter, parseFilter } from './filter.ts';

export type Segment =
  | { readonly kind: 'names'; readonly names: readonly string[] }
  | { readonly kind: 'indexes'; readonly indexes: readonly number[] }
  | { readonly kind: 'slice'; readonly from?: number; readonly to?: number; readonly by: number }
  | { readonly kind: 'every' }
  | { readonly kind: 'everywhere' }
  | { readonly kind: 'filter'; readonly filter: Filter };

export interface Path {
  readonly text: string;
  /** `$` reads the state's data, `$$` the context object, `@` the element that a filter looks at. */
  readonly root: '$' | '$$' | '@';
  readonly segments: readonly Segment[];
  /** Names and indexes only: it finds one value or none. Any other finds a list. */
  readonly definite: boolean;
}

const parsed = new Map<string, Path>();

/** Reads a whole path. Paths come from definitions only, so each is parsed once and kept. */
export function parsePath(text: string): Path {
  const known = parsed.get(text);
  if (known !== undefined) return known;
  const cursor = startOf(text);
  const path = parsePathAt(cursor, ['$$', '$']);
  if (!atEnd(cursor)) throw unreadable(cursor, "'.' or '['");
  parsed.set(text, path);
  return path;
}

/** Reads the path that begins at the cursor, and leaves the cursor behind it. */
export function parsePathAt(cursor: Cursor, roots: readonly Path['root'][]): Path {
  const begin = cursor.at;
  const root = roots.find((each) => take(cursor, each));
  if (root === undefined) throw unreadable(cursor, `a path that begins with ${roots.at(-1)}`);
  const segments: Segment[] = [];
  for (let next = segment(cursor); next !== undefined; next = segment(cursor)) segments.push(...next);
  const text = cursor.text.slice(begin, cursor.at);
  return { text, root, segments, definite: segments.every(isSingle) };
}

const isSingle = (each: Segment) =>
  (each.kind === 'names' && each.names.length === 1) || (each.kind === 'indexes' && each.indexes.length === 1);

const name = /[\p{L}\p{N}_$-]+/uy;

function segment(cursor: Cursor): Segment[] | undefined {
  if (take(cursor, '[')) return [bracket(cursor)];
  if (take(cursor, '..')) return [{ kind: 'everywhere' }, take(cursor, '[') ? bracket(cursor) : dotted(cursor)];
  return take(cursor, '.') ? [dotted(cursor)] : undefined;
}

function dotted(cursor: Cursor): Segment {
  if (take(cursor, '*')) return { kind: 'every' };
  const found = match(cursor, name);
  if (found === undefined) throw unreadable(cursor, "a field's name (write others than letters, digits, _ and - as ['name'])");
  return { kind: 'names', names: [found] };
}

function bracket(cursor: Cursor): Segment {
  skipSpace(cursor);
  const found = inBrackets(cursor);
  skipSpace(cursor);
  expect(cursor, ']');
  return found;
}

function inBrackets(cursor: Cursor): Segment {
  if (take(cursor, '*')) return { kind: 'every' };
  if (take(cursor, '?')) return { kind: 'filter', filter: parseFilter(cursor) };
  const names = list(cursor, () => quoted(cursor, `'"`));
  if (names.length > 0) return { kind: 'names', names };
  const slice = match(cursor, /-?\d*:-?\d*(:\d+)?/y);
  if (slice !== undefined) return sliceOf(slice);
  const indexes = list(cursor, () => integer(match(cursor, /-?\d+/y)));
  if (indexes.length > 0) return { kind: 'indexes', indexes };
  throw unreadable(cursor, "an index, a slice, '*', a quoted name or a filter");
}

function sliceOf(text: string): Segment {
  const [from, to, by] = text.split(':').map((part) => integer(part === '' ? undefined : part));
  return { kind: 'slice', ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }), by: Math.max(1, by ?? 1) };
}

const integer = (digits: string | undefined) => (digits === undefined ? undefined : Number(digits));

function list<T>(cursor: Cursor, item: () => T | undefined): T[] {
  const items: T[] = [];
  for (let next = item(); next !== undefined; next = item()) {
    items.push(next);
    skipSpace(cursor);
    if (!take(cursor, ',')) break;
    skipSpace(cursor);
  }
  return items;
}
