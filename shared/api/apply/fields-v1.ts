import { isRecord } from '../objects/decode.ts';
import { normalizeElement } from './elements.ts';
import type { FieldSet } from './field-set.ts';

/** A set of paths as `managedFields` has it: a leaf is `{}`, and `".": {}` says that a node with children is in the set itself. */
export interface FieldsV1 {
  readonly [element: string]: FieldsV1;
}

export const toFieldsV1 = (set: FieldSet): FieldsV1 => treeOf(set, {});

type Growing = Record<string, FieldsV1>;

/** Adds to `tree`, which is not copied on the way: an object may have a hundred thousand fields. */
function treeOf({ members, children }: FieldSet, tree: Growing): FieldsV1 {
  const elements = children.size === 0 ? [...members] : [...new Set([...members, ...children.keys()])];
  for (const element of elements.sort()) {
    const below = children.get(element);
    tree[element] = below === undefined ? {} : treeOf(below, members.has(element) ? { '.': {} } : {});
  }
  return tree;
}

/** Undefined: it is no such tree. */
export function fromFieldsV1(value: unknown): FieldSet | undefined {
  if (!isRecord(value)) return undefined;
  const members = new Set<string>();
  const children = new Map<string, FieldSet>();
  for (const [text, node] of Object.entries(value)) {
    if (text === '.') continue;
    const element = normalizeElement(text);
    const below = fromFieldsV1(node);
    if (element === undefined || below === undefined) return undefined;
    const isLeaf = below.members.size === 0 && below.children.size === 0;
    if (isLeaf || Object.hasOwn(node as object, '.')) members.add(element);
    if (!isLeaf) children.set(element, below);
  }
  return { members, children };
}
