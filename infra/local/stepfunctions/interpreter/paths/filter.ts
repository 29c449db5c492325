/** The predicate of a filter, `[?(@.ready == true && @.zone != 'b')]`. */
import { type Cursor, expect, literal, match, quoted, sees, skipSpace, take, unreadable } from './cursor.ts';
import { type Path, parsePathAt } from './path.ts';

export type Operand = { readonly path: Path } | { readonly value: unknown };

export type Filter =
  | { readonly kind: 'exists'; readonly path: Path }
  | { readonly kind: 'compare'; readonly left: Operand; readonly operator: string; readonly right: Operand }
  | { readonly kind: 'not'; readonly filter: Filter }
  | { readonly kind: 'all' | 'any'; readonly filters: readonly Filter[] };

/** Reads what follows the `?`, in parentheses. */
export function parseFilter(cursor: Cursor): Filter {
  expect(cursor, '(');
  const filter = chain(cursor, '||', 'any', () => chain(cursor, '&&', 'all', () => term(cursor)));
  expect(cursor, ')');
  return filter;
}

function chain(cursor: Cursor, operator: string, kind: 'all' | 'any', next: () => Filter): Filter {
  const filters = [next()];
  while (take(cursor, operator)) filters.push(next());
  return filters.length === 1 ? filters[0]! : { kind, filters };
}

function term(cursor: Cursor): Filter {
  skipSpace(cursor);
  const filter = unspaced(cursor);
  skipSpace(cursor);
  return filter;
}

function unspaced(cursor: Cursor): Filter {
  if (take(cursor, '!')) return { kind: 'not', filter: unspaced(cursor) };
  if (sees(cursor, '(')) return parseFilter(cursor);
  const left = operand(cursor);
  skipSpace(cursor);
  const operator = match(cursor, /==|!=|<=|>=|<|>/y);
  if (operator === undefined) {
    if ('path' in left) return { kind: 'exists', path: left.path };
    throw unreadable(cursor, 'a comparison');
  }
  skipSpace(cursor);
  return { kind: 'compare', left, operator, right: operand(cursor) };
}

function operand(cursor: Cursor): Operand {
  if (sees(cursor, '@') || sees(cursor, '$')) return { path: parsePathAt(cursor, ['@', '$']) };
  const text = quoted(cursor, `'"`);
  if (text !== undefined) return { value: text };
  const found = literal(cursor);
  if (found === undefined) throw unreadable(cursor, "a path with '@' or '$', a quoted string, a number, true, false or null");
  return found;
}
