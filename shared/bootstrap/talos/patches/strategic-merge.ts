import { isDeepStrictEqual } from 'node:util';
import type { Sequence, Shape, Structure } from '../fields/shape.ts';
import { isList, isMap, type Value, type ValueMap } from '../value.ts';

/** What a patch cannot do to a config, in the words of an error. */
export class MergeConflict extends Error {}

/**
 * A strategic merge patch as Talos means it: mappings merge by key, lists grow, single values are replaced, and what the
 * shape says otherwise. An empty text or a zero says nothing, since Talos cannot tell it from an absent one.
 */
export function mergeStructure(left: ValueMap, right: ValueMap, shape: Structure): ValueMap {
  return mergeKeys(left, right, (key) => merge(left[key], right[key], shape.fields[key]!));
}

function merge(left: Value | undefined, right: Value | undefined, shape: Shape): Value | undefined {
  if (right === undefined || left === undefined) return right ?? left;
  if (shape.replaced) return right;
  switch (shape.is) {
    case 'text':
      return right === '' ? left : right;
    case 'count':
      return right === 0 && !shape.optional ? left : right;
    case 'flag':
      return right;
    case 'freeForm':
      return mergeFreely(left, right, '');
    case 'sequence':
      return isList(left) && isList(right) ? mergeSequence(left, right, shape) : right;
    default:
      return isMap(left) && isMap(right) ? mergeMap(left, right, shape) : right;
  }
}

function mergeMap(left: ValueMap, right: ValueMap, shape: Exclude<Shape, { is: 'sequence' }>): ValueMap {
  switch (shape.is) {
    case 'structure':
      return mergeStructure(left, right, shape);
    case 'mapping':
      return mergeKeys(left, right, (key) => merge(left[key], right[key], shape.of));
    default:
      return { ...left, ...right };
  }
}

function mergeSequence(left: readonly Value[], right: readonly Value[], shape: Sequence): readonly Value[] {
  const { of } = shape;
  if (shape.keys.length === 0 || of.is !== 'structure') return [...left, ...right];
  const elements = [...left];
  for (const element of right) {
    const at = isMap(element) ? elements.findIndex((other) => isMap(other) && sameElement(other, element, shape.keys)) : -1;
    const same = elements[at];
    if (!isMap(same) || !isMap(element)) elements.push(element);
    else elements[at] = shape.replacesElement ? element : mergeStructure(same, element, of);
  }
  return elements;
}

/** The first key that the patch's element has decides. */
function sameElement(other: ValueMap, element: ValueMap, keys: readonly string[]): boolean {
  const key = keys.find((candidate) => element[candidate] !== undefined && element[candidate] !== '');
  return key !== undefined && isDeepStrictEqual(other[key], element[key]);
}

/** Somebody else's format has no shape to go by: what is there tells the type, and another type on top is a mistake. */
function mergeFreely(left: Value | undefined, right: Value | undefined, path: string): Value | undefined {
  if (left === undefined || left === null) return right;
  if (right === undefined || right === null || right === '' || right === 0) return left;
  if (isMap(left) && isMap(right)) return mergeKeys(left, right, (key) => mergeFreely(left[key], right[key], `${path}.${key}`));
  if (isList(left) && isList(right)) return [...left, ...right];
  if (typeName(left) !== typeName(right)) {
    throw new MergeConflict(`${path.slice(1) || 'the value'} is a ${typeName(left)} in the config and a ${typeName(right)} in the patch`);
  }
  return right;
}

const typeName = (value: Value): string => (isList(value) ? 'list' : isMap(value) ? 'mapping' : typeof value);

function mergeKeys(left: ValueMap, right: ValueMap, mergeKey: (key: string) => Value | undefined): ValueMap {
  const keys = new Set([...Object.keys(left), ...Object.keys(right)]);
  return Object.fromEntries([...keys].map((key) => [key, mergeKey(key)]));
}
