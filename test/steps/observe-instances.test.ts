import { beforeEach, describe, expect, it } from '@jest/globals';
import { event } from '../../shared/kinds/core/event.ts';
import { secret } from '../../shared/kinds/core/secret.ts';
import { systemNamespace } from '../../shared/kinds/fields.ts';
import { machine as machineKind } from '../../shared/kinds/machine/kind.ts';
import { observeInstances } from '../../shared/steps/cluster/observe-instances.ts';
import { forgetMachine } from '../../shared/steps/machine/forget-machine.ts';
import { aWorker } from '../plane/objects.ts';
import { instanceFor, living, places } from './east.ts';
import { type Stage, stage } from './stage.ts';

let plane: Stage;
beforeEach(async () => {
  plane = await stage();
});

describe('ObserveInstances', () => {
  const events = async () => (await plane.store.list(event)).items.map(({ reason, message }) => `${reason}: ${message}`);
  const observe = async () => plane.ask(observeInstances, await plane.cluster(), { platform: 'east' });

  it('deletes an instance whose Machine was deleted', async () => {
    await plane.raise({ providerStatus: { places } });
    const worker = await plane.put(aWorker('c', 'w'));
    await instanceFor(plane, 'w', worker.metadata.uid!);
    await plane.clock.advance(20_000);
    await plane.leave('w');
    await plane.ask(forgetMachine, worker);
    expect(await observe()).toMatchObject({ says: '1 instances in east, 0 machines lost theirs, 1 instances lost their machine' });
    expect(living(plane)).toEqual([]);
    expect(await events()).toEqual(['OrphanedInstance: deletes instance east-1: its Machine w was deleted']);
  });

  it('reports an instance whose Machine it does not know, and lets it be', async () => {
    await plane.raise({ providerStatus: { places } });
    await instanceFor(plane, 'w', 'restored-uid');
    await plane.clock.advance(7_200_000);
    await observe();
    expect(living(plane)).toEqual(['w']);
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
    await instanceFor(plane, 'w', worker.metadata.uid!);
    await plane.clock.advance(20_000);
    await observe();
    expect([living(plane), await events()]).toEqual([['w'], []]);
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
          await instanceFor(plane, 'w', worker.metadata.uid!);
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
    await instanceFor(plane, 'w', worker.metadata.uid!);
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

  it('has that proof for an hour', async () => {
    await plane.raise();
    const worker = await plane.put(aWorker('c', 'w'));
    await plane.leave('w');
    await plane.ask(forgetMachine, worker);
    const proof = () => plane.store.wasDeleted(machineKind, { namespace: 'default', name: 'w' }, worker.metadata.uid!);
    expect(await proof()).toBe(true);
    await plane.clock.advance(3_601_000);
    expect(await proof()).toBe(false);
  });
});
