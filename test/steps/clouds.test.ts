import { beforeEach, describe, expect, it } from '@jest/globals';
import { event } from '../../shared/kinds/core/event.ts';
import { secret } from '../../shared/kinds/core/secret.ts';
import { systemNamespace } from '../../shared/kinds/fields.ts';
import { machine as machineKind } from '../../shared/kinds/machine/kind.ts';
import type { DesiredInstance, InstanceRef } from '../../shared/provisioners/provisioner.ts';
import { emptyCloud } from '../../shared/steps/cluster/empty-cloud.ts';
import { emptyClouds } from '../../shared/steps/cluster/empty-clouds.ts';
import { observeInstances } from '../../shared/steps/cluster/observe-instances.ts';
import { deleteInstance } from '../../shared/steps/machine/delete-instance.ts';
import { forgetMachine } from '../../shared/steps/machine/forget-machine.ts';
import type { Config } from '../plane/clouds.ts';
import { aMaster, aWorker, reserved } from '../plane/objects.ts';
import { type Stage, stage } from './stage.ts';

let plane: Stage;
const config: Config = { zone: 'east-1', image: 'talos-1' };
const places = { 'east/east-1': { platform: 'east', config } };

beforeEach(async () => {
  plane = await stage();
});

const provisioner = () => plane.east.open({ credentials: 'good', clock: plane.clock, random: plane.random });

/** An instance in the east, made for a machine of this uid. */
async function instanceFor(name: string, uid: string, address?: string): Promise<void> {
  const cluster = await plane.cluster();
  const ref: InstanceRef<Config> = {
    cluster: { namespace: 'default', name: 'c', uid: cluster.metadata.uid! },
    machine: { namespace: 'default', name, uid },
    config,
  };
  const desired: DesiredInstance<Config> = { ...ref, role: 'worker', userData: '{}', ...(address !== undefined && { address }) };
  const { memo } = await provisioner().machines.ensure(desired, undefined);
  await provisioner().machines.ensure(desired, memo);
}

const living = (): string[] =>
  plane.east.instances.filter(({ goneAt }) => goneAt === Number.POSITIVE_INFINITY).map((one) => one.machineName);

describe('DeleteInstance', () => {
  it('gives a reserved address back, and waits until nothing is left', async () => {
    await plane.raise({ providerStatus: { places } });
    const { uid } = (await plane.put(aMaster('c', 0), { providerStatus: { token: 't', requestedAt: plane.clock.now() } })).metadata;
    await instanceFor('c-master-0', uid!, reserved[0]);
    await plane.clock.advance(30_000);
    expect(plane.east.reserved.get(reserved[0])).toBe('east-1');
    const leaving = await plane.leave('c-master-0');
    expect(await plane.ask(deleteInstance, leaving)).toMatchObject({ settled: false, says: 'instance east-1 is being deleted' });
    expect(plane.east.reserved.get(reserved[0])).toBeUndefined();
    await plane.clock.advance(10_000);
    expect(await plane.ask(deleteInstance, leaving)).toMatchObject({ settled: true, says: 'nothing is left of c-master-0' });
  });

  it('asks no cloud where none was ever asked', async () => {
    await plane.raise();
    await plane.put(aWorker('c', 'w'));
    const calls = plane.east.calls();
    expect(await plane.ask(deleteInstance, await plane.leave('w'))).toEqual({ settled: true, says: 'no instance was ever asked for' });
    expect(plane.east.calls()).toBe(calls);
  });

  it('waits for what was asked for and may still be hidden', async () => {
    await plane.raise({ providerStatus: { places } });
    await plane.put(aWorker('c', 'w'), { providerStatus: { token: 't', requestedAt: plane.clock.now() } });
    const leaving = await plane.leave('w');
    expect(await plane.ask(deleteInstance, leaving)).toMatchObject({ settled: false, says: 'w may be hidden' });
    await plane.clock.advance(30_000);
    expect(await plane.ask(deleteInstance, leaving)).toMatchObject({ settled: true });
  });
});

describe('EmptyCloud', () => {
  it('looks twice, the settling time apart', async () => {
    const cluster = await plane.raise({ providerStatus: { places } });
    const ask = () => plane.ask(emptyCloud, cluster, { platform: 'east' });
    expect(await ask()).toEqual({ settled: false, says: 'nothing is left; looks once more', checkAgainIn: 20 });
    await plane.clock.advance(12_000);
    expect(await ask()).toEqual({ settled: false, says: 'nothing is left; looks once more', checkAgainIn: 8 });
    await plane.clock.advance(8_000);
    expect(await ask()).toEqual({ settled: true, says: 'nothing is left in east' });
  });

  it('deletes what shows itself only at the second look', async () => {
    const cluster = await plane.raise({ providerStatus: { places } });
    const ask = () => plane.ask(emptyCloud, cluster, { platform: 'east' });
    await instanceFor('forgotten', 'forgotten-uid');
    expect(await ask()).toMatchObject({ settled: false, says: 'nothing is left; looks once more' });
    await plane.clock.advance(20_000);
    expect(await ask()).toMatchObject({ settled: false, says: '1 instances are being deleted' });
    await plane.clock.advance(10_000);
    expect(await ask()).toMatchObject({ settled: true });
    expect(living()).toEqual([]);
  });

  it('lets instances of other clusters be', async () => {
    const cluster = await plane.raise({ providerStatus: { places } });
    const other: InstanceRef<Config> = {
      cluster: { namespace: 'other', name: 'c', uid: 'other-uid' },
      machine: { namespace: 'other', name: 'theirs', uid: 'theirs-uid' },
      config,
    };
    const desired: DesiredInstance<Config> = { ...other, role: 'worker', userData: '{}' };
    const { memo } = await provisioner().machines.ensure(desired, undefined);
    await provisioner().machines.ensure(desired, memo);
    await plane.clock.advance(20_000);
    await plane.ask(emptyCloud, cluster, { platform: 'east' });
    expect(living()).toEqual(['theirs']);
  });

  it('takes the firewall away before it looks again', async () => {
    const cluster = await plane.raise({ providerStatus: { places } });
    await provisioner().firewall.ensure({ namespace: 'default', name: 'c', uid: cluster.metadata.uid! }, config);
    expect(await plane.ask(emptyCloud, cluster, { platform: 'east' })).toMatchObject({ settled: false, says: 'deletes the firewall' });
    expect(plane.east.firewalls.size).toBe(0);
  });

  it('keeps what another cloud wrote down meanwhile', async () => {
    const cluster = await plane.raise({ providerStatus: { places, emptySince: { west: 7 } } });
    await plane.ask(emptyCloud, cluster, { platform: 'east' });
    expect((await plane.cluster()).status?.providerStatus).toEqual({ places, emptySince: { west: 7, east: plane.clock.now() } });
  });
});

describe('EmptyClouds', () => {
  const attempt = (status: object) => ({
    attempt: 2,
    providerStatus: { places: { ...places, 'west/west-1': { platform: 'west', config } } },
    ...status,
  });
  const nameOf = (platform: string, uid: string) => `empty-${platform}-${uid}-2`;
  const emptied = { status: 'SUCCEEDED' as const, output: { EmptyCloud: { settled: true, says: 'nothing is left' } } };

  it('starts one execution for each cloud, and waits for all', async () => {
    const cluster = await plane.raise(attempt({}));
    const { uid } = cluster.metadata;
    expect(await plane.ask(emptyClouds, cluster)).toMatchObject({ settled: false, says: 'looks for what is left in east and west' });
    expect([...plane.executions.keys()]).toEqual(['east', 'west'].map((platform) => `empty-cloud/${nameOf(platform, uid!)}`));
    plane.executions.set(`empty-cloud/${nameOf('east', uid!)}`, { name: '', ...emptied });
    expect(await plane.ask(emptyClouds, cluster)).toMatchObject({ settled: false, says: 'looks for what is left in west' });
    plane.executions.set(`empty-cloud/${nameOf('west', uid!)}`, { name: '', ...emptied });
    expect(await plane.ask(emptyClouds, cluster)).toEqual({ settled: true, says: 'nothing of it is left in east and west' });
  });

  it.each([
    ['that failed', { status: 'FAILED' as const, cause: 'no answer' }, 'east could not be emptied: no answer'],
    [
      'that handed over before it was done',
      { status: 'SUCCEEDED' as const, output: { EmptyCloud: { settled: false, handOver: true, says: '1 instances are being deleted' } } },
      'east could not be emptied: 1 instances are being deleted',
    ],
    ['that was stopped', { status: 'ABORTED' as const }, 'east could not be emptied: ABORTED'],
  ])('does not take an execution %s for an empty cloud', async (_, execution, words) => {
    const cluster = await plane.raise(attempt({}));
    plane.executions.set(`empty-cloud/${nameOf('east', cluster.metadata.uid!)}`, { name: '', ...execution });
    await expect(plane.ask(emptyClouds, cluster)).rejects.toThrow(words);
  });

  it('has nothing to do for a cluster that never had a machine', async () => {
    expect(await plane.ask(emptyClouds, await plane.raise())).toEqual({ settled: true, says: 'it never had a machine in any cloud' });
  });
});

describe('ObserveInstances', () => {
  const events = async () => (await plane.store.list(event)).items.map(({ reason, message }) => `${reason}: ${message}`);
  const observe = async () => plane.ask(observeInstances, await plane.cluster(), { platform: 'east' });

  it('deletes an instance whose Machine was deleted', async () => {
    await plane.raise({ providerStatus: { places } });
    const worker = await plane.put(aWorker('c', 'w'));
    await instanceFor('w', worker.metadata.uid!);
    await plane.clock.advance(20_000);
    await plane.leave('w');
    await plane.ask(forgetMachine, worker);
    expect(await observe()).toMatchObject({ says: '1 instances in east, 0 machines lost theirs, 1 instances lost their machine' });
    expect(living()).toEqual([]);
    expect(await events()).toEqual(['OrphanedInstance: deletes instance east-1: its Machine w was deleted']);
  });

  it('reports an instance whose Machine it does not know, and lets it be', async () => {
    await plane.raise({ providerStatus: { places } });
    await instanceFor('w', 'restored-uid');
    await plane.clock.advance(7_200_000);
    await observe();
    expect(living()).toEqual(['w']);
    expect(await events()).toEqual([
      expect.stringContaining('instance east-1 says that it belongs to this cluster, but its Machine is not known'),
    ]);
  });

  it('does not delete the instance of a namesake that stands in for a deleted Machine', async () => {
    await plane.raise({ providerStatus: { places } });
    const former = await plane.put(aWorker('c', 'w'));
    await plane.leave('w');
    await plane.ask(forgetMachine, former);
    const worker = await plane.put(aWorker('c', 'w'));
    await instanceFor('w', worker.metadata.uid!);
    await plane.clock.advance(20_000);
    await observe();
    expect([living(), await events()]).toEqual([['w'], []]);
  });

  it('knows a Machine that was made while it looked', async () => {
    await plane.raise({ providerStatus: { places } });
    const { open } = plane.east;
    const slow: typeof plane.east = {
      ...plane.east,
      open(options) {
        const east = open(options);
        const list: typeof east.machines.list = async (...args) => {
          const worker = await plane.put(aWorker('c', 'w'));
          await instanceFor('w', worker.metadata.uid!);
          await plane.clock.advance(20_000);
          return east.machines.list(...args);
        };
        return { ...east, machines: { ...east.machines, list } };
      },
    };
    const step: typeof observeInstances = (input, ports) => observeInstances(input, { ...ports, clouds: [slow] });
    expect(await plane.ask(step, await plane.cluster(), { platform: 'east' })).toMatchObject({
      says: '1 instances in east, 0 machines lost theirs, 0 instances lost their machine',
    });
    expect(await events()).toEqual([]);
  });

  it('asks once about a Machine that is in no list, and says that it has failed only when its cloud says so', async () => {
    await plane.raise({ providerStatus: { places } });
    const object = aWorker('c', 'w');
    const worker = await plane.put({ ...object, spec: { ...object.spec, providerID: 'east:///east-1/east-1' } }, { providerStatus: {} });
    await instanceFor('w', worker.metadata.uid!);
    const { open } = plane.east;
    const lagging: typeof plane.east = {
      ...plane.east,
      open(options) {
        const east = open(options);
        return { ...east, machines: { ...east.machines, list: async () => [] } };
      },
    };
    const step: typeof observeInstances = (input, ports) => observeInstances(input, { ...ports, clouds: [lagging] });
    const observeLagging = async () => plane.ask(step, await plane.cluster(), { platform: 'east' });
    await plane.clock.advance(20_000);
    expect(await observeLagging()).toMatchObject({ says: expect.stringContaining('0 machines lost theirs') });
    plane.east.vanish('w');
    await plane.clock.advance(20_000);
    expect(await observeLagging()).toMatchObject({ says: expect.stringContaining('1 machines lost theirs') });
    expect((await plane.machine('w')).status).toMatchObject({ phase: 'Failed', errorReason: 'UpdateError' });
  });

  it('asks a cloud that refused no more, until its Secret changes', async () => {
    await plane.raise({ providerStatus: { places } });
    plane.east.letIn('another');
    await expect(observe()).rejects.toThrow(`Secret ${systemNamespace}/east-credentials, key token: 401`);
    const calls = plane.east.calls();
    expect(await observe()).toMatchObject({ settled: true, says: expect.stringContaining('which has not changed since') });
    expect(plane.east.calls()).toBe(calls);
    const credentials = (await plane.store.get(secret, { namespace: systemNamespace, name: 'east-credentials' }))!;
    await plane.store.update(secret, { ...credentials, data: { token: Buffer.from('another').toString('base64') } });
    expect(await observe()).toMatchObject({ says: '0 instances in east, 0 machines lost theirs, 0 instances lost their machine' });
    expect((await plane.cluster()).status?.providerStatus).toMatchObject({ places });
  });
});

it('a deleted Machine leaves proof for an hour', async () => {
  await plane.raise();
  const worker = await plane.put(aWorker('c', 'w'));
  await plane.leave('w');
  await plane.ask(forgetMachine, worker);
  const proof = () => plane.store.wasDeleted(machineKind, { namespace: 'default', name: 'w' }, worker.metadata.uid!);
  expect(await proof()).toBe(true);
  await plane.clock.advance(3_601_000);
  expect(await proof()).toBe(false);
});
