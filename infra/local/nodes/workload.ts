import { createApi } from '../../../shared/api/api.ts';
import type { Api, Authorize } from '../../../shared/api/call.ts';
import { reviews } from '../../../shared/api/reviews/reviews.ts';
import { namespace } from '../../../shared/kinds/core/namespace.ts';
import type { Kind } from '../../../shared/kinds/define-kind.ts';
import type { KubeObject } from '../../../shared/kinds/object.ts';
import { createMemoryStore } from '../../../shared/store/memory.ts';
import type { Store } from '../../../shared/store/store.ts';
import { clientCertificates } from '../https/peer.ts';
import { podEviction } from './eviction.ts';
import { idOf, journaled } from './journaled-store.ts';
import { daemonSet } from './kinds/daemon-set.ts';
import { node } from './kinds/node.ts';
import { pod } from './kinds/pod.ts';
import { podDisruptionBudget } from './kinds/pod-disruption-budget.ts';
import { createNodeRegistry, type NodeRegistry } from './node-registry.ts';
import { createPods } from './pods.ts';
import { ensureSystem } from './system-pods.ts';
import type { World } from './world.ts';

const kinds: readonly Kind[] = [node, pod, daemonSet, podDisruptionBudget, namespace];

/** The Kubernetes of one etcd cluster: its objects, its API, and the controllers that act on Nodes and Pods. */
export interface Workload {
  readonly store: Store;
  readonly api: Api;
  readonly nodes: NodeRegistry;
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
  const { clock, random, log, paces } = world;
  const life = new AbortController();
  const disk = world.state.table<KubeObject>(`objects of ${cluster}`);
  const store = journaled(createMemoryStore({ clock, random, objects: disk.all() }), disk);
  const failed = (error: unknown): void => log.error('a fake cluster could not go on', { cluster, error: String(error) });

  const pods = createPods({
    store,
    clock,
    runs: (name) => [...world.machines.values()].some(({ joined }) => joined?.cluster === cluster && joined.node === name),
    after: (ms, act) => void clock.sleep(ms, life.signal).then(() => (life.signal.aborted ? undefined : act().catch(failed))),
    stopMs: paces.podStopMs,
    collectMs: paces.unreachableMs,
  });
  const api = createApi({
    kinds,
    store,
    clock,
    random,
    log,
    authenticate: clientCertificates,
    authorize,
    subresources: [podEviction(store, pods.terminate)],
    generated: reviews(kinds, { authorize }),
  });
  const system = ensureSystem(store);
  system.then(() => pods.run(life.signal)).catch(failed);
  return {
    store,
    api: async (request) => (hasQuorum() ? api(request) : noLeader()),
    nodes: createNodeRegistry(store, clock, system),
    close: () => life.abort(),
    forget() {
      life.abort();
      world.state.atomically(() => {
        for (const object of disk.all()) disk.delete(idOf(object));
      });
    },
  };
}

/** No roles are stored here: administrators may do everything, everybody else nothing. */
const authorize: Authorize = async ({ user }) => ({ allowed: user.groups.includes('system:masters') });

/** What an API server without its etcd answers. */
function noLeader(): Response {
  const message = 'etcdserver: no leader';
  const status = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason: 'InternalError', code: 500 };
  return Response.json(status, { status: 500 });
}
