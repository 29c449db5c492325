import { createApi } from '../../../shared/api/api.ts';
import type { Api, Authorize } from '../../../shared/api/call.ts';
import { AlreadyExists } from '../../../shared/errors.ts';
import { namespace } from '../../../shared/kinds/core/namespace.ts';
import type { Kind } from '../../../shared/kinds/define-kind.ts';
import { type KubeObject, timestamp } from '../../../shared/kinds/object.ts';
import { createMemoryStore } from '../../../shared/store/memory.ts';
import type { Store } from '../../../shared/store/store.ts';
import { clientCertificates } from '../https/peer.ts';
import { change, collectPods, makeNamespaces, rejoined, removePod, withCondition } from './controllers.ts';
import { podEviction } from './eviction.ts';
import { idOf, journaled } from './journaled-store.ts';
import { node } from './kinds/node.ts';
import { type PodObject, pod } from './kinds/pod.ts';
import { podDisruptionBudget } from './kinds/pod-disruption-budget.ts';
import { addressesOf, hostnameOf, joiningNode, type KubeletFacts, ready, unreachable } from './kubelet.ts';
import { systemPods } from './system-pods.ts';
import type { World } from './world.ts';

const kinds: readonly Kind[] = [node, pod, podDisruptionBudget, namespace] as unknown as readonly Kind[];

/** The Kubernetes of one etcd cluster: its objects, its API, and the controllers that act on Nodes. */
export interface Workload {
  readonly store: Store;
  readonly api: Api;
  /** The kubelet has its credential: the Node is there when this resolves, as new or as it was before a restart. */
  join(facts: KubeletFacts): Promise<void>;
  /** The machine is reached at other addresses. */
  readdress(facts: KubeletFacts): Promise<void>;
  /** The Node's network works. */
  makeReady(name: string): Promise<void>;
  /** The node controller hears nothing of this machine any more. */
  makeUnreachable(name: string, machine: string): Promise<void>;
  close(): void;
  /** Closes it, and wipes its objects from the disk. */
  forget(): void;
}

export interface WorkloadOptions {
  readonly world: World;
  /** The id of the etcd cluster that holds it. */
  readonly cluster: string;
  /** Whether etcd answers now. */
  hasQuorum(): boolean;
}

/** Opens the Kubernetes of an etcd cluster: empty, or with the objects that are on disk. */
export function openWorkload({ world, cluster, hasQuorum }: WorkloadOptions): Workload {
  const { clock, random, log, paces, state } = world;
  const life = new AbortController();
  const disk = state.table<KubeObject>(`objects of ${cluster}`);
  const store = journaled(createMemoryStore({ clock, random, objects: disk.all() }), disk);

  const terminate = async (evicted: PodObject): Promise<void> => {
    await change(store, pod, evicted, (one) => ({
      ...one,
      metadata: {
        ...one.metadata,
        deletionTimestamp: timestamp(clock.now()),
        deletionGracePeriodSeconds: one.spec.terminationGracePeriodSeconds,
      },
    }));
    void afterwards(paces.podStopMs, async () => {
      // Only its kubelet can say that it has ended: on a machine that is down it stays Terminating.
      if (runs(world, evicted.spec.nodeName, cluster)) await removePod(store, evicted);
    });
  };
  const afterwards = async (ms: number, act: () => Promise<void>): Promise<void> => {
    await clock.sleep(ms, life.signal);
    if (life.signal.aborted) return;
    await act().catch((error: unknown) => log.error('a fake cluster could not go on', { cluster, error: String(error) }));
  };

  const api = createApi({
    kinds,
    store,
    clock,
    random,
    log,
    authenticate: clientCertificates,
    authorize,
    subresources: [podEviction(store, terminate)],
  });
  const namespaces = makeNamespaces(store);
  void collectPods(store, life.signal, (collect) => afterwards(paces.unreachableMs, collect));
  return {
    store,
    api: async (request) => (hasQuorum() ? api(request) : noLeader()),
    async join(facts) {
      await namespaces;
      const fresh = joiningNode(facts);
      try {
        const joined = await store.create(node, fresh);
        for (const one of systemPods(joined, facts.config.type)) await store.create(pod, one);
      } catch (error) {
        if (!(error instanceof AlreadyExists)) throw error;
        await change(store, node, fresh, (known) => rejoined(known, fresh));
      }
    },
    readdress: (facts) =>
      change(store, node, { metadata: { name: hostnameOf(facts) } }, (known) => ({
        ...known,
        status: { ...known.status, addresses: addressesOf(facts) },
      })),
    makeReady: (name) => change(store, node, { metadata: { name } }, (known) => withCondition(known, ready(clock.now()))),
    makeUnreachable: (name, machine) =>
      change(store, node, { metadata: { name } }, (known) =>
        known.status?.nodeInfo?.machineID === machine ? withCondition(known, unreachable(clock.now())) : known,
      ),
    close: () => life.abort(),
    forget() {
      life.abort();
      state.atomically(() => {
        for (const object of disk.all()) disk.delete(idOf(object));
      });
    },
  };
}

/** No roles are stored here: administrators may do everything, everybody else nothing. */
const authorize: Authorize = async ({ user }) => ({ allowed: user.groups.includes('system:masters') });

/** What an API server without its etcd answers. */
const noLeader = (): Response => {
  const message = 'etcdserver: no leader';
  return Response.json(
    { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason: 'InternalError', code: 500 },
    { status: 500 },
  );
};

/** Whether the machine of this Node is switched on. */
const runs = (world: World, name: string | undefined, cluster: string): boolean =>
  [...world.machines.values()].some(({ joined }) => joined?.node === name && joined?.cluster === cluster);
