import { cluster } from '../kinds/cluster/kind.ts';
import { type Cluster, toCluster } from '../kinds/cluster/model.ts';
import type { StepCall } from '../kinds/workflow.ts';
import type { Clock, Log } from '../ports.ts';
import type { Store } from '../store/store.ts';

/** Has a step's Lambda carry these calls out, all at once: 'steps', or the name of a platform. It need not wait for their end. */
export type Invoke = (lambda: string, calls: readonly StepCall[]) => Promise<unknown>;

/** How often the sweep, which comes every minute, looks at what, in minutes: a look reads every Machine, and is paid for. */
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

/** One invocation looks at so many clusters: most of a look is waiting, which they do together. */
export const together = 20;

/**
 * Has the clusters looked at that have come up, if this minute (since 1970) is one in which they should be: nothing tells us when a
 * Node turns NotReady or an instance vanishes. A cluster's Nodes are listed once, its instances once per cloud, and only what changed
 * is written. Returns how many looks that are.
 */
export async function observeClusters(minute: number, { store, log, invoke, clock, settings }: ObservePorts): Promise<number> {
  const { nodes = 1, instances = 1 } = settings.cadence ?? {};
  const comes = (every: number): boolean => minute % every === 0;
  if (!comes(nodes) && !comes(instances)) return 0;
  const now = clock.now();
  const up = (await store.list(cluster)).items.map(toCluster).filter(isUp);
  const calls = up.flatMap((each) => [
    ...(comes(nodes) ? looksAtNodes(each, now) : []),
    ...(comes(instances) ? looksAtInstances(each, now) : []),
  ]);
  for (const [lambda, looks] of Map.groupBy(calls, ({ input }) => input.platform))
    for (let first = 0; first < looks.length; first += together)
      await invoke(lambda, looks.slice(first, first + together)).catch((error: unknown) =>
        log.warn('clusters could not be looked at', { lambda, error: String(error) }),
      );
  return calls.length;
}

const isUp = ({ deleting, paused, status }: Cluster): boolean => !deleting && !paused && status.bootstrap?.doneAt !== undefined;

function looksAtNodes(of: Cluster, now: number): Look[] {
  const { expiresAt } = of.status;
  const renew = expiresAt !== undefined && Date.parse(expiresAt) - now < renewBefore;
  return [...(renew ? [look('PublishAccess', of, 'steps', now)] : []), look('ObserveNodes', of, 'steps', now)];
}

function looksAtInstances(of: Cluster, now: number): Look[] {
  const places = Object.values((of.status.providerStatus?.places ?? {}) as Record<string, { platform: string }>);
  return [...new Set(places.map(({ platform }) => platform))].map((platform) => look('ObserveInstances', of, platform, now));
}

type Look = StepCall & { readonly input: { readonly platform: string } };

const look = (step: string, { namespace, name, uid }: Cluster, platform: string, now: number): Look => ({
  step,
  input: { kind: 'Cluster', namespace, name, uid, platform },
  execution: `observe-${now}`,
});
