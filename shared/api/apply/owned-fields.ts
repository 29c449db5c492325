import { isRecord } from '../objects/decode.ts';
import { fieldElement, fieldNamed } from './elements.ts';
import { type FieldSet, GrowingSet } from './field-set.ts';
import { type Concrete, concrete, leaf, type Shape, schemaless } from './shape.ts';
import { byElement, fieldsOf } from './values.ts';

/** The fields that who applies this value owns. */
export function fieldsIn(value: unknown, shape: Shape): FieldSet {
  const fields = new GrowingSet();
  walk(value, concrete(shape, value), fields, undefined);
  return fields;
}

/** Adds to `parent` what is owned at its `element`: at the very top, of which nobody owns the whole, undefined. */
function walk(value: unknown, shape: Concrete, parent: GrowingSet, element: string | undefined): void {
  if (shape.is === 'leaf') {
    if (element !== undefined) parent.add(element);
    return;
  }
  const fields = element === undefined ? parent : parent.below(element);
  if (shape.is === 'map') {
    for (const [name, part] of Object.entries(fieldsOf(value))) {
      const at = fieldElement(name);
      // Of a declared field, what is in it says enough.
      if (!shape.declares(name) || part === null || isEmptyMap(part)) fields.add(at);
      walk(part, concrete(shape.field(name), part), fields, at);
    }
  } else {
    for (const [at, items] of byElement(value, shape)) {
      fields.add(at);
      if (items.length === 1) walk(items[0], concrete(shape.item, items[0]), fields, at);
    }
  }
}

const isEmptyMap = (value: unknown): boolean => isRecord(value) && Object.keys(value).length === 0;

/**
 * The set, with every declared field that has children in it: who owns `spec.a` has `spec` to take away too, when
 * nothing is left in it.
 */
export function withParents({ members, children }: FieldSet, shape: Shape): FieldSet {
  const all = new Set(members);
  const below = new Map<string, FieldSet>();
  for (const [element, child] of children) {
    const name = fieldNamed(element);
    if (name !== undefined && shape.is === 'map' && shape.declares(name)) all.add(element);
    below.set(element, withParents(child, shapeBelow(shape, name)));
  }
  return { members: all, children: below };
}

function shapeBelow(shape: Shape, name: string | undefined): Shape {
  if (shape.is === 'map') return name === undefined ? leaf : shape.field(name);
  return shape.is === 'list' ? shape.item : schemaless;
}
