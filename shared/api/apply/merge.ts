import { concrete, type ListShape, type MapShape, type Shape } from './shape.ts';
import { elementOf, fieldIn, fieldsOf, isBlank, isOfKind, itemsOf } from './values.ts';

/** The live value with what is applied merged into it. Changes neither argument. */
export function merge(live: unknown, applied: unknown, shape: Shape): unknown {
  if (applied === undefined) return live;
  const as = concrete(shape, applied);
  if (as.is === 'leaf' || (isBlank(live, as) && isBlank(applied, as))) return applied;
  // What is of the wrong kind is for validation to refuse.
  if (applied !== null && !isOfKind(applied, as)) return applied;
  return as.is === 'map' ? mergeMaps(live, applied, as) : mergeLists(live, applied, as);
}

function mergeMaps(live: unknown, applied: unknown, shape: MapShape): Record<string, unknown> {
  const merged = { ...fieldsOf(live) };
  for (const [name, part] of Object.entries(fieldsOf(applied))) merged[name] = merge(fieldIn(live, name), part, shape.field(name));
  return merged;
}

/** Live items keep their places; new ones follow. Of live duplicates that are applied, one is left. */
function mergeLists(live: unknown, applied: unknown, shape: ListShape): unknown[] {
  const additions = new Map(itemsOf(applied).map((item) => [elementOf(shape, item), item]));
  const taken = new Set<string>();
  const merged: unknown[] = [];
  for (const item of itemsOf(live)) {
    const element = elementOf(shape, item);
    if (taken.has(element)) continue;
    const addition = additions.get(element);
    if (addition !== undefined) taken.add(element);
    merged.push(merge(item, addition, shape.item));
  }
  for (const [element, item] of additions) if (!taken.has(element)) merged.push(item);
  return merged;
}
