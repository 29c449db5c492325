import { beforeEach, describe, expect, it } from '@jest/globals';
import { cluster } from '../../shared/kinds/cluster/kind.ts';
import { configMap } from '../../shared/kinds/core/config-map.ts';
import { secret } from '../../shared/kinds/core/secret.ts';
import type { Kind } from '../../shared/kinds/define-kind.ts';
import { systemNamespace } from '../../shared/kinds/fields.ts';
import { machine } from '../../shared/kinds/machine/kind.ts';
import { machineClass } from '../../shared/kinds/machine-class/kind.ts';
import { machineDeployment } from '../../shared/kinds/machine-deployment/kind.ts';
import { machineSet } from '../../shared/kinds/machine-set/kind.ts';
import type { KubeObject } from '../../shared/kinds/object.ts';
import { wakesOf } from '../../shared/reconcile/dispatch.ts';
import { aCluster, aMachineClass, aMaster, aWorker, credentialsOf, newObject, workers } from '../plane/objects.ts';
import { aMachineSet, ownerReference } from './objects.ts';
import { inWords, type TestPorts, testPorts } from './ports.ts';

let ports: TestPorts;
beforeEach(async () => {
  ports = await testPorts();
  await ports.store.create(machine, aMaster('c', 0));
  await ports.store.create(machine, aWorker('c', 'w'), { dueAt: ports.clock.now() + 3_600_000 });
  await ports.store.create(machine, aWorker('other', 'elsewhere'));
  await ports.store.create(machineSet, aMachineSet('ms', 'md'));
});

type Write = Partial<Pick<Parameters<typeof wakesOf>[0], 'deleted' | 'only'>>;

const wakes = async (kind: Kind, object: KubeObject, { deleted = false, ...more }: Write = {}): Promise<string[]> =>
  (await wakesOf({ id: '1', kind, object, deleted, ...more }, ports.store)).map(inWords);

const owned = { ...aWorker('c', 'm'), metadata: { ...aWorker('c', 'm').metadata, ownerReferences: [ownerReference('MachineSet', 'ms')] } };
const foreign = { ...aWorker('c', 'm'), metadata: { ...aWorker('c', 'm').metadata, ownerReferences: [ownerReference('Robot', 'r')] } };

const elsewhere = { ...aMachineClass('l', 'east'), metadata: { name: 'l', namespace: systemNamespace } };

describe('a write wakes', () => {
  it.each<[string, Kind, KubeObject, Write, string[]]>([
    ['a Machine and its owner', machine, owned, {}, ['Machine default/m', 'MachineSet default/ms']],
    ['a Machine that nobody owns alone', machine, aWorker('c', 'm'), {}, ['Machine default/m']],
    ['no owner of a kind that is not reconciled', machine, foreign, {}, ['Machine default/m']],
    ['the owner of a Machine that is gone', machine, owned, { deleted: true }, ['MachineSet default/ms']],
    ['nobody, when its writer says so', machine, owned, { only: 'nobody' }, []],
    ['the owner alone, when its writer says so', machine, owned, { only: 'owner' }, ['MachineSet default/ms']],
    ['nobody by an owner that there is not', machine, aWorker('c', 'm'), { only: 'owner' }, []],
    [
      'a Cluster and all that belongs to it',
      cluster,
      aCluster('c'),
      {},
      ['Cluster default/c', 'Machine default/c-master-0', 'Machine default/w', 'MachineSet default/ms'],
    ],
    ['nobody of another namespace', cluster, aCluster('c', ['203.0.113.10'], 'other'), {}, ['Cluster other/c']],
    ['what belonged to a Cluster that is gone', cluster, aCluster('other'), { deleted: true }, ['Machine default/elsewhere']],
    ['the Machines that wait, when credentials change', secret, credentialsOf('east', 'good'), {}, ['Machine default/w']],
    [
      'the Machines that wait in its namespace, when a MachineClass changes',
      machineClass,
      aMachineClass('l', 'east'),
      {},
      ['Machine default/w'],
    ],
    ['nobody, when a MachineClass of another namespace changes', machineClass, elsewhere, {}, []],
    ['nobody, when another Secret changes', secret, newObject(secret, { name: 's' }, { data: {} }), {}, []],
    ['nobody, when a ConfigMap changes', configMap, newObject(configMap, { name: 'cm', namespace: systemNamespace }, { data: {} }), {}, []],
  ])('%s', async (_, kind, object, write, expected) => {
    expect((await wakes(kind, object, write)).sort()).toEqual(expected.sort());
  });

  it('what a user made before what was made of it', async () => {
    const made = {
      ...aWorker('c', 'a-worker'),
      metadata: { ...aWorker('c', 'a-worker').metadata, ownerReferences: [ownerReference('MachineSet', 'ms')] },
    };
    await ports.store.create(machine, made);
    const machinesOnly = (await wakes(cluster, aCluster('c'))).filter((wake) => wake.startsWith('Machine '));
    expect(machinesOnly).toEqual(['Machine default/c-master-0', 'Machine default/w', 'Machine default/a-worker']);
  });

  it('the children of an owner that is gone', async () => {
    const deployment = workers('c', 'east', 1);
    const gone = { ...deployment, metadata: { ...deployment.metadata, name: 'md', uid: 'md-uid' } };
    expect(await wakes(machineDeployment, gone, { deleted: true })).toEqual(['MachineSet default/ms']);
  });
});
