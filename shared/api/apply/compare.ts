import { sameJson } from '../objects/same-json.ts';
import { fieldElement } from './elements.ts';
import { type FieldSet, GrowingSet, union } from './field-set.ts';
import { type Concrete, concrete, type ListShape, leaf, type MapShape, type Shape } from './shape.ts';
import { byElement, fieldIn, fieldsOf, isBlank } from './values.ts';

/** How two values of one shape differ. */
export interface Comparison {
  readonly added: FieldSet;
  readonly removed: FieldSet;
  readonly modified: FieldSet;
}

export function compare(before: unknown, after: unknown, shape: Shape): Comparison {
  const found: Found = { added: new GrowingSet(), removed: new GrowingSet(), modified: new GrowingSet() };
  walk(before, after, shape, { found, add: () => {} });
  return found;
}

/** What is there now and was not so before. */
export const changed = ({ added, modified }: Comparison): FieldSet => union(added, modified);

type Found = Readonly<Record<keyof Comparison, GrowingSet>>;

/** Where the walk is. Nobody owns the object itself. */
interface Place {
  /** What is found below. */
  readonly found: Found;
  /** Notes that the place itself has changed so. */
  add(how: keyof Comparison): void;
}

const below = ({ found }: Place, element: string): Place => ({
  get found() {
    return { added: found.added.below(element), removed: found.removed.below(element), modified: found.modified.below(element) };
  },
  add: (how) => found[how].add(element),
});

/** Where no schema says what stands here and its kind changes, each of the two kinds is gone through. */
function walk(before: unknown, after: unknown, shape: Shape, place: Place): void {
  const [was, is] = [concrete(shape, before), concrete(shape, after)];
  if (before !== undefined) walkAs(was, before, after, place);
  if (after !== undefined && (before === undefined || was !== is)) walkAs(is, before, after, place);
}

function walkAs(shape: Concrete, before: unknown, after: unknown, place: Place): void {
  if (shape.is === 'leaf' || (isBlank(before, shape) && isBlank(after, shape))) {
    if (before !== undefined && after !== undefined && !sameJson(before, after)) place.add('modified');
  } else {
    // Sets for what is below are made here, once, and not for each of very many leaves.
    const inside: Place = { ...place };
    if (shape.is === 'map') walkMaps(shape, before, after, inside);
    else walkLists(shape, before, after, inside);
  }
  if (before === undefined) place.add('added');
  if (after === undefined) place.add('removed');
}

function walkMaps(shape: MapShape, before: unknown, after: unknown, place: Place): void {
  for (const name of new Set([...Object.keys(fieldsOf(before)), ...Object.keys(fieldsOf(after))]))
    walk(fieldIn(before, name), fieldIn(after, name), shape.field(name), below(place, fieldElement(name)));
}

function walkLists(shape: ListShape, before: unknown, after: unknown, place: Place): void {
  const [was, is] = [byElement(before, shape), byElement(after, shape)];
  for (const element of new Set([...was.keys(), ...is.keys()])) {
    const [old = [], now = []] = [was.get(element), is.get(element)];
    const at = below(place, element);
    // Duplicates are owned, and differ, as one.
    if (old.length > 1 || now.length > 1) walk(onlyIfAny(old), onlyIfAny(now), leaf, at);
    else walk(old[0], now[0], shape.item, at);
  }
}

const onlyIfAny = (items: readonly unknown[]): unknown => (items.length === 0 ? undefined : items);
