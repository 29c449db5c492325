import type { Cluster } from '../kinds/cluster/model.ts';
import { keys } from '../kinds/fields.ts';
import type { KubeObject } from '../kinds/object.ts';
import type { Clock } from '../ports.ts';
import { clusterOf } from '../reconcile/gather.ts';
import type { Store } from '../store/store.ts';
import { bundleOf, kubeconfigOf } from './secrets.ts';

interface RecentPorts {
  readonly store: Store;
  readonly clock: Clock;
}

/** For how long what was read of a cluster stands, ms: a hundred of its machines ask for the same in one second. */
const stands = 2_000;

interface Read {
  readonly at: number;
  readonly value: Promise<unknown>;
}

const reads = new WeakMap<Store, Map<string, Read>>();

/**
 * What creating steps may take from a cluster although it may be two seconds old. Its teardown cannot overtake them: it
 * waits for every machine to go. Nothing is remembered of what was not there.
 */
async function recently<T>({ store, clock }: RecentPorts, key: string, read: () => Promise<T | undefined>): Promise<T | undefined> {
  const known = reads.get(store) ?? new Map<string, Read>();
  reads.set(store, known);
  const former = known.get(key);
  if (former !== undefined && clock.now() - former.at < stands) return former.value as Promise<T | undefined>;
  const value = read();
  known.set(key, { at: clock.now(), value });
  const found = await value.catch((error: unknown) => {
    known.delete(key);
    throw error;
  });
  if (found === undefined) known.delete(key);
  return found;
}

export const recentCluster = (object: KubeObject, ports: RecentPorts): Promise<Cluster | undefined> =>
  recently(ports, `cluster ${object.metadata.namespace}/${object.metadata.labels?.[keys.clusterName]}`, () => clusterOf(object, ports));

export const recentBundle = (cluster: Cluster, ports: RecentPorts): Promise<string | undefined> =>
  recently(ports, `bundle ${cluster.uid}`, () => bundleOf(cluster, ports));

export const recentKubeconfig = (cluster: Cluster, ports: RecentPorts): Promise<string | undefined> =>
  recently(ports, `kubeconfig ${cluster.uid}`, () => kubeconfigOf(cluster, ports));
