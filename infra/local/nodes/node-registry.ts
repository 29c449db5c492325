import { AlreadyExists } from '../../../shared/errors.ts';
import type { Clock } from '../../../shared/ports.ts';
import type { Store } from '../../../shared/store/store.ts';
import { change } from './change.ts';
import type { DaemonSetObject } from './kinds/daemon-set.ts';
import { type NodeObject, node } from './kinds/node.ts';
import { addressesOf, hostnameOf, joiningNode, type KubeletFacts, ready, unreachable } from './kubelet.ts';
import { ensurePods } from './system-pods.ts';

/** What kubelets and the node controller write to the Nodes of a cluster. */
export interface NodeRegistry {
  /** The kubelet has its credential: the Node is there when this resolves, new or as it was before a restart. */
  join(facts: KubeletFacts): Promise<void>;
  /** The machine is reached at other addresses. */
  readdress(facts: KubeletFacts): Promise<void>;
  /** The Node's network works. */
  makeReady(name: string): Promise<void>;
  /** Nothing was heard of this machine for too long. */
  makeUnreachable(name: string, machine: string): Promise<void>;
}

export function createNodeRegistry(store: Store, clock: Clock, system: Promise<readonly DaemonSetObject[]>): NodeRegistry {
  const changeNode = (name: string, changed: (known: NodeObject) => NodeObject) => change(store, node, { metadata: { name } }, changed);
  return {
    async join(facts) {
      const fresh = joiningNode(facts);
      const daemonSets = await system;
      try {
        const joined = await store.create(node, fresh);
        await ensurePods(store, joined, daemonSets, facts.config.type === 'controlplane');
      } catch (error) {
        if (!(error instanceof AlreadyExists)) throw error;
        await changeNode(fresh.metadata.name, (known) => rejoined(known, fresh));
      }
    },
    readdress: (facts) =>
      changeNode(hostnameOf(facts), (known) => ({ ...known, status: { ...known.status, addresses: addressesOf(facts) } })),
    makeReady: (name) => changeNode(name, (known) => withCondition(known, ready(clock.now()))),
    makeUnreachable: (name, machine) =>
      changeNode(name, (known) => (known.status?.nodeInfo?.machineID === machine ? withCondition(known, unreachable(clock.now())) : known)),
  };
}

/** A kubelet that comes up over a Node of its name tells its status anew, and leaves alone what others wrote. */
function rejoined(known: NodeObject, fresh: NodeObject): NodeObject {
  const same = known.status?.nodeInfo?.bootID === fresh.status?.nodeInfo?.bootID;
  const isReady = known.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True');
  if (same && isReady) return known;
  const { labels, annotations } = known.metadata;
  return {
    ...known,
    metadata: {
      ...known.metadata,
      labels: { ...labels, ...fresh.metadata.labels },
      annotations: { ...annotations, ...fresh.metadata.annotations },
    },
    status: fresh.status,
  };
}

type Status = NonNullable<NodeObject['status']>;

function withCondition(known: NodeObject, condition: NonNullable<Status['conditions']>[number]): NodeObject {
  const conditions = known.status?.conditions ?? [];
  const before = conditions.find(({ type }) => type === condition.type);
  if (before?.status === condition.status) return known;
  return { ...known, status: { ...known.status, conditions: [...conditions.filter((other) => other !== before), condition] } };
}
