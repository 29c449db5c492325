import { beforeEach, describe, expect, it } from '@jest/globals';
import { emptyCloud } from '../../shared/steps/cluster/empty-cloud.ts';
import { emptyClouds } from '../../shared/steps/cluster/empty-clouds.ts';
import { deleteInstance } from '../../shared/steps/machine/delete-instance.ts';
import { aMaster, aWorker, reserved } from '../plane/objects.ts';
import { config, instanceFor, living, places, provisioner } from './east.ts';
import { type Stage, stage } from './stage.ts';

let plane: Stage;
beforeEach(async () => {
  plane = await stage();
});

describe('DeleteInstance', () => {
  it('gives a reserved address back, and waits until nothing is left', async () => {
    await plane.raise({ providerStatus: { places } });
    const { uid } = (await plane.put(aMaster('c', 0), { providerStatus: { token: 't', requestedAt: plane.clock.now() } })).metadata;
    await instanceFor(plane, 'c-master-0', uid!, { address: reserved[0] });
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
    await instanceFor(plane, 'forgotten', 'forgotten-uid');
    expect(await ask()).toMatchObject({ settled: false, says: 'nothing is left; looks once more' });
    await plane.clock.advance(20_000);
    expect(await ask()).toMatchObject({ settled: false, says: '1 instances are being deleted' });
    await plane.clock.advance(10_000);
    expect(await ask()).toMatchObject({ settled: true });
    expect(living(plane)).toEqual([]);
  });

  it('lets instances of other clusters be', async () => {
    const cluster = await plane.raise({ providerStatus: { places } });
    await instanceFor(plane, 'theirs', 'theirs-uid', { cluster: 'other' });
    await plane.clock.advance(20_000);
    await plane.ask(emptyCloud, cluster, { platform: 'east' });
    expect(living(plane)).toEqual(['theirs']);
  });

  it('takes the firewall away before it looks again', async () => {
    const cluster = await plane.raise({ providerStatus: { places } });
    await provisioner(plane).firewall.ensure({ namespace: 'default', name: 'c', uid: cluster.metadata.uid! }, config);
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
