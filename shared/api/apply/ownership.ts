import { changed, compare } from './compare.ts';
import { difference, type FieldSet, intersection, isEmpty, noFields, type Path, pathsOf, union } from './field-set.ts';
import { merge } from './merge.ts';
import { fieldsIn, withParents } from './owned-fields.ts';
import { asEmpty, asNull, remove } from './remove.ts';
import type { Shape } from './shape.ts';

/**
 * Who owns which fields of an object, and what becomes of both when somebody writes: the algorithm of Kubernetes'
 * structured-merge-diff. Managers are opaque names here.
 */
export type Owners = ReadonlyMap<string, FieldSet>;

/** A field that would change and that somebody else owns. */
export interface OwnerConflict {
  readonly manager: string;
  readonly path: Path;
}

export type Applied =
  | { readonly object: unknown; readonly owners: Owners; readonly conflicts?: undefined }
  | { readonly conflicts: readonly OwnerConflict[] };

/** After any write but an apply: it takes every field that it changes. */
export function ownersAfterUpdate(live: unknown, next: unknown, owners: Owners, self: string, shape: Shape): Owners {
  const comparison = compare(live, next, shape);
  const { owners: others } = take(owners, self, comparison);
  const own = union(difference(owners.get(self) ?? noFields, comparison.removed), changed(comparison));
  return withOwner(others, self, own);
}

/**
 * After an apply of a whole configuration: merged into the live object, without what the manager applied before, no
 * longer does, and nobody else owns.
 */
export function apply(live: unknown, configuration: unknown, before: Owners, self: string, force: boolean, shape: Shape): Applied {
  const owners = withOwner(before, self, fieldsIn(configuration, shape));
  const merged = merge(live, configuration, shape);
  const next = prune(merged, before.get(self) ?? noFields, owners, shape);
  const taken = take(owners, self, compare(live, next, shape));
  if (taken.conflicts.length > 0 && !force) return { conflicts: taken.conflicts };
  return { object: next, owners: taken.owners };
}

/** Takes away what was applied `last` and is owned by nobody now. */
function prune(merged: unknown, last: FieldSet, owners: Owners, shape: Shape): unknown {
  if (isEmpty(last)) return merged;
  const [mine, all] = [last, [...owners.values()].reduce(union, noFields)].map((set) => withParents(set, shape)) as [FieldSet, FieldSet];
  const before = withParents(fieldsIn(merged, shape), shape);
  const left = (value: unknown): FieldSet => withParents(fieldsIn(value, shape), shape);
  const without = remove(merged, mine, shape, asNull);
  // What anybody owns comes back, and with it what it stands in.
  const owned = remove(merged, difference(before, union(left(without), all)), shape, asNull);
  // What went with its parent, and was never the manager's own, comes back too.
  return remove(merged, intersection(difference(before, left(owned)), mine), shape, asEmpty);
}

/** The others lose what changes and what is removed; of what changes, each loss is a conflict. */
function take(owners: Owners, self: string, comparison: ReturnType<typeof compare>): { owners: Owners; conflicts: OwnerConflict[] } {
  const changes = changed(comparison);
  const conflicts: OwnerConflict[] = [];
  const left = new Map<string, FieldSet>();
  for (const [manager, set] of owners) {
    const lost = manager === self ? noFields : intersection(set, changes);
    for (const path of pathsOf(lost)) conflicts.push({ manager, path });
    const kept = manager === self ? set : difference(difference(set, lost), comparison.removed);
    if (!isEmpty(kept)) left.set(manager, kept);
  }
  return { owners: left, conflicts };
}

/** Who owns nothing is not listed. */
function withOwner(owners: Owners, manager: string, set: FieldSet): Owners {
  const next = new Map(owners);
  if (isEmpty(set)) next.delete(manager);
  else next.set(manager, set);
  return next;
}
