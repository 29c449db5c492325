/**
 * Sets of paths into an object. A path is a list of elements as `fieldsV1` writes them: `f:spec` a field,
 * `k:{"type":"Ready"}` an item of a list that is a map, `v:"x"` an item of a list that is a set.
 */
export type Path = readonly string[];

/** A tree: `members` end here, `children` go on below. No subtree is empty. */
export interface FieldSet {
  readonly members: ReadonlySet<string>;
  readonly children: ReadonlyMap<string, FieldSet>;
}

export const noFields: FieldSet = { members: new Set(), children: new Map() };

export const isEmpty = ({ members, children }: FieldSet): boolean => members.size === 0 && children.size === 0;

/**
 * A set that grows while a value is walked through. Paths are never written out on the way: those of a deep value are together as
 * long as its depth squared.
 */
export class GrowingSet implements FieldSet {
  readonly members = new Set<string>();
  readonly children = new Map<string, GrowingSet>();
  /** Hangs this set into its parent, where it is not while it is empty. */
  readonly #attach: () => void;

  constructor(attach: () => void = () => {}) {
    this.#attach = attach;
  }

  add(element: string): void {
    this.members.add(element);
    this.#attach();
  }

  below(element: string): GrowingSet {
    const known = this.children.get(element);
    if (known !== undefined) return known;
    const child: GrowingSet = new GrowingSet(() => {
      if (this.children.has(element)) return;
      this.children.set(element, child);
      this.#attach();
    });
    return child;
  }
}

/** The set of these paths. The empty path is the object itself, which nobody owns: it is left out. */
export function setOf(paths: Iterable<Path>): FieldSet {
  const root = new GrowingSet();
  for (const path of paths) {
    const last = path.at(-1);
    if (last === undefined) continue;
    path
      .slice(0, -1)
      .reduce<GrowingSet>((at, element) => at.below(element), root)
      .add(last);
  }
  return root;
}

/** Every path of the set, in the order of its elements. */
export function pathsOf({ members, children }: FieldSet, prefix: Path = []): Path[] {
  return [...new Set([...members, ...children.keys()])].sort().flatMap((element) => {
    const path = [...prefix, element];
    const below = children.get(element);
    return [...(members.has(element) ? [path] : []), ...(below === undefined ? [] : pathsOf(below, path))];
  });
}

export function union(a: FieldSet, b: FieldSet): FieldSet {
  if (isEmpty(a)) return b;
  if (isEmpty(b)) return a;
  return {
    members: new Set([...a.members, ...b.members]),
    children: combine([...a.children.keys(), ...b.children.keys()], a, b, union),
  };
}

export function intersection(a: FieldSet, b: FieldSet): FieldSet {
  if (isEmpty(a) || isEmpty(b)) return noFields;
  return {
    members: new Set([...a.members].filter((element) => b.members.has(element))),
    children: combine(a.children.keys(), a, b, intersection),
  };
}

/** What is in `a` and not in `b`, path by path: what lies below a member of `b` stays. */
export function difference(a: FieldSet, b: FieldSet): FieldSet {
  if (isEmpty(a) || isEmpty(b)) return a;
  return {
    members: new Set([...a.members].filter((element) => !b.members.has(element))),
    children: combine(a.children.keys(), a, b, difference),
  };
}

/** Subtrees that only one of both has are shared, not copied. */
function combine(
  elements: Iterable<string>,
  a: FieldSet,
  b: FieldSet,
  operation: (a: FieldSet, b: FieldSet) => FieldSet,
): Map<string, FieldSet> {
  const children = new Map<string, FieldSet>();
  for (const element of elements) {
    const child = operation(a.children.get(element) ?? noFields, b.children.get(element) ?? noFields);
    if (!isEmpty(child)) children.set(element, child);
  }
  return children;
}
