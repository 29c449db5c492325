/** A filter of an event source mapping: a record goes through if all patterns, of which it must match one, say so of their fields. */

type Rule = string | number | null | { readonly exists: boolean };

export interface FilterCriteria {
  readonly Filters: readonly { readonly Pattern: string }[];
}

/** @throws Error for a rule that is not known here. */
export function filterOf(criteria: FilterCriteria | undefined): (record: unknown) => boolean {
  if (criteria === undefined) return () => true;
  const patterns = criteria.Filters.map(({ Pattern }) => JSON.parse(Pattern) as unknown);
  return (record) => patterns.some((pattern) => matches(pattern, record));
}

function matches(pattern: unknown, value: unknown): boolean {
  if (Array.isArray(pattern)) return pattern.some((rule: Rule) => holds(rule, value));
  if (typeof pattern !== 'object' || pattern === null) throw new Error('a pattern is an object, or a list of rules');
  return Object.entries(pattern).every(([name, inner]) => matches(inner, (value as Record<string, unknown> | undefined)?.[name]));
}

function holds(rule: Rule, value: unknown): boolean {
  if (typeof rule !== 'object' || rule === null) return rule === value;
  if (Object.keys(rule).join() !== 'exists') throw new Error(`the rule ${JSON.stringify(rule)} is not known here`);
  // Of a leaf.
  return rule.exists === (value !== undefined && typeof value !== 'object');
}
