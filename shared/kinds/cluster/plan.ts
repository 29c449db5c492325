import { keys } from '../fields.ts';
import type { Operation, Plan } from '../operation.ts';
import type { Cluster, ClusterStatus } from './model.ts';
import { summarize } from './status.ts';

export interface ClusterFacts {
  readonly now: number;
  readonly cluster: Cluster;
  /** The last execution that was started for it; absent when none of that name exists. */
  readonly execution?: { readonly name: string; readonly running: boolean };
}

/** An execution whose end we were not told of is looked for after this many seconds. */
const safetyNet = 600;

/** What to do for a cluster: start making what its machines need, or start its teardown. */
export function planCluster(facts: ClusterFacts): Plan<ClusterStatus> {
  const { cluster, execution } = facts;
  if (cluster.paused) return nothing(facts);
  const finalized = cluster.finalizers.includes(keys.clusterFinalizer);
  if (cluster.deleting) {
    if (!finalized) return nothing(facts);
    return execution?.running ? nothing(facts, 60) : attempt(facts, 'teardown', 'it is being deleted');
  }
  if (!finalized)
    return plan(facts, [
      {
        op: 'update',
        target: { kind: 'Cluster', name: cluster.name, uid: cluster.uid },
        change: { finalizers: [...cluster.finalizers, keys.clusterFinalizer] },
        because: 'its machines, network and secrets must be deleted before it goes',
      },
    ]);
  if (execution?.running) return nothing(facts, safetyNet);
  if (isProvided(cluster)) return nothing(facts);
  return attempt(facts, 'create', cluster.status.publishedGeneration === undefined ? 'it has no secrets yet' : 'its spec changed');
}

/** All that its machines need exists as the spec says now, and etcd was bootstrapped, once in its life. */
const isProvided = ({ generation, status }: Cluster): boolean =>
  status.bootstrap?.doneAt !== undefined && status.publishedGeneration === generation;

function attempt(facts: ClusterFacts, workflow: 'create' | 'teardown', because: string): Plan<ClusterStatus> {
  const { now, cluster, execution } = facts;
  const { execution: last, attempt: former = 0, waitingFor } = cluster.status;
  const prefix = `${workflow}-${cluster.uid}-`;
  const ours = last?.startsWith(prefix) === true;
  const pause = ours && waitingFor?.until !== undefined ? Math.ceil((Date.parse(waitingFor.until) - now) / 1000) : 0;
  if (pause > 0) return nothing(facts, pause);
  // The one that was written down but does not exist (we died before it started), else the next.
  const number = !ours ? 1 : execution === undefined ? former : former + 1;
  const { waitingFor: _, errorReason: __, errorMessage: ___, ...rest } = cluster.status;
  const status = { ...rest, execution: `${prefix}${number}`, attempt: number, observedGeneration: cluster.generation };
  return {
    operations: [
      {
        op: 'start',
        workflow: `${workflow}-cluster`,
        execution: status.execution,
        input: { kind: 'Cluster', namespace: cluster.namespace, name: cluster.name, uid: cluster.uid },
        because,
      },
    ],
    status: summarize({ ...cluster, status }, now),
    checkAgainIn: safetyNet,
  };
}

const nothing = ({ cluster, now }: ClusterFacts, checkAgainIn?: number): Plan<ClusterStatus> => ({
  operations: [],
  status: summarize(cluster, now),
  ...(checkAgainIn !== undefined && { checkAgainIn }),
});

const plan = (facts: ClusterFacts, operations: readonly Operation[]): Plan<ClusterStatus> => ({ ...nothing(facts), operations });
