/** A value of a config: what YAML can say, and nothing else. */
export type Value = string | number | boolean | null | readonly Value[] | ValueMap;
export interface ValueMap {
  readonly [key: string]: Value | undefined;
}

export const isMap = (value: unknown): value is ValueMap => typeof value === 'object' && value !== null && !Array.isArray(value);
export const isList = (value: unknown): value is readonly Value[] => Array.isArray(value);

/** Reading fields of a config that was decoded by its shapes: what is absent reads as empty. */
export function mapAt(parent: ValueMap, ...path: readonly string[]): ValueMap {
  return path.reduce<ValueMap>((map, key) => {
    const value = map[key];
    return isMap(value) ? value : {};
  }, parent);
}

/** Undefined for an empty text too: Talos cannot tell the two apart. */
export function textAt(parent: ValueMap, key: string): string | undefined {
  const value = parent[key];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export function numberAt(parent: ValueMap, key: string): number {
  const value = parent[key];
  return typeof value === 'number' ? value : 0;
}

export function textsAt(parent: ValueMap, key: string, absent: readonly string[] = []): readonly string[] {
  const value = parent[key];
  return isList(value) ? value.map(String) : absent;
}

export function mapsAt(parent: ValueMap, key: string): readonly ValueMap[] {
  const value = parent[key];
  return isList(value) ? value.filter(isMap) : [];
}

export const textMapAt = (parent: ValueMap, key: string): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(mapAt(parent, key)).map(([name, value]) => [name, String(value)]));
