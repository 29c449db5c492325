import { cluster } from './cluster/kind.ts';
import { type StoredCondition, withCondition } from './conditions.ts';
import { secret } from './core/secret.ts';
import type { Kind } from './define-kind.ts';
import type { Condition } from './object.ts';

/** What is left in a Namespace of one kind. */
export interface Remaining {
  readonly kind: Pick<Kind, 'plural' | 'group'>;
  readonly count: number;
  /** How many of them each finalizer holds. */
  readonly finalizers: Readonly<Record<string, number>>;
}

/**
 * In which order the content of a Namespace goes; each stage begins when the former is empty. A Cluster deletes its Machines, in the
 * order that is right for them. Teardowns need Secrets to reach their Nodes, so these go last; and Events, which tell of all that.
 */
export function stages(kinds: readonly Kind[]): Kind[][] {
  const content = kinds.filter(({ scope }) => scope === 'Namespaced');
  const stageOf = (kind: Kind): number => {
    if (kind.kind === cluster.kind) return 0;
    if (kind.reconciled) return 1;
    return kind.kind === secret.kind || kind.expiresAfter !== undefined ? 3 : 2;
  };
  return [0, 1, 2, 3].map((stage) => content.filter((kind) => stageOf(kind) === stage));
}

/** What Kubernetes says of a Namespace that is being deleted, in its words. `now` in ms since 1970. */
export function conditionsOfEnd(
  former: readonly StoredCondition[] | undefined,
  remaining: readonly Remaining[],
  now: number,
): readonly StoredCondition[] {
  return [...standing, contentRemaining(remaining), finalizersRemaining(remaining)].reduce<readonly StoredCondition[]>(
    (conditions, condition) => withCondition(conditions, condition, now),
    former ?? [],
  );
}

type Said = Omit<Condition, 'lastTransitionTime'>;

/** Troubles that only a server with other servers behind it can have. */
const standing: readonly Said[] = [
  {
    type: 'NamespaceDeletionDiscoveryFailure',
    status: 'False',
    reason: 'ResourcesDiscovered',
    message: 'All resources successfully discovered',
  },
  {
    type: 'NamespaceDeletionGroupVersionParsingFailure',
    status: 'False',
    reason: 'ParsedGroupVersions',
    message: 'All legacy kube types successfully parsed',
  },
  {
    type: 'NamespaceDeletionContentFailure',
    status: 'False',
    reason: 'ContentDeleted',
    message: 'All content successfully deleted, may be waiting on finalization',
  },
];

function contentRemaining(remaining: readonly Remaining[]): Said {
  const type = 'NamespaceContentRemaining';
  if (remaining.length === 0) return { type, status: 'False', reason: 'ContentRemoved', message: 'All content successfully removed' };
  const resources = remaining.map(({ kind, count }) => `${kind.plural}.${kind.group} has ${count} resource instances`);
  return {
    type,
    status: 'True',
    reason: 'SomeResourcesRemain',
    message: `Some resources are remaining: ${resources.sort().join(', ')}`,
  };
}

function finalizersRemaining(remaining: readonly Remaining[]): Said {
  const type = 'NamespaceFinalizersRemaining';
  const held = new Map<string, number>();
  for (const [finalizer, count] of remaining.flatMap(({ finalizers }) => Object.entries(finalizers)))
    held.set(finalizer, (held.get(finalizer) ?? 0) + count);
  if (held.size === 0)
    return { type, status: 'False', reason: 'ContentHasNoFinalizers', message: 'All content-preserving finalizers finished' };
  const finalizers = [...held].map(([finalizer, count]) => `${finalizer} in ${count} resource instances`);
  return {
    type,
    status: 'True',
    reason: 'SomeFinalizersRemain',
    message: `Some content in the namespace has finalizers remaining: ${finalizers.sort().join(', ')}`,
  };
}
