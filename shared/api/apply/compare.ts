import { sameJson } from '../objects/same-json.ts';
import { fieldElement } from './elements.ts';
import { type FieldSet, type Path, setOf, union } from './field-set.ts';
import { type Concrete, concrete, leaf, type Shape } from './shape.ts';
import { byElement, fieldIn, fieldsOf, isBlank } from './values.ts';

/** How two values of one shape differ. */
export interface Comparison {
  readonly added: FieldSet;
  readonly removed: FieldSet;
  readonly modified: FieldSet;
}

export function compare(before: unknown, after: unknown, shape: Shape): Comparison {
  const found: Found = { added: [], removed: [], modified: [] };
  walk(before, after, shape, [], found);
  return { added: setOf(found.added), removed: setOf(found.removed), modified: setOf(found.modified) };
}

/** What is there now and was not so before. */
export const changed = ({ added, modified }: Comparison): FieldSet => union(added, modified);

type Found = Record<keyof Comparison, Path[]>;

/** Where no schema says what stands here and its kind changes, each of the two kinds is gone through. */
function walk(before: unknown, after: unknown, shape: Shape, path: Path, found: Found): void {
  const [was, is] = [concrete(shape, before), concrete(shape, after)];
  if (before !== undefined) walkAs(was, before, after, path, found);
  if (after !== undefined && (before === undefined || was !== is)) walkAs(is, before, after, path, found);
}

function walkAs(shape: Concrete, before: unknown, after: unknown, path: Path, found: Found): void {
  if (shape.is === 'leaf' || (isBlank(before, shape) && isBlank(after, shape))) {
    if (before !== undefined && after !== undefined && !sameJson(before, after)) found.modified.push(path);
  } else if (shape.is === 'map') {
    for (const name of new Set([...Object.keys(fieldsOf(before)), ...Object.keys(fieldsOf(after))]))
      walk(fieldIn(before, name), fieldIn(after, name), shape.field(name), [...path, fieldElement(name)], found);
  } else {
    const [was, is] = [byElement(before, shape), byElement(after, shape)];
    for (const element of new Set([...was.keys(), ...is.keys()])) {
      const [old = [], now = []] = [was.get(element), is.get(element)];
      const below = [...path, element];
      // Duplicates are owned, and differ, as one.
      if (old.length > 1 || now.length > 1) walk(onlyIfAny(old), onlyIfAny(now), leaf, below, found);
      else walk(old[0], now[0], shape.item, below, found);
    }
  }
  if (before === undefined) found.added.push(path);
  if (after === undefined) found.removed.push(path);
}

const onlyIfAny = (items: readonly unknown[]): unknown => (items.length === 0 ? undefined : items);
