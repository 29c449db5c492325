import { RetryLater } from '../../shared/errors.ts';
import { type ClusterObject, cluster } from '../../shared/kinds/cluster/kind.ts';
import type { ClusterStatus } from '../../shared/kinds/cluster/model.ts';
import { secret } from '../../shared/kinds/core/secret.ts';
import { keys } from '../../shared/kinds/fields.ts';
import { type MachineObject, machine } from '../../shared/kinds/machine/kind.ts';
import type { MachineStatus } from '../../shared/kinds/machine/model.ts';
import { type KubeObject, nameOf } from '../../shared/kinds/object.ts';
import type { StepOutcome } from '../../shared/kinds/workflow.ts';
import type { EtcdMember, KubernetesApi, Node, TalosApi } from '../../shared/nodes/nodes.ts';
import { beginDeletion } from '../../shared/reconcile/deletion.ts';
import { toSecretData } from '../../shared/steps/secrets.ts';
import type { CloudStepPorts, Step, StepInput } from '../../shared/steps/step.ts';
import { seededRandom } from '../clock.ts';
import { plainBootstrap } from '../plane/bootstrap.ts';
import { lotOf } from '../plane/chance.ts';
import { createCloud, type FakeCloud } from '../plane/cloud.ts';
import { createLaws } from '../plane/laws.ts';
import { aCluster, credentialsOf, newObject, reserved } from '../plane/objects.ts';
import { type TestPorts, testPorts } from '../reconcile/ports.ts';

type Answers<Api> = { -readonly [Call in keyof Api]?: Api[Call] };

/** One step at a time, over a memory store, a cloud in memory, and nodes that answer what a test says. */
export interface Stage extends TestPorts, CloudStepPorts {
  readonly clock: TestPorts['clock'];
  readonly east: FakeCloud;
  /** What the Kubernetes API of the cluster answers; everything else is an error. */
  readonly kubernetes: Answers<KubernetesApi>;
  /** What the Talos API at an address answers; at others nobody does. */
  readonly talos: Map<string, Answers<TalosApi>>;
  /** Cluster `c` as it is once its access is published. */
  raise(status?: ClusterStatus, ips?: readonly string[]): Promise<ClusterObject>;
  /** A Machine with this status. */
  put(object: MachineObject, status?: MachineStatus): Promise<MachineObject>;
  /** Marks the Machine as deleted; it keeps its finalizer. */
  leave(name: string): Promise<MachineObject>;
  ask(step: Step<CloudStepPorts>, about: KubeObject, more?: Partial<StepInput>): Promise<StepOutcome>;
  machine(name: string): Promise<MachineObject>;
  cluster(): Promise<ClusterObject>;
}

export async function stage(): Promise<Stage> {
  const ports = await testPorts();
  const { clock, store } = ports;
  const random = seededRandom(2);
  const east = createCloud({ platform: 'east', clock, lot: lotOf(random), laws: createLaws(), reserved, full: () => 0 });
  await store.create(secret, credentialsOf('east', 'good'));
  const kubernetes: Answers<KubernetesApi> = {};
  const talos = new Map<string, Answers<TalosApi>>();

  const self: Stage = {
    ...ports,
    random,
    east,
    kubernetes,
    talos,
    clouds: [east],
    endpointOf: () => undefined,
    bootstrap: plainBootstrap({ clock, random }),
    settings: { joinTimeout: 600, pace: { share: 4, atLeast: 1, atMost: 15 } },
    nodes: {
      kubernetes: () => answering(() => kubernetes, 'the Kubernetes API'),
      talos: (_, address) => answering(() => talos.get(address), `the Talos API at ${address}`),
    },
    async raise(status = {}, ips = reserved.slice(0, 3)) {
      const made = await store.create(cluster, {
        ...aCluster('c', ips),
        metadata: { name: 'c', namespace: 'default', finalizers: [keys.clusterFinalizer] },
        status: { secretsReady: true, ...status },
      });
      const files = { 'c-talos': { bundle: 'b' }, 'c-talosconfig': { talosconfig: '{}' }, 'c-kubeconfig': { value: '{}' } };
      for (const [name, texts] of Object.entries(files))
        await store.create(secret, newObject(secret, { name }, { data: toSecretData(texts) }));
      return made;
    },
    put: (object, status = {}) =>
      store.create(machine, { ...object, metadata: { finalizers: [keys.machineFinalizer], ...object.metadata }, status }),
    async leave(name) {
      const marked = await beginDeletion(store, machine, await self.machine(name), clock.now());
      return marked!;
    },
    ask: (step, { kind, metadata }, more = {}) =>
      step({ kind, ...nameOf({ metadata } as KubeObject), uid: metadata.uid!, execution: 'execution-1', ...more }, self),
    machine: async (name) => (await store.get(machine, { namespace: 'default', name }))!,
    cluster: async () => (await store.get(cluster, { namespace: 'default', name: 'c' }))!,
  };
  return self;
}

/** An API whose calls are those that the test gives; if it gives none, nobody is there. */
function answering<Api extends object>(answers: () => Partial<Api> | undefined, who: string): Api {
  return new Proxy({} as Api, {
    get: (_, call) => {
      if (call === 'close') return () => {};
      const given = answers();
      if (given === undefined) return async () => Promise.reject(new RetryLater(`${who} does not answer`));
      const answer = given[call as keyof Api];
      if (answer === undefined) throw new Error(`the test says nothing of ${String(call)} of ${who}`);
      return answer;
    },
  });
}

export const nodeRef = (name: string) => ({ apiVersion: 'v1', kind: 'Node', name, uid: `${name}-uid` });

export const aNode = (name: string, more: Partial<Node> = {}): Node => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name, uid: `${name}-uid` },
  spec: {},
  status: { conditions: [{ type: 'Ready', status: 'True', reason: 'KubeletReady', message: 'kubelet is ready' }] },
  ...more,
});

export const member = (hostname: string, id: number): EtcdMember => ({ hostname, id: BigInt(id), isLearner: false });

/** The status of a machine whose Node is there. */
export const running = (name: string, address: string): MachineStatus => ({
  nodeRef: nodeRef(name),
  addresses: [{ type: 'ExternalIP', address }],
  execution: 'create-1',
});
