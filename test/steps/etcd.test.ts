import { beforeEach, describe, expect, it } from '@jest/globals';
import { RetryLater } from '../../shared/errors.ts';
import { cluster as clusterKind } from '../../shared/kinds/cluster/kind.ts';
import { beginDeletion } from '../../shared/reconcile/deletion.ts';
import { bootstrapEtcd } from '../../shared/steps/cluster/bootstrap-etcd.ts';
import { forgetMachine } from '../../shared/steps/machine/forget-machine.ts';
import { leaveEtcd } from '../../shared/steps/machine/leave-etcd.ts';
import { aMaster, aWorker, reserved } from '../plane/objects.ts';
import { member, running, type Stage, stage } from './stage.ts';

let plane: Stage;
const three = [member('c-master-0', 1), member('c-master-1', 2), member('c-master-2', 3)];
const [first, second, third] = reserved;
const services =
  (state = 'Running') =>
  async () => [{ id: 'etcd', state, healthy: true, message: '' }];

beforeEach(async () => {
  plane = await stage();
});

describe('LeaveEtcd', () => {
  const calls: string[] = [];
  const willing = (members = three) => ({
    services: services(),
    etcdMembers: async () => members,
    etcdForfeitLeadership: async () => void calls.push('forfeit'),
    etcdLeave: async () => void calls.push('leave'),
    etcdRemoveMember: async (id: bigint) => void calls.push(`remove ${id}`),
  });

  beforeEach(async () => {
    calls.length = 0;
    await plane.raise();
    for (const [i, address] of [first, second, third].entries()) await plane.put(aMaster('c', i), running(`c-master-${i}`, address));
  });

  it('of a worker is nothing', async () => {
    await plane.put(aWorker('c', 'w'));
    expect(await plane.ask(leaveEtcd, await plane.leave('w'))).toEqual({ settled: true, says: 'a worker is no member of etcd' });
  });

  it('gives leadership away first', async () => {
    plane.talos.set(second, willing());
    expect(await plane.ask(leaveEtcd, await plane.leave('c-master-1'))).toEqual({ settled: true, says: 'it left etcd' });
    expect(calls).toEqual(['forfeit', 'leave']);
  });

  it('that was done without our hearing of it is done', async () => {
    plane.talos.set(second, { ...willing(), services: services('Finished') });
    expect(await plane.ask(leaveEtcd, await plane.leave('c-master-1'))).toEqual({ settled: true, says: 'it left etcd' });
    expect(calls).toEqual([]);
  });

  it('is never done by the last member', async () => {
    plane.talos.set(second, willing([three[1]!]));
    expect(await plane.ask(leaveEtcd, await plane.leave('c-master-1'))).toMatchObject({ says: 'not left: it is the last member of etcd' });
    expect(calls).toEqual([]);
  });

  it('is never done by the last master', async () => {
    plane.talos.set(first, willing([three[0]!]));
    await plane.leave('c-master-1');
    await plane.leave('c-master-2');
    expect(await plane.ask(leaveEtcd, await plane.leave('c-master-0'))).toMatchObject({ says: 'not left: it is the last member of etcd' });
    expect(calls).toEqual([]);
  });

  it('is done although no other master has a Node yet: etcd itself knows its members', async () => {
    plane = await stage();
    await plane.raise();
    await plane.put(aMaster('c', 0), running('c-master-0', first));
    await plane.put(aMaster('c', 1), { addresses: [{ type: 'ExternalIP', address: second }] });
    plane.talos.set(first, willing());
    expect(await plane.ask(leaveEtcd, await plane.leave('c-master-0'))).toEqual({ settled: true, says: 'it left etcd' });
  });

  it('is left out when the last master does not answer: nobody else could', async () => {
    await plane.leave('c-master-1');
    await plane.leave('c-master-2');
    expect(await plane.ask(leaveEtcd, await plane.leave('c-master-0'))).toMatchObject({
      settled: true,
      says: 'not left: it is the last master',
    });
  });

  it('is left out when the cluster goes as a whole', async () => {
    await beginDeletion(plane.store, clusterKind, await plane.cluster(), plane.clock.now());
    expect(await plane.ask(leaveEtcd, await plane.leave('c-master-1'))).toMatchObject({ says: 'not left: its cluster goes as a whole' });
  });

  it('is asked of the master for a minute, then done by another', async () => {
    plane.talos.set(first, willing());
    const leaving = await plane.leave('c-master-1');
    expect(await plane.ask(leaveEtcd, leaving)).toEqual({ settled: false, says: 'its Talos API does not answer', checkAgainIn: 5 });
    await plane.clock.advance(60_000);
    expect(await plane.ask(leaveEtcd, leaving)).toEqual({
      settled: true,
      says: 'another master took it out of etcd, since it did not answer',
    });
    expect(calls).toEqual(['remove 2']);
  });

  it('is asked of the master itself although its drain took long', async () => {
    plane.talos.set(first, willing());
    plane.talos.set(second, willing());
    const leaving = await plane.leave('c-master-1');
    await plane.clock.advance(600_000);
    expect(await plane.ask(leaveEtcd, leaving)).toEqual({ settled: true, says: 'it left etcd' });
  });

  it('by another finds that it is no member any more', async () => {
    plane.talos.set(first, willing([three[0]!, three[2]!]));
    const leaving = await plane.leave('c-master-1');
    await plane.clock.advance(61_000);
    expect(await plane.ask(leaveEtcd, leaving)).toEqual({ settled: true, says: 'it is no member of etcd' });
    expect(calls).toEqual([]);
  });

  it('finds a member whose Node nobody has noticed by the name that its cloud gave it', async () => {
    plane = await stage();
    await plane.raise();
    await plane.put(aMaster('c', 0), running('c-master-0', first));
    await plane.put(aMaster('c', 1), {
      addresses: [
        { type: 'ExternalIP', address: second },
        { type: 'Hostname', address: 'c-master-1.c.internal' },
      ],
    });
    plane.talos.set(first, willing());
    const leaving = await plane.leave('c-master-1');
    await plane.clock.advance(61_000);
    await plane.ask(leaveEtcd, leaving);
    expect(calls).toEqual(['remove 2']);
  });

  it('knows a member by its short name', async () => {
    plane.talos.set(first, willing([three[0]!, member('C-Master-1.c.internal', 9)]));
    const leaving = await plane.leave('c-master-1');
    await plane.clock.advance(61_000);
    await plane.ask(leaveEtcd, leaving);
    expect(calls).toEqual(['remove 9']);
  });
});

describe('BootstrapEtcd', () => {
  let bootstrapped: string[];
  const says = (address: string, data: boolean | 'unknown') => ({
    hasEtcdData: async () => (data === 'unknown' ? Promise.reject(new RetryLater('no answer')) : data),
    bootstrap: async () => {
      bootstrapped.push(address);
      return 'done' as const;
    },
  });
  const put = (index: number, address: string | undefined) =>
    plane.put(aMaster('c', index), { addresses: address === undefined ? [] : [{ type: 'ExternalIP', address }] });

  beforeEach(() => {
    bootstrapped = [];
  });

  it('waits for a master that has its address', async () => {
    const cluster = await plane.raise();
    await put(0, undefined);
    expect(await plane.ask(bootstrapEtcd, cluster)).toMatchObject({ settled: false, says: 'waits for a master Machine that runs' });
  });

  it('is done on the first master that runs, who is written down before', async () => {
    const cluster = await plane.raise();
    await put(0, undefined);
    const chosen = await put(1, second);
    await put(2, third);
    plane.talos.set(second, {
      ...says(second, false),
      bootstrap: async () => {
        expect((await plane.cluster()).status?.bootstrap).toEqual({ machine: chosen.metadata.uid });
        return 'done';
      },
    });
    expect(await plane.ask(bootstrapEtcd, cluster)).toEqual({ settled: true, says: 'bootstrapped etcd on c-master-1' });
    expect((await plane.cluster()).status?.bootstrap).toEqual({ machine: chosen.metadata.uid, doneAt: '2019-07-26T00:00:00Z' });
  });

  it('stays with its choice although an earlier master runs by now', async () => {
    const late = await put(1, second);
    const cluster = await plane.raise({ bootstrap: { machine: late.metadata.uid! } });
    await put(0, first);
    plane.talos.set(first, says(first, false));
    plane.talos.set(second, says(second, false));
    await plane.ask(bootstrapEtcd, cluster);
    expect(bootstrapped).toEqual([second]);
  });

  it('is not done again when its answer was lost', async () => {
    const chosen = await put(0, first);
    const cluster = await plane.raise({ bootstrap: { machine: chosen.metadata.uid! } });
    plane.talos.set(first, says(first, true));
    expect(await plane.ask(bootstrapEtcd, cluster)).toEqual({ settled: true, says: 'etcd has data on c-master-0' });
    expect(bootstrapped).toEqual([]);
    expect(await plane.ask(bootstrapEtcd, cluster)).toEqual({ settled: true, says: 'etcd was bootstrapped before' });
  });

  it('is not done where another master has data', async () => {
    const cluster = await plane.raise();
    await put(0, first);
    await put(1, second);
    plane.talos.set(first, says(first, false));
    plane.talos.set(second, says(second, true));
    expect(await plane.ask(bootstrapEtcd, cluster)).toEqual({ settled: true, says: 'etcd has data on c-master-1' });
    expect(bootstrapped).toEqual([]);
  });

  it('waits for the chosen master to answer, and not for those who boot still', async () => {
    const cluster = await plane.raise();
    await put(0, first);
    await put(1, second);
    expect(await plane.ask(bootstrapEtcd, cluster)).toMatchObject({
      settled: false,
      says: 'the Talos API of c-master-0 does not answer yet',
    });
    plane.talos.set(first, says(first, false));
    expect(await plane.ask(bootstrapEtcd, cluster)).toMatchObject({ settled: true });
    expect(bootstrapped).toEqual([first]);
  });

  describe('after the master that was chosen began to go', () => {
    let cluster: Awaited<ReturnType<Stage['raise']>>;
    beforeEach(async () => {
      const chosen = await put(0, first);
      cluster = await plane.raise({ bootstrap: { machine: chosen.metadata.uid! } });
      await put(1, second);
      await put(2, third);
      await plane.leave('c-master-0');
      plane.talos.set(second, says(second, false));
      plane.talos.set(third, says(third, 'unknown'));
    });

    it('waits until it is gone, since others may still join what it made', async () => {
      expect(await plane.ask(bootstrapEtcd, cluster)).toMatchObject({
        settled: false,
        says: 'c-master-0 was to bootstrap etcd of c: it must be gone before another may',
      });
      expect(bootstrapped).toEqual([]);
    });

    it('waits for all who run to say that they have not joined what it made', async () => {
      await plane.ask(forgetMachine, await plane.machine('c-master-0'));
      expect(await plane.ask(bootstrapEtcd, cluster)).toMatchObject({
        settled: false,
        says: 'c-master-2 may have data of etcd, and does not answer',
      });
      expect(bootstrapped).toEqual([]);
      plane.talos.set(third, says(third, false));
      expect(await plane.ask(bootstrapEtcd, cluster)).toMatchObject({ settled: true, says: 'bootstrapped etcd on c-master-1' });
    });

    it('finds what it made on another', async () => {
      await plane.ask(forgetMachine, await plane.machine('c-master-0'));
      plane.talos.set(third, says(third, true));
      expect(await plane.ask(bootstrapEtcd, cluster)).toMatchObject({ settled: true, says: 'etcd has data on c-master-2' });
      expect(bootstrapped).toEqual([]);
    });
  });

  it('ends when the Cluster is being deleted', async () => {
    const cluster = await plane.raise();
    await beginDeletion(plane.store, clusterKind, cluster, plane.clock.now());
    expect(await plane.ask(bootstrapEtcd, cluster)).toMatchObject({ settled: false, superseded: true });
  });
});
