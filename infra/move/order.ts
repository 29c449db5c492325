import { cluster } from '../../shared/kinds/cluster/kind.ts';
import type { Kind } from '../../shared/kinds/define-kind.ts';
import { kinds } from '../../shared/kinds/index.ts';

/** The kinds that move: all but those whose objects end by themselves (Events). */
export const moving: readonly Kind[] = inOrder(kinds.filter(({ expiresAfter }) => expiresAfter === undefined));

/**
 * The order in which a plane that is already alive may get them. Namespaces first; what nobody reconciles; the Clusters, which are
 * paused and so hold back whatever follows; then what is owned before its owner, since a MachineSet that is there before its
 * Machines would make new ones.
 */
export function inOrder(all: readonly Kind[]): Kind[] {
  const rankOf = (kind: Kind): number => (kind.scope === 'Cluster' ? 0 : !kind.reconciled ? 1 : kind.kind === cluster.kind ? 2 : 3);
  const depthOf = (kind: Kind): number =>
    Math.max(0, ...all.filter((child) => kind.owns.includes(child.kind)).map((child) => 1 + depthOf(child)));
  return all.toSorted((a, b) => rankOf(a) - rankOf(b) || depthOf(a) - depthOf(b));
}
