import { cluster } from '../kinds/cluster/kind.ts';
import { type Cluster, toCluster } from '../kinds/cluster/model.ts';
import type { StepCall } from '../kinds/workflow.ts';
import type { Clock, Log } from '../ports.ts';
import type { Store } from '../store/store.ts';

/** Calls a step's Lambda: 'steps', or the name of a platform. */
export type Invoke = (lambda: string, call: StepCall) => Promise<unknown>;

/** How often the sweep, which comes every minute, looks at what, in minutes: each look is a Lambda and a read of every Machine. */
export interface Cadence {
  /** A cluster's Nodes. One that turns NotReady is seen within this time. */
  readonly nodes: number;
  /** A cluster's instances, in each of its clouds. One that vanishes takes its Node along, which is seen sooner. */
  readonly instances: number;
  /** All objects, be they due or not. */
  readonly everything: number;
}

interface ObservePorts {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly invoke: Invoke;
  readonly settings: { readonly cadence?: Cadence };
}

/** Client certificates are renewed this long before they end, ms. */
const renewBefore = 60 * 86_400_000;

/**
 * Looks at the clusters that have come up and whose turn this minute (since 1970) is: nothing tells us when a Node turns NotReady
 * or an instance vanishes. A cluster's Nodes are listed once, its instances once per cloud, and only what changed is written. Returns
 * how many were looked at.
 */
export async function observeClusters(minute: number, { store, log, invoke, clock, settings }: ObservePorts): Promise<number> {
  const { items } = await store.list(cluster);
  const up = items.map(toCluster).filter(({ deleting, paused, status }) => !deleting && !paused && status.bootstrap?.doneAt !== undefined);
  const { nodes = 1, instances = 1 } = settings.cadence ?? {};
  let looked = 0;
  for (const { namespace, name, uid, status } of up) {
    const look = (lambda: string, step: string) =>
      invoke(lambda, {
        step,
        input: { kind: 'Cluster', namespace, name, uid, platform: lambda },
        execution: `observe-${clock.now()}`,
      }).catch((error: unknown) => log.warn('could not observe', { cluster: `${namespace}/${name}`, step, error: String(error) }));
    const turn = turnOf(uid, minute);
    if (turn(nodes)) {
      looked++;
      if (status.expiresAt !== undefined && Date.parse(status.expiresAt) - clock.now() < renewBefore) await look('steps', 'PublishAccess');
      await look('steps', 'ObserveNodes');
    }
    if (turn(instances)) for (const platform of platformsOf(status)) await look(platform, 'ObserveInstances');
  }
  return looked;
}

const platformsOf = ({ providerStatus }: Cluster['status']): Set<string> => {
  const places = Object.values((providerStatus?.places ?? {}) as Record<string, { platform: string }>);
  return new Set(places.map(({ platform }) => platform));
};

/** Every so many minutes, and not all clusters in the same one: uids are random. */
function turnOf(uid: string, minute: number): (every: number) => boolean {
  const offset = Buffer.from(uid).reduce((sum, byte) => sum + byte, 0);
  return (every) => (minute + offset) % every === 0;
}
