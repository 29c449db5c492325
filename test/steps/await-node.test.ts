import { beforeEach, describe, expect, it } from '@jest/globals';
import { machineUidAnnotation } from '../../shared/bootstrap/bootstrap.ts';
import { RetryLater } from '../../shared/errors.ts';
import { cluster as clusterKind } from '../../shared/kinds/cluster/kind.ts';
import type { ClusterStatus } from '../../shared/kinds/cluster/model.ts';
import { type MachineObject, machine } from '../../shared/kinds/machine/kind.ts';
import type { MachineStatus } from '../../shared/kinds/machine/model.ts';
import type { Node } from '../../shared/nodes/nodes.ts';
import { awaitNode } from '../../shared/steps/machine/await-node.ts';
import { aMaster, aWorker } from '../plane/objects.ts';
import { aNode, type Stage, stage } from './stage.ts';

let plane: Stage;
beforeEach(async () => {
  plane = await stage();
});

describe('AwaitNode', () => {
  const addresses = [
    { type: 'InternalIP', address: '10.0.0.1' },
    { type: 'Hostname', address: 'node-w.internal' },
  ];
  const up: ClusterStatus = { bootstrap: { machine: 'm', doneAt: '2019-07-25T00:00:00Z' } };
  const waiting: MachineStatus = { addresses, providerStatus: { runningSince: '2019-07-26T00:00:00Z' } };

  const nodeOf = (name: string, uid: string | undefined, address = '10.0.0.1', more: Partial<Node> = {}): Node => {
    const node = aNode(name, more);
    return {
      ...node,
      metadata: { ...node.metadata, annotations: { [machineUidAnnotation]: uid ?? '' } },
      status: { ...node.status, addresses: [{ type: 'InternalIP', address }], nodeInfo: { kubeletVersion: 'v1.35.0' } },
    };
  };

  /** The API knows these Nodes, and applies patches to them. */
  function know(...nodes: Node[]): Record<string, unknown>[] {
    const patches: Record<string, unknown>[] = [];
    plane.kubernetes.getNode = async (name) => nodes.find(({ metadata }) => metadata.name === name);
    plane.kubernetes.listNodes = async () => nodes;
    plane.kubernetes.patchNode = async (name, patch) => {
      patches.push(patch);
      const node = nodes.find(({ metadata }) => metadata.name === name)!;
      return { ...node, spec: { ...node.spec, ...(patch.spec as object) } };
    };
    return patches;
  }

  async function raised(object = aWorker('c', 'w'), status: ClusterStatus = up): Promise<MachineObject> {
    await plane.raise(status);
    return plane.put({ ...object, spec: { ...object.spec, providerID: 'east:///east-1/i-1' } }, waiting);
  }

  it('takes the Node under the name that its cloud would give, and makes it ours', async () => {
    const worker = await raised({
      ...aWorker('c', 'w', {
        metadata: { labels: { tier: 'web' }, annotations: { note: 'x' } },
        taints: [{ key: 'own', value: '1', effect: 'NoSchedule' }],
      }),
    });
    const joined = { spec: { taints: [{ key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' as const }] } };
    const patches = know(nodeOf('node-w', worker.metadata.uid, '10.0.0.1', joined));
    expect(await plane.ask(awaitNode, worker)).toEqual({ settled: true, says: 'Node node-w is ready' });
    expect(patches).toEqual([
      {
        metadata: {
          labels: { tier: 'web' },
          annotations: { note: 'x', 'cluster.k8s.io/machine': 'default/w', 'cluster.k8s.io/cluster-name': 'c' },
        },
        spec: { providerID: 'east:///east-1/i-1', taints: [...joined.spec.taints, { key: 'own', effect: 'NoSchedule', value: '1' }] },
      },
    ]);
    expect((await plane.machine('w')).status).toMatchObject({
      phase: 'Running',
      nodeRef: { kind: 'Node', name: 'node-w', uid: 'node-w-uid' },
      versions: { kubelet: 'v1.35.0' },
    });
  });

  it.each([
    ['another machine', 'other-uid', '10.0.0.1'],
    ['nobody', undefined, '10.0.0.1'],
    ['it, from another address', 'own', '10.9.9.9'],
  ])('does not take a Node that says it is of %s', async (_, uid, address) => {
    const worker = await raised();
    const patches = know(nodeOf('node-w', uid === 'own' ? worker.metadata.uid : uid, address));
    expect(await plane.ask(awaitNode, worker)).toMatchObject({ settled: false, says: 'waits for a Node with the uid of w' });
    expect(patches).toEqual([]);
  });

  it('looks through all Nodes after a minute', async () => {
    const worker = await raised();
    know(nodeOf('other-name', worker.metadata.uid));
    expect(await plane.ask(awaitNode, worker)).toMatchObject({ settled: false });
    await plane.clock.advance(60_000);
    expect(await plane.ask(awaitNode, worker)).toMatchObject({ settled: true, says: 'Node other-name is ready' });
  });

  it('goes on waiting for a Node that is there and not ready', async () => {
    const worker = await raised();
    const status = { conditions: [{ type: 'Ready', status: 'False', reason: 'KubeletNotReady', message: 'no network' }] };
    know(nodeOf('node-w', worker.metadata.uid, '10.0.0.1', { status }));
    expect(await plane.ask(awaitNode, worker)).toMatchObject({ settled: false, says: 'Node node-w is not ready: no network' });
    // For a while that is nothing to write home about.
    expect((await plane.machine('w')).status?.nodeRef).toBeUndefined();
    await plane.clock.advance(61_000);
    await plane.ask(awaitNode, worker);
    expect((await plane.machine('w')).status).toMatchObject({ phase: 'Running', nodeRef: { name: 'node-w' } });
    const { resourceVersion } = (await plane.machine('w')).metadata;
    await plane.ask(awaitNode, worker);
    expect((await plane.machine('w')).metadata.resourceVersion).toBe(resourceVersion);
  });

  it.each([
    ['a worker', aWorker('c', 'w'), {}, 86_400, false],
    ['a worker', aWorker('c', 'w'), up, 601, true],
    ['a worker', aWorker('c', 'w'), up, 599, false],
    ['a worker', aWorker('c', 'w'), { bootstrap: { machine: 'm', doneAt: '2019-07-26T01:00:00Z' } }, 4_199, false],
    ['a worker', aWorker('c', 'w'), { bootstrap: { machine: 'm', doneAt: '2019-07-26T01:00:00Z' } }, 4_201, true],
    ['a master', aMaster('c', 0), {}, 599, false],
    ['a master', aMaster('c', 0), {}, 601, true],
  ])('of %s %#: the cluster being %j, after %d s has timed out: %s', async (_, object, status, seconds, out) => {
    const asked = await raised(object, status);
    know();
    await plane.clock.advance(seconds * 1000);
    const waited = plane.ask(awaitNode, asked);
    if (out) await expect(waited).rejects.toThrow(/^no Node came within 600 s of the (instance|control plane)'s start; /);
    else expect(await waited).toMatchObject({ settled: false });
  });

  it('says why it waits when the Kubernetes API does not answer', async () => {
    const worker = await raised();
    plane.kubernetes.getNode = async () => Promise.reject(new RetryLater('connect ECONNREFUSED'));
    expect(await plane.ask(awaitNode, worker)).toMatchObject({
      settled: false,
      says: 'the Kubernetes API of c does not answer yet: connect ECONNREFUSED',
    });
  });

  it('of a worker asks nobody before etcd is bootstrapped, and hears of that at once', async () => {
    const worker = await raised(aWorker('c', 'w'), {});
    let asked = 0;
    plane.kubernetes.getNode = async () => {
      asked++;
      return undefined;
    };
    expect(await plane.ask(awaitNode, worker)).toMatchObject({ settled: false, says: 'waits until etcd of Cluster c is bootstrapped' });
    expect(asked).toBe(0);
    const cluster = await plane.cluster();
    await plane.store.update(clusterKind, { ...cluster, status: { ...cluster.status, ...up } });
    await plane.ask(awaitNode, worker);
    expect(asked).toBe(1);
  });

  it('leaves nothing to look at again once the Node is ready', async () => {
    const worker = await raised();
    know(nodeOf('node-w', worker.metadata.uid));
    expect(await plane.ask(awaitNode, worker)).toMatchObject({ settled: true });
    expect(await plane.store.due(machine, 'default', Number.POSITIVE_INFINITY)).toEqual([]);
  });
});
