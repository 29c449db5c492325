/** Whether two JSON values are equal: order of keys does not matter, and undefined is the same as absent. */
export function sameJson(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (a === null || b === null || typeof a !== 'object' || typeof b !== 'object') return false;
  if (Array.isArray(a) || Array.isArray(b))
    return Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((item, i) => sameJson(item, b[i]));
  const [left, right] = [a, b].map(definedKeys) as [string[], string[]];
  return left.length === right.length && left.every((key) => Object.hasOwn(b, key) && sameJson(fieldIn(a, key), fieldIn(b, key)));
}

const definedKeys = (value: object): string[] => Object.keys(value).filter((key) => fieldIn(value, key) !== undefined);

const fieldIn = (value: object, key: string): unknown => (value as Record<string, unknown>)[key];
