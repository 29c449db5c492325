import { fieldElement } from './elements.ts';
import type { FieldSet } from './field-set.ts';
import { concrete, type Shape } from './shape.ts';
import { elementOf, fieldsOf, isBlank, itemsOf } from './values.ts';

/** The value without these fields. A map or list of which nothing is left becomes null. */
export function remove(value: unknown, fields: FieldSet, shape: Shape): unknown {
  const as = concrete(shape, value);
  if (as.is === 'leaf') return typeof value === 'object' ? null : value;
  if (isBlank(value, as)) return null;
  if (as.is === 'map') {
    const kept = Object.entries(fieldsOf(value)).flatMap(([name, part]) => {
      const left = without(part, fields, fieldElement(name), as.field(name));
      return left === undefined ? [] : [[name, left] as const];
    });
    return kept.length === 0 ? null : Object.fromEntries(kept);
  }
  const kept = itemsOf(value).flatMap((item) => {
    const left = without(item, fields, elementOf(as, item), as.item);
    return left === undefined ? [] : [left];
  });
  return kept.length === 0 ? null : kept;
}

/** Undefined: it goes as a whole. */
function without(part: unknown, { members, children }: FieldSet, element: string, shape: Shape): unknown {
  if (members.has(element)) return undefined;
  const below = children.get(element);
  return below === undefined ? part : remove(part, below, shape);
}
