import { Conflict, NotFound } from '../../../shared/errors.ts';
import { type KubeObject, nameOf, timestamp } from '../../../shared/kinds/object.ts';
import type { Clock } from '../../../shared/ports.ts';
import type { Store } from '../../../shared/store/store.ts';
import { change } from './change.ts';
import { node } from './kinds/node.ts';
import { type PodObject, pod } from './kinds/pod.ts';

/** What kubelets and the garbage collector do to the Pods of a cluster. */
export interface Pods {
  /** The Pod begins to end; a while later its kubelet says that it has. */
  terminate(one: PodObject): Promise<void>;
  /** Goes on with what was under way, and collects the Pods of Nodes that go, until `signal` aborts. */
  run(signal: AbortSignal): Promise<void>;
}

export interface PodsOptions {
  readonly store: Store;
  readonly clock: Clock;
  /** Whether the machine of the Node of this name is switched on. */
  runs(node: string): boolean;
  /** Acts once so many milliseconds have passed, unless the cluster is closed by then. */
  after(ms: number, act: () => Promise<void>): void;
  readonly stopMs: number;
  readonly collectMs: number;
}

export function createPods({ store, clock, runs, after, stopMs, collectMs }: PodsOptions): Pods {
  const finish = (one: PodObject): void =>
    after(stopMs, async () => {
      // Only a kubelet that runs can say that a Pod has ended: on a machine that is down it stays Terminating.
      if (runs(one.spec.nodeName ?? '')) await removePod(store, one);
    });
  /** One look serves all Nodes that went since the last. */
  const collect = async (): Promise<void> => {
    const names = new Set((await store.list(node)).items.map(({ metadata }) => metadata.name));
    const { items } = await store.list(pod);
    for (const one of items) if (one.spec.nodeName !== undefined && !names.has(one.spec.nodeName)) await removePod(store, one);
  };

  return {
    async terminate(one) {
      const deletionTimestamp = timestamp(clock.now());
      await change(store, pod, one, (known) => {
        const deletionGracePeriodSeconds = known.spec.terminationGracePeriodSeconds;
        return { ...known, metadata: { ...known.metadata, deletionTimestamp, deletionGracePeriodSeconds } };
      });
      finish(one);
    },
    async run(signal) {
      const from = store.version();
      await collect();
      for (const one of (await store.list(pod)).items) if (one.metadata.deletionTimestamp !== undefined) finish(one);
      let pending = false;
      for await (const { type } of store.watch(node, { from, signal })) {
        if (type !== 'DELETED' || pending) continue;
        pending = true;
        after(collectMs, async () => {
          pending = false;
          await collect();
        });
      }
    },
  };
}

/** Removes a Pod for good, whatever was written to it meanwhile. */
async function removePod(store: Store, { metadata }: KubeObject): Promise<void> {
  for (;;) {
    const known = await store.get(pod, nameOf({ metadata } as KubeObject));
    if (known === undefined || known.metadata.uid !== metadata.uid) return;
    try {
      await store.remove(pod, known);
      return;
    } catch (error) {
      if (error instanceof NotFound) return;
      if (!(error instanceof Conflict)) throw error;
    }
  }
}
