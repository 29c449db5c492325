import { fieldElement } from './elements.ts';
import type { FieldSet } from './field-set.ts';
import { concrete, type ListShape, type MapShape, type Shape } from './shape.ts';
import { elementOf, fieldsOf, itemsOf } from './values.ts';

/** What takes the place of a map or list of which nothing is left. */
export type Left = (shape: MapShape | ListShape) => unknown;

/** Null shows that something was there: who owned a field that is null owns it still. */
export const asNull: Left = () => null;

/** An empty one of its kind, which every schema allows that allows the full one. */
export const asEmpty: Left = ({ is }) => (is === 'map' ? {} : []);

/** The value without these fields. */
export function remove(value: unknown, fields: FieldSet, shape: Shape, nothing: Left): unknown {
  const as = concrete(shape, value);
  if (as.is === 'leaf') return typeof value === 'object' ? null : value;
  if (as.is === 'list') {
    const kept = itemsOf(value).flatMap((item) => partLeft(item, fields, elementOf(as, item), as.item, nothing));
    return kept.length === 0 ? nothing(as) : kept;
  }
  const kept = Object.entries(fieldsOf(value)).flatMap(([name, part]) =>
    partLeft(part, fields, fieldElement(name), as.field(name), nothing).map((left) => [name, left] as const),
  );
  return kept.length === 0 ? nothing(as) : Object.fromEntries(kept);
}

/** What is left of a part, if it does not go as a whole. */
function partLeft(part: unknown, { members, children }: FieldSet, element: string, shape: Shape, nothing: Left): unknown[] {
  if (members.has(element)) return [];
  const below = children.get(element);
  return [below === undefined ? part : remove(part, below, shape, nothing)];
}
