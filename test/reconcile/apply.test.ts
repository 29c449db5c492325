import { beforeEach, describe, expect, it } from '@jest/globals';
import { Conflict, RetryLater } from '../../shared/errors.ts';
import { event } from '../../shared/kinds/core/event.ts';
import { type MachineObject, machine } from '../../shared/kinds/machine/kind.ts';
import { type MachineSetObject, machineSet } from '../../shared/kinds/machine-set/kind.ts';
import { nameOf } from '../../shared/kinds/object.ts';
import type { Operation } from '../../shared/kinds/operation.ts';
import { apply } from '../../shared/reconcile/apply.ts';
import { aWorker } from '../plane/objects.ts';
import { aMachineSet, ownerReference } from './objects.ts';
import { type TestPorts, testPorts } from './ports.ts';

let ports: TestPorts;
let owner: MachineSetObject;
beforeEach(async () => {
  ports = await testPorts();
  owner = await ports.store.create(machineSet, aMachineSet('ms', 'md', { finalizers: ['f'] }));
});

const make = (name: string): Operation => {
  const { metadata, spec } = aWorker('c', name);
  return {
    op: 'create',
    kind: 'Machine',
    name,
    labels: metadata.labels!,
    annotations: { a: '1' },
    finalizers: ['g'],
    spec,
    because: 'one is missing',
  };
};
const at = (name: string) => ({ namespace: 'default', name });
const get = (name: string) => ports.store.get(machine, at(name));
const carryOut = (operations: readonly Operation[], over: TestPorts = ports) => apply(machineSet, owner, operations, over);

/** A child as the MachineSet made it. */
async function aChild(name: string, more: Partial<MachineObject['metadata']> = {}): Promise<MachineObject> {
  const object = aWorker('c', name);
  const ownerReferences = [ownerReference('MachineSet', 'ms', owner.metadata.uid)];
  return ports.store.create(machine, { ...object, metadata: { ...object.metadata, ownerReferences, ...more } });
}
const target = ({ metadata }: MachineObject) => ({ kind: 'Machine', name: metadata.name, uid: metadata.uid! });

describe('a child that is created', () => {
  it('is controlled by its owner, stands beside it, and is due at once', async () => {
    await carryOut([make('m')]);
    const made = await get('m');
    expect(made).toMatchObject({ apiVersion: 'cluster.k8s.io/v1alpha1', kind: 'Machine' });
    expect(made?.metadata).toMatchObject({
      namespace: 'default',
      labels: { 'cluster.k8s.io/cluster-name': 'c' },
      annotations: { a: '1' },
      finalizers: ['g'],
      ownerReferences: [{ kind: 'MachineSet', name: 'ms', uid: owner.metadata.uid, controller: true, blockOwnerDeletion: true }],
    });
    expect(await ports.store.due(machine, 'default', ports.clock.now())).toEqual([at('m')]);
  });

  it('is the one that a former try made', async () => {
    await carryOut([make('m')]);
    const { uid } = (await get('m'))!.metadata;
    await carryOut([make('m')]);
    expect((await get('m'))?.metadata.uid).toBe(uid);
  });

  it('is not taken from somebody else', async () => {
    await ports.store.create(machine, aWorker('c', 'm'));
    await expect(carryOut([make('m')])).rejects.toThrow('Machine m exists and belongs to somebody else');
  });
});

describe('a change', () => {
  it.each<[string, Extract<Operation, { op: 'update' }>['change'], number]>([
    ['of the spec raises the generation', { spec: { taints: [{ key: 'k', effect: 'NoSchedule' }] } }, 2],
    ['of a label does not', { labels: { tier: 'web' } }, 1],
    ['to what the spec is already does not', { spec: { providerSpec: aWorker('c', 'm').spec.providerSpec } }, 1],
  ])('%s', async (_, change, generation) => {
    const child = await aChild('m');
    await carryOut([{ op: 'update', target: target(child), change, because: 'so it shall be' }]);
    expect((await get('m'))?.metadata.generation).toBe(generation);
  });

  it('takes away what it sets to null', async () => {
    const child = await aChild('m', { annotations: { keep: '1', drop: '1' } });
    await carryOut([{ op: 'update', target: target(child), change: { annotations: { drop: null } }, because: 'it is done' }]);
    expect((await get('m'))?.metadata.annotations).toEqual({ keep: '1' });
  });

  it('is not made to a namesake', async () => {
    await aChild('m');
    const change = { labels: { hit: 'yes' } };
    await carryOut([{ op: 'update', target: { kind: 'Machine', name: 'm', uid: 'of-another' }, change, because: 'so it shall be' }]);
    expect((await get('m'))?.metadata.labels).not.toHaveProperty('hit');
  });

  it('is made although the child moved on meanwhile', async () => {
    const child = await aChild('m');
    let writes = 0;
    const update: typeof ports.store.update = async (kind, object, write) => {
      writes += 1;
      if (writes === 1) await ports.store.update(machine, { ...child, status: { phase: 'Running' } });
      return ports.store.update(kind, object, write);
    };
    await carryOut([{ op: 'update', target: target(child), change: { labels: { tier: 'web' } }, because: 'so it shall be' }], {
      ...ports,
      store: { ...ports.store, update },
    });
    expect(await get('m')).toMatchObject({ metadata: { labels: { tier: 'web' } }, status: { phase: 'Running' } });
  });

  it('of the planned object itself is made to what was read, or not at all', async () => {
    const update: Operation = {
      op: 'update',
      target: { kind: 'MachineSet', name: 'ms', uid: owner.metadata.uid! },
      change: { finalizers: [] },
      because: 'all is gone',
    };
    await ports.store.update(machineSet, { ...owner, status: { replicas: 1 } });
    await expect(carryOut([update])).rejects.toThrow(Conflict);
  });
});

describe('a deletion', () => {
  it('marks while finalizers are left, once', async () => {
    const child = await aChild('m', { finalizers: ['f'] });
    const operation: Operation = { op: 'delete', target: target(child), because: 'it is one too many' };
    await carryOut([operation]);
    const marked = await get('m');
    expect(marked?.metadata).toMatchObject({ deletionTimestamp: '2019-07-26T00:00:00Z', generation: 2 });
    await ports.clock.advance(5_000);
    await carryOut([operation]);
    expect(await get('m')).toEqual(marked);
  });

  it('removes what nobody holds, and finds nothing the second time', async () => {
    const child = await aChild('m');
    const operation: Operation = { op: 'delete', target: target(child), because: 'it is one too many' };
    await carryOut([operation]);
    expect(await get('m')).toBeUndefined();
    await carryOut([operation]);
  });

  it('is over when the last finalizer goes', async () => {
    const child = await aChild('m', { finalizers: ['f'] });
    await carryOut([{ op: 'delete', target: target(child), because: 'it is one too many' }]);
    await carryOut([{ op: 'update', target: target(child), change: { finalizers: [] }, because: 'nothing is left of it' }]);
    expect(await get('m')).toBeUndefined();
  });
});

describe('several operations', () => {
  it('are all tried before an error is thrown', async () => {
    const create: typeof ports.store.create = (kind, object, write) =>
      object.metadata.name === 'm2' ? Promise.reject(new RetryLater('no answer')) : ports.store.create(kind, object, write);
    await expect(carryOut([make('m1'), make('m2'), make('m3')], { ...ports, store: { ...ports.store, create } })).rejects.toThrow(
      'no answer',
    );
    expect([await get('m1'), await get('m2'), await get('m3')].map((made) => made !== undefined)).toEqual([true, false, true]);
  });

  it('of one sort are one Event, with its reason in words', async () => {
    await carryOut(['m1', 'm2', 'm3', 'm4', 'm5'].map(make));
    const { items } = await ports.store.list(event);
    expect(items.map(({ type, reason, count, involvedObject }) => ({ type, reason, count, involvedObject: involvedObject.name }))).toEqual([
      { type: 'Normal', reason: 'SuccessfulCreate', count: 1, involvedObject: 'ms' },
    ]);
    expect(items[0]?.message).toMatch(/m1, m2, m3 and 2 more: one is missing$/);
  });

  it('that happen again raise the count of their Event', async () => {
    const child = await aChild('m');
    const change: Operation = { op: 'update', target: target(child), change: { labels: { tier: 'web' } }, because: 'so it shall be' };
    await carryOut([change]);
    await ports.clock.advance(60_000);
    await carryOut([change]);
    const { items } = await ports.store.list(event);
    expect(items.map(({ count, firstTimestamp, lastTimestamp }) => [count, firstTimestamp, lastTimestamp])).toEqual([
      [2, '2019-07-26T00:00:00Z', '2019-07-26T00:01:00Z'],
    ]);
  });

  it('do not fail over an Event that cannot be written', async () => {
    const create: typeof ports.store.create = (kind, object, write) =>
      object.kind === 'Event' ? Promise.reject(new RetryLater('no answer')) : ports.store.create(kind, object, write);
    await carryOut([make('m')], { ...ports, store: { ...ports.store, create } });
    expect(await get('m')).toBeDefined();
    expect((await ports.store.list(event)).items).toEqual([]);
  });

  it('give the planned object back as it is now', async () => {
    const current = await carryOut([
      {
        op: 'update',
        target: { kind: 'MachineSet', name: 'ms', uid: owner.metadata.uid! },
        change: { labels: { tier: 'web' } },
        because: 'so it shall be',
      },
      make('m'),
    ]);
    expect(current).toEqual(await ports.store.get(machineSet, nameOf(owner)));
    expect(current?.metadata.labels).toMatchObject({ tier: 'web' });
  });
});
