import { beforeEach, describe, expect, it } from '@jest/globals';
import { machineUidAnnotation } from '../../shared/bootstrap/bootstrap.ts';
import { NotFound, RetryLater } from '../../shared/errors.ts';
import { cluster as clusterKind } from '../../shared/kinds/cluster/kind.ts';
import type { MachineStatus } from '../../shared/kinds/machine/model.ts';
import type { KubeObject, ObjectMeta } from '../../shared/kinds/object.ts';
import { deleteNode } from '../../shared/steps/machine/delete-node.ts';
import { detachVolumes } from '../../shared/steps/machine/detach-volumes.ts';
import { drainNode } from '../../shared/steps/machine/drain-node.ts';
import { preDrainHooks, preTerminateHooks } from '../../shared/steps/machine/hooks.ts';
import { aMaster, aWorker, reserved } from '../plane/objects.ts';
import { aNode, running, type Stage, stage } from './stage.ts';

let plane: Stage;
let evicted: string[];
let pods: KubeObject[];

const pod = (name: string, metadata: Partial<ObjectMeta> = {}, phase = 'Running'): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'default', ...metadata },
  status: { phase },
});

beforeEach(async () => {
  plane = await stage();
  evicted = [];
  pods = [pod('web'), pod('db')];
  await plane.raise();
  await plane.put(aMaster('c', 0), running('c-master-0', reserved[0]));
  plane.kubernetes.patchNode = async (name) => aNode(name);
  plane.kubernetes.podsOn = async () => pods;
  plane.kubernetes.evict = async ({ metadata }) => {
    evicted.push(metadata.name);
    pods = pods.filter((other) => other.metadata.name !== metadata.name);
  };
});

/** A worker with a Node, on its way out. */
async function leaving(spec: Record<string, unknown> = {}, annotations: Record<string, string> = {}): Promise<KubeObject> {
  const object = aWorker('c', 'w', spec);
  await plane.put({ ...object, metadata: { ...object.metadata, annotations } }, running('w', '198.51.100.1'));
  return plane.leave('w');
}

describe('DrainNode', () => {
  it('keeps new Pods away, and evicts those that are there', async () => {
    const patches: unknown[] = [];
    plane.kubernetes.patchNode = async (name, patch) => {
      patches.push([name, patch]);
      return aNode(name);
    };
    const worker = await leaving();
    expect(await plane.ask(drainNode, worker)).toEqual({ settled: false, says: 'evicts default/web, default/db', checkAgainIn: 5 });
    expect(await plane.ask(drainNode, worker)).toEqual({ settled: true, says: 'drained Node w' });
    expect(evicted).toEqual(['web', 'db']);
    expect(patches[0]).toEqual(['w', { spec: { unschedulable: true } }]);
  });

  it('lets Pods be that would come again, that belong to the node, that are over, or that say so', async () => {
    pods = [
      pod('daemon', { ownerReferences: [{ apiVersion: 'apps/v1', kind: 'DaemonSet', name: 'd', uid: 'd' }] }),
      pod('static', { annotations: { 'kubernetes.io/config.mirror': 'x' } }),
      pod('done', {}, 'Succeeded'),
      pod('failed', {}, 'Failed'),
      pod('skipped', { labels: { 'cluster.x-k8s.io/drain': 'skip' } }),
    ];
    expect(await plane.ask(drainNode, await leaving())).toEqual({ settled: true, says: 'drained Node w' });
    expect(evicted).toEqual([]);
  });

  it('waits for a Pod that is ending, and does not evict it again', async () => {
    pods = [pod('ending', { deletionTimestamp: '2019-07-26T00:00:00Z' })];
    expect(await plane.ask(drainNode, await leaving())).toMatchObject({ settled: false, says: 'evicts default/ending' });
    expect(evicted).toEqual([]);
  });

  it('evicts the others although a disruption budget holds one', async () => {
    const evict = plane.kubernetes.evict!;
    plane.kubernetes.evict = async (each) => {
      if (each.metadata.name === 'web') throw new RetryLater('Cannot evict pod as it would violate the pod disruption budget');
      return evict(each);
    };
    const worker = await leaving();
    await plane.ask(drainNode, worker);
    expect(evicted).toEqual(['db']);
    expect(await plane.ask(drainNode, worker)).toMatchObject({ settled: false, says: 'evicts default/web' });
  });

  it.each([
    [{ deletion: { nodeDrainTimeoutSeconds: 60 } }, 59, false],
    [{ deletion: { nodeDrainTimeoutSeconds: 60 } }, 61, true],
    [{ deletion: { nodeDrainTimeoutSeconds: 0 } }, 86_400, false],
    [{}, 86_400, false],
  ])('with %j has given up after %d s: %s', async (spec, seconds, settled) => {
    plane.kubernetes.evict = async () => Promise.reject(new RetryLater('a budget'));
    const worker = await leaving(spec);
    await plane.clock.advance(seconds * 1000);
    const outcome = await plane.ask(drainNode, worker);
    expect(outcome.settled).toBe(settled);
    if (settled) expect(outcome.says).toBe('gave up draining after 60 s (nodeDrainTimeoutSeconds)');
  });

  it('is over when the Node is gone', async () => {
    plane.kubernetes.patchNode = async () => Promise.reject(new NotFound('nodes "w" not found'));
    expect(await plane.ask(drainNode, await leaving())).toEqual({ settled: true, says: 'Node w is gone' });
  });

  it('is left out where the Machine says so', async () => {
    const annotation = 'machine.cluster.x-k8s.io/exclude-node-draining';
    expect(await plane.ask(drainNode, await leaving({}, { [annotation]: '' }))).toEqual({
      settled: true,
      says: `not drained: annotation ${annotation}`,
    });
    expect(evicted).toEqual([]);
  });

  it('waits while the Kubernetes API does not answer, as long as there is a master', async () => {
    plane.kubernetes.patchNode = async () => Promise.reject(new RetryLater('connect ECONNREFUSED'));
    expect(await plane.ask(drainNode, await leaving())).toMatchObject({ settled: false, says: 'connect ECONNREFUSED' });
  });
});

describe('a Node that joined before anybody noticed', () => {
  const unnoticed = async (status: MachineStatus = {}) => {
    const object = aWorker('c', 'w', { providerID: 'east:///east-1/i-1' });
    await plane.put(object, status);
    return plane.leave('w');
  };
  const up = async () => {
    const cluster = await plane.cluster();
    const bootstrap = { machine: 'm', doneAt: '2019-07-26T00:00:00Z' };
    await plane.store.update(clusterKind, { ...cluster, status: { ...cluster.status, bootstrap } });
  };

  it('is drained and deleted too', async () => {
    await up();
    const worker = await unnoticed();
    const node = aNode('node-w');
    const annotations = { [machineUidAnnotation]: worker.metadata.uid! };
    plane.kubernetes.listNodes = async () => [aNode('other'), { ...node, metadata: { ...node.metadata, annotations } }];
    const deleted: unknown[] = [];
    plane.kubernetes.deleteNode = async (...args) => void deleted.push(args);
    expect(await plane.ask(drainNode, worker)).toMatchObject({ says: 'evicts default/web, default/db' });
    expect(await plane.ask(deleteNode, worker)).toEqual({ settled: true, says: 'deleted Node node-w' });
    expect(deleted).toEqual([['node-w', 'node-w-uid']]);
  });

  it('is not looked for where there is no control plane, or never was an instance', async () => {
    plane.kubernetes.listNodes = async () => {
      throw new Error('nobody should ask');
    };
    expect(await plane.ask(deleteNode, await unnoticed())).toEqual({ settled: true, says: 'it has no Node' });
    await up();
    await plane.put(aWorker('c', 'pending'));
    expect(await plane.ask(deleteNode, await plane.leave('pending'))).toEqual({ settled: true, says: 'it has no Node' });
  });

  it('does not hold its Machine while the Kubernetes API does not answer', async () => {
    await up();
    plane.kubernetes.listNodes = async () => Promise.reject(new RetryLater('connect ECONNREFUSED'));
    expect(await plane.ask(drainNode, await unnoticed())).toEqual({
      settled: true,
      says: 'no Node of it is known, and the Kubernetes API does not answer',
    });
  });
});

describe('a Node is let be', () => {
  it('when there is none', async () => {
    await plane.put(aWorker('c', 'w'));
    expect(await plane.ask(drainNode, await plane.leave('w'))).toEqual({ settled: true, says: 'it has no Node' });
  });

  it('when no master is left who could answer for it', async () => {
    plane.kubernetes.patchNode = async () => Promise.reject(new RetryLater('connect ECONNREFUSED'));
    const worker = await leaving();
    await plane.leave('c-master-0');
    expect(await plane.ask(drainNode, worker)).toMatchObject({ settled: true, says: 'its Node is let be: Cluster c has no other master' });
  });

  it('when it is the only master', async () => {
    expect(await plane.ask(drainNode, await plane.leave('c-master-0'))).toMatchObject({
      settled: true,
      says: 'its Node is let be: Cluster c has no other master',
    });
  });
});

describe('DetachVolumes', () => {
  const attached = (count: number) => async () => {
    const node = aNode('w');
    return { ...node, status: { ...node.status, volumesAttached: Array.from({ length: count }, (_, i) => ({ name: `v${i}` })) } };
  };

  it('waits until the Node has none any more', async () => {
    const worker = await leaving();
    plane.kubernetes.getNode = attached(2);
    expect(await plane.ask(detachVolumes, worker)).toEqual({
      settled: false,
      says: '2 volumes are still attached to Node w',
      checkAgainIn: 10,
    });
    plane.kubernetes.getNode = attached(0);
    expect(await plane.ask(detachVolumes, worker)).toEqual({ settled: true, says: 'no volumes are attached' });
  });

  it('gives up after nodeVolumeDetachTimeoutSeconds', async () => {
    const worker = await leaving({ deletion: { nodeVolumeDetachTimeoutSeconds: 30 } });
    plane.kubernetes.getNode = attached(1);
    expect(await plane.ask(detachVolumes, worker)).toMatchObject({ settled: false });
    await plane.clock.advance(31_000);
    expect(await plane.ask(detachVolumes, worker)).toMatchObject({ settled: true, says: expect.stringContaining('gave up on volumes') });
  });
});

describe('hooks', () => {
  it.each([
    [preDrainHooks, 'pre-drain.delete.hook.machine.cluster.x-k8s.io/backup', false],
    [preDrainHooks, 'pre-terminate.delete.hook.machine.cluster.x-k8s.io/backup', true],
    [preTerminateHooks, 'pre-terminate.delete.hook.machine.cluster.x-k8s.io/backup', false],
    [preTerminateHooks, 'pre-drain.delete.hook.machine.cluster.x-k8s.io/backup', true],
  ])('%p with %s has settled: %s', async (step, annotation, settled) => {
    const outcome = await plane.ask(step, await leaving({}, { [annotation]: 'ops' }));
    expect(outcome.settled).toBe(settled);
    if (!settled) expect(outcome.says).toBe(`${annotation} must be taken away by whoever set it`);
  });
});

describe('DeleteNode', () => {
  it('deletes the Node of this machine, and not a namesake', async () => {
    const deleted: unknown[] = [];
    plane.kubernetes.deleteNode = async (...args) => void deleted.push(args);
    expect(await plane.ask(deleteNode, await leaving())).toEqual({ settled: true, says: 'deleted Node w' });
    expect(deleted).toEqual([['w', 'w-uid']]);
  });

  it.each([
    [{}, 9, 5, false],
    [{}, 11, 5, true],
    // The drain took all the time there was: it is tried for ten seconds all the same.
    [{}, 3_600, 4, false],
    [{ deletion: { nodeDeletionTimeoutSeconds: 120 } }, 60, 30, false],
    [{ deletion: { nodeDeletionTimeoutSeconds: 0 } }, 86_400, 999, false],
  ])('with %j has given up %d s after the deletion began, having tried %d times: %s', async (spec, seconds, round, settled) => {
    plane.kubernetes.deleteNode = async () => Promise.reject(new RetryLater('no answer'));
    const worker = await leaving(spec);
    await plane.clock.advance(seconds * 1000);
    expect((await plane.ask(deleteNode, worker, { DeleteNode: { round } } as object)).settled).toBe(settled);
  });
});
