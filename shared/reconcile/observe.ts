import { cluster } from '../kinds/cluster/kind.ts';
import { toCluster } from '../kinds/cluster/model.ts';
import type { StepCall } from '../kinds/workflow.ts';
import type { Clock, Log } from '../ports.ts';
import type { Store } from '../store/store.ts';

/** Calls a step's Lambda: 'steps', or the name of a platform. */
export type Invoke = (lambda: string, call: StepCall) => Promise<unknown>;

interface ObservePorts {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly invoke: Invoke;
}

/** Client certificates are renewed this long before they end, ms. */
const renewBefore = 60 * 86_400_000;

/**
 * Looks at every cluster that has come up: nothing tells us when a Node turns NotReady or an instance vanishes. Its
 * Nodes are listed once, its instances once per cloud, and only what changed is written. Returns how many were looked at.
 */
export async function observeClusters({ store, log, invoke, clock }: ObservePorts): Promise<number> {
  const { items } = await store.list(cluster);
  const up = items.map(toCluster).filter(({ deleting, paused, status }) => !deleting && !paused && status.bootstrap?.doneAt !== undefined);
  for (const { namespace, name, uid, status } of up) {
    const places = Object.values((status.providerStatus?.places ?? {}) as Record<string, { platform: string }>);
    const look = (lambda: string, step: string) =>
      invoke(lambda, {
        step,
        input: { kind: 'Cluster', namespace, name, uid, platform: lambda },
        execution: `observe-${clock.now()}`,
      }).catch((error: unknown) => log.warn('could not observe', { cluster: `${namespace}/${name}`, step, error: String(error) }));
    if (status.expiresAt !== undefined && Date.parse(status.expiresAt) - clock.now() < renewBefore) await look('steps', 'PublishAccess');
    await look('steps', 'ObserveNodes');
    for (const platform of new Set(places.map((place) => place.platform))) await look(platform, 'ObserveInstances');
  }
  return up.length;
}
