/** The comparison operators of Choice. */

export interface Comparison {
  /** What the value on the right must be, in the definition or where `…Path` points. */
  readonly right: 'string' | 'number' | 'boolean' | 'timestamp';
  /** A value on the left of another type does not hold; it is no error. */
  holds(left: unknown, right: never): boolean;
}

const timestamp = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

/** Milliseconds since 1970 of an RFC 3339 time, which Step Functions wants with an upper-case T and Z; undefined if it is none. */
export function timeOf(value: unknown): number | undefined {
  if (typeof value !== 'string' || !timestamp.test(value)) return undefined;
  const time = Date.parse(value);
  return Number.isNaN(time) ? undefined : time;
}

const orders: Readonly<Record<string, (order: number) => boolean>> = {
  Equals: (order) => order === 0,
  LessThan: (order) => order < 0,
  LessThanEquals: (order) => order <= 0,
  GreaterThan: (order) => order > 0,
  GreaterThanEquals: (order) => order >= 0,
};

function ordered<T extends string | number>(
  prefix: string,
  right: Comparison['right'],
  read: (value: unknown) => T | undefined,
): [string, Comparison][] {
  return Object.entries(orders).map(([suffix, accepts]) => {
    const holds = (left: unknown, against: unknown) => {
      const [a, b] = [read(left), read(against)];
      return a !== undefined && b !== undefined && accepts(a < b ? -1 : a > b ? 1 : 0);
    };
    return [`${prefix}${suffix}`, { right, holds }];
  });
}

const asString = (value: unknown) => (typeof value === 'string' ? value : undefined);
const asNumber = (value: unknown) => (typeof value === 'number' ? value : undefined);

/** Those that have a form ending in `Path`, too. */
export const withPath: Readonly<Record<string, Comparison>> = Object.fromEntries([
  ...ordered('String', 'string', asString),
  ...ordered('Numeric', 'number', asNumber),
  ...ordered('Timestamp', 'timestamp', timeOf),
  ['BooleanEquals', { right: 'boolean', holds: (left: unknown, right: unknown) => left === right }],
]);

/** `*` stands for any number of characters, `\*` for itself, `\\` for a backslash. */
function matches(left: unknown, pattern: string): boolean {
  const source = pattern.replace(/\\([*\\])|\*|[^*]/gs, (token, escaped: string | undefined) => {
    if (token === '*') return '.*';
    return (escaped ?? token).replace(/[$()*+.?[\\\]^{|}]/, '\\$&');
  });
  return typeof left === 'string' && new RegExp(`^${source}$`, 's').test(left);
}

/** What a value is. The right side says whether it should be so. */
const typeTests: Readonly<Record<string, (value: unknown) => boolean>> = {
  IsPresent: (value) => value !== undefined,
  IsNull: (value) => value === null,
  IsString: (value) => typeof value === 'string',
  IsNumeric: (value) => typeof value === 'number',
  IsBoolean: (value) => typeof value === 'boolean',
  IsTimestamp: (value) => timeOf(value) !== undefined,
};

/** All that take their right side as it stands. */
export const comparisons: Readonly<Record<string, Comparison>> = {
  ...withPath,
  StringMatches: { right: 'string', holds: matches },
  ...Object.fromEntries(
    Object.entries(typeTests).map(([name, test]) => [
      name,
      { right: 'boolean', holds: (value: unknown, expected: boolean) => test(value) === expected },
    ]),
  ),
};

/** Is the value of the type that a comparison needs on its right side? */
export function fits(right: Comparison['right'], value: unknown): boolean {
  return right === 'timestamp' ? timeOf(value) !== undefined : typeof value === right;
}
