import { annotationKeys, numberIn } from '../machine-set/annotations.ts';
import type { MachineSet } from '../machine-set/model.ts';
import type { Operation } from '../operation.ts';

type Annotated = Pick<MachineSet, 'annotations'>;

export const revisionOf = ({ annotations }: Annotated): number => numberIn(annotations, annotationKeys.revision) ?? 0;

/** The revision of the current MachineSet: one above all others, so that what was gone back to is the newest again. */
export function nextRevision(current: Annotated | undefined, old: readonly Annotated[]): number {
  const newest = Math.max(0, ...old.map(revisionOf));
  return Math.max(newest + 1, current === undefined ? 0 : revisionOf(current));
}

/** The annotations that give a MachineSet its revision; one that it had before moves to its history. */
export function revisionAnnotations(current: Annotated | undefined, revision: number): Record<string, string> {
  const before = current === undefined ? 0 : revisionOf(current);
  const history = current?.annotations[annotationKeys.revisionHistory];
  return {
    [annotationKeys.revision]: `${revision}`,
    ...(before > 0 &&
      before !== revision && { [annotationKeys.revisionHistory]: history === undefined ? `${before}` : `${history},${before}` }),
  };
}

/** Deletes old MachineSets that have no Machines left, but for the newest few, to which an undo could go back. */
export function forgetOld(old: readonly MachineSet[], limit: number): Operation[] {
  return old
    .filter((set) => set.desired === 0 && set.existing === 0 && !set.deleting && (set.observedGeneration ?? 0) >= set.generation)
    .sort((a, b) => revisionOf(b) - revisionOf(a))
    .slice(limit)
    .map(({ name, uid }) => ({
      op: 'delete',
      target: { kind: 'MachineSet', name, uid },
      because: `it has no Machines, and only the newest ${limit} old MachineSets are kept (spec.revisionHistoryLimit)`,
    }));
}
