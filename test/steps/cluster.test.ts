import { beforeEach, describe, expect, it } from '@jest/globals';
import { machineNameAnnotation, machineUidAnnotation } from '../../shared/bootstrap/bootstrap.ts';
import { RetryLater } from '../../shared/errors.ts';
import { cluster as clusterKind } from '../../shared/kinds/cluster/kind.ts';
import { conditionOf } from '../../shared/kinds/conditions.ts';
import { configMap } from '../../shared/kinds/core/config-map.ts';
import { secret } from '../../shared/kinds/core/secret.ts';
import { keys, systemNamespace } from '../../shared/kinds/fields.ts';
import { machineDeployment } from '../../shared/kinds/machine-deployment/kind.ts';
import type { Node } from '../../shared/nodes/nodes.ts';
import { beginDeletion } from '../../shared/reconcile/deletion.ts';
import { deleteMasters, deleteWorkers } from '../../shared/steps/cluster/delete-machines.ts';
import { ensureSecrets } from '../../shared/steps/cluster/ensure-secrets.ts';
import { deleteSecrets, forgetCluster } from '../../shared/steps/cluster/forget-cluster.ts';
import { observeNodes } from '../../shared/steps/cluster/observe-nodes.ts';
import { publishAccess } from '../../shared/steps/cluster/publish-access.ts';
import { forgetMachine } from '../../shared/steps/machine/forget-machine.ts';
import { secretText } from '../../shared/steps/secrets.ts';
import { aCluster, aMaster, aWorker, newObject, workers } from '../plane/objects.ts';
import { aNode, nodeRef, type Stage, stage } from './stage.ts';

let plane: Stage;
beforeEach(async () => {
  plane = await stage();
});

const text = (name: string, key: string) => secretText({ namespace: 'default', name }, key, plane);
const published = (name: string) => plane.store.get(configMap, { namespace: systemNamespace, name });

/** Cluster `c` as it was applied: nothing was made for it. */
const applied = (ips?: readonly string[]) =>
  plane.store.create(clusterKind, {
    ...aCluster('c', ips),
    metadata: { name: 'c', namespace: 'default', finalizers: [keys.clusterFinalizer] },
  });

describe('EnsureSecrets', () => {
  it('makes the bundle once', async () => {
    const cluster = await applied();
    expect(await plane.ask(ensureSecrets, cluster)).toEqual({ settled: true, says: 'made the secrets bundle, in Secret c-talos' });
    const bundle = await text('c-talos', 'bundle');
    expect(await plane.ask(ensureSecrets, cluster)).toEqual({ settled: true, says: 'Secret c-talos exists' });
    expect(await text('c-talos', 'bundle')).toBe(bundle);
  });

  it('takes one that the user brought as it is', async () => {
    await plane.store.create(secret, newObject(secret, { name: 'c-talos' }, { data: { bundle: 'bWluZQ==' } }));
    expect(await plane.ask(ensureSecrets, await applied())).toMatchObject({ settled: true });
    expect(await text('c-talos', 'bundle')).toBe('mine');
  });

  it('does not take the one of a namesake that is gone', async () => {
    const former = await applied();
    await plane.ask(ensureSecrets, former);
    await plane.ask(forgetCluster, (await beginDeletion(plane.store, clusterKind, former, plane.clock.now()))!);
    await expect(plane.ask(ensureSecrets, await applied())).rejects.toThrow(
      'Secret c-talos is of another Cluster of this name: it must go first',
    );
  });
});

describe('PublishAccess', () => {
  it('publishes the client configs where Cluster API and where the seed look for them', async () => {
    const cluster = await applied(['203.0.113.10', '203.0.113.11']);
    await plane.ask(ensureSecrets, cluster);
    await plane.ask(publishAccess, cluster);
    const bundle = await text('c-talos', 'bundle');
    expect(JSON.parse((await text('c-kubeconfig', 'value'))!)).toEqual({ bundle, endpoint: 'https://203.0.113.10:6443' });
    for (const name of ['c-master-0', 'c-master-1'])
      expect((await published(name))?.data).toEqual({ talosconfig: await text('c-talosconfig', 'talosconfig') });
    expect((await plane.cluster()).status).toMatchObject({ secretsReady: true, publishedGeneration: 1, expiresAt: '2020-07-25T00:00:00Z' });
  });

  it('publishes again what changed, in the same places', async () => {
    const cluster = await applied();
    await plane.ask(ensureSecrets, cluster);
    await plane.ask(publishAccess, cluster);
    const changed = { ...(await plane.cluster()), spec: aCluster('c', ['203.0.113.12']).spec };
    const stored = await plane.store.update(clusterKind, { ...changed, metadata: { ...changed.metadata, generation: 2 } });
    await plane.ask(publishAccess, stored);
    expect(JSON.parse((await text('c-kubeconfig', 'value'))!).endpoint).toBe('https://203.0.113.12:6443');
    expect((await plane.cluster()).status?.publishedGeneration).toBe(2);
  });

  it('lets a ConfigMap of another Cluster be, and says whose Secret to read instead', async () => {
    const labels = { [keys.clusterName]: 'c', 'plastron.dev/cluster-uid': 'other' };
    const theirs = await plane.store.create(
      configMap,
      newObject(configMap, { name: 'c-master-0', namespace: systemNamespace, labels }, { data: { talosconfig: 'theirs' } }),
    );
    const cluster = await applied();
    await plane.ask(ensureSecrets, cluster);
    await plane.ask(publishAccess, cluster);
    expect(await published('c-master-0')).toEqual(theirs);
    expect(conditionOf((await plane.cluster()).status?.conditions, 'TalosconfigPublished')).toMatchObject({
      status: 'False',
      reason: 'NameTaken',
      message: `ConfigMap c-master-0 in ${systemNamespace} is of another Cluster of this name: read Secret c-talosconfig instead`,
    });
  });

  it.each(['made by somebody', 'the one of before'])('hides a ConfigMap that does not say that it is sensitive: %s', async (which) => {
    const cluster = await applied();
    await plane.ask(ensureSecrets, cluster);
    if (which === 'the one of before') await plane.ask(publishAccess, cluster);
    const before = await published('c-master-0');
    const labels = { [keys.clusterName]: 'c', 'plastron.dev/cluster-uid': cluster.metadata.uid! };
    if (before === undefined)
      await plane.store.create(configMap, newObject(configMap, { name: 'c-master-0', namespace: systemNamespace, labels }, { data: {} }));
    else await plane.store.update(configMap, { ...before, metadata: { ...before.metadata, labels } });
    await plane.ask(publishAccess, cluster);
    expect((await published('c-master-0'))?.metadata.labels).toEqual({ ...labels, [keys.sensitive]: 'true' });
  });

  it('waits for a bundle that is gone: another one would be another cluster', async () => {
    expect(await plane.ask(publishAccess, await applied())).toMatchObject({
      settled: false,
      says: expect.stringContaining('Secret c-talos is gone'),
    });
  });
});

describe('ObserveNodes', () => {
  const ready = (status: 'True' | 'False' | 'Unknown', reason = 'KubeletReady') => [{ type: 'NodeReady', status, reason, message: '' }];
  const nodeOf = (name: string, uid: string, status: string, reason = 'KubeletReady'): Node => ({
    ...aNode(name),
    metadata: { name, uid: `${name}-uid`, annotations: { [machineUidAnnotation]: uid } },
    status: { conditions: [{ type: 'Ready', status, reason, message: 'the kubelet says so' }] },
  });
  const stateOf = async (name: string) => {
    const condition = conditionOf((await plane.machine(name)).status?.conditions, 'NodeReady');
    return `${condition?.status} ${condition?.reason}`;
  };

  it('writes on each Machine what changed, and nothing on the others', async () => {
    const cluster = await plane.raise();
    const same = await plane.put(aWorker('c', 'same'), { nodeRef: nodeRef('same'), conditions: ready('True') });
    const lost = await plane.put(aWorker('c', 'lost'), { nodeRef: nodeRef('lost'), conditions: ready('True') });
    await plane.put(aWorker('c', 'deleted'), { nodeRef: nodeRef('deleted'), conditions: ready('True') });
    const coming = await plane.put(aWorker('c', 'coming'));
    plane.kubernetes.listNodes = async () => [
      nodeOf('same', same.metadata.uid!, 'True'),
      nodeOf('lost', lost.metadata.uid!, 'Unknown', 'NodeStatusUnknown'),
      nodeOf('coming', coming.metadata.uid!, 'True'),
      aNode('stranger'),
    ];
    expect(await plane.ask(observeNodes, cluster)).toEqual({ settled: true, says: '2 of 4 machines are ready, 2 changed' });
    expect(await plane.machine('same')).toEqual(same);
    expect(await plane.machine('coming')).toEqual(coming);
    expect([await stateOf('lost'), await stateOf('deleted')]).toEqual(['Unknown NodeStatusUnknown', 'Unknown NodeDeleted']);
    expect((await plane.cluster()).status).toMatchObject({ machines: 4, readyMachines: 2 });
    expect(await plane.ask(observeNodes, cluster)).toMatchObject({ says: '2 of 4 machines are ready, 0 changed' });
  });

  it('deletes a Node whose Machine was deleted, and none without proof of that', async () => {
    const cluster = await plane.raise();
    const gone = await plane.put(aWorker('c', 'gone'));
    await plane.leave('gone');
    await plane.ask(forgetMachine, gone);
    const left = (name: string, machineName: string, uid: string): Node => {
      const node = nodeOf(name, uid, 'True');
      return {
        ...node,
        metadata: { ...node.metadata, annotations: { ...node.metadata.annotations, [machineNameAnnotation]: machineName } },
      };
    };
    const deleted: string[] = [];
    plane.kubernetes.listNodes = async () => [
      left('left', 'gone', gone.metadata.uid!),
      left('unknown', 'gone', 'another-uid'),
      aNode('stranger'),
    ];
    plane.kubernetes.deleteNode = async (name, uid) => void deleted.push(`${name} ${uid}`);
    expect(await plane.ask(observeNodes, cluster)).toMatchObject({
      says: expect.stringContaining('deleted Nodes whose Machine is gone: 1'),
    });
    expect(deleted).toEqual(['left left-uid']);
    plane.kubernetes.deleteNode = async () => {
      throw new RetryLater('the API restarts');
    };
    expect(await plane.ask(observeNodes, cluster)).toEqual({ settled: true, says: '0 of 0 machines are ready, 0 changed' });
  });

  it('lets a Machine be that is being deleted', async () => {
    const cluster = await plane.raise();
    await plane.put(aWorker('c', 'w'), { nodeRef: nodeRef('w'), conditions: ready('True') });
    const leaving = await plane.leave('w');
    plane.kubernetes.listNodes = async () => [];
    await plane.ask(observeNodes, cluster);
    expect(await plane.machine('w')).toEqual(leaving);
  });
});

describe('a Cluster that goes', () => {
  beforeEach(async () => {
    await plane.raise();
    await plane.put(aMaster('c', 0));
    await plane.put(aWorker('c', 'w'));
    const deployment = workers('c', 'east', 1);
    await plane.store.create(machineDeployment, { ...deployment, metadata: { ...deployment.metadata, finalizers: ['f'] } });
    await beginDeletion(plane.store, clusterKind, await plane.cluster(), plane.clock.now());
  });
  const isLeaving = async (name: string) => (await plane.machine(name)).metadata.deletionTimestamp !== undefined;

  it('deletes its workers and what would make new ones, and lets its masters be', async () => {
    expect(await plane.ask(deleteWorkers, await plane.cluster())).toMatchObject({
      settled: false,
      says: '1 workers, 0 MachineSets and 1 MachineDeployments are being deleted',
    });
    expect([await isLeaving('w'), await isLeaving('c-master-0')]).toEqual([true, false]);
    const { items } = await plane.store.list(machineDeployment);
    expect(items.map(({ metadata }) => metadata.deletionTimestamp)).toEqual(['2019-07-26T00:00:00Z']);
  });

  it('deletes whatever Machine is left with its masters', async () => {
    expect(await plane.ask(deleteMasters, await plane.cluster())).toMatchObject({ settled: false, says: '2 masters are being deleted' });
    expect([await isLeaving('w'), await isLeaving('c-master-0')]).toEqual([true, true]);
  });

  it('deletes the Secrets and ConfigMaps that were made for it, and not those that the user brought', async () => {
    const cluster = await plane.cluster();
    const label = { [keys.clusterName]: 'c' };
    await plane.store.create(secret, newObject(secret, { name: 'mine', labels: label }, { data: {} }));
    await plane.store.create(
      configMap,
      newObject(
        configMap,
        { name: 'c-master-0', namespace: systemNamespace, labels: { ...label, 'plastron.dev/cluster-uid': 'other' } },
        { data: {} },
      ),
    );
    await plane.store.create(
      configMap,
      newObject(
        configMap,
        { name: 'c-master-1', namespace: systemNamespace, labels: { ...label, 'plastron.dev/cluster-uid': cluster.metadata.uid! } },
        { data: {} },
      ),
    );
    expect(await plane.ask(deleteSecrets, cluster)).toEqual({ settled: true, says: 'deleted 0 Secrets and 1 ConfigMaps' });
    expect(await published('c-master-0')).toBeDefined();
    expect(await text('mine', 'x')).toBeUndefined();
    await expect(plane.store.get(secret, { namespace: 'default', name: 'mine' })).resolves.toBeDefined();
  });
});
