import { beforeEach, describe, expect, it } from '@jest/globals';
import { Conflict, RetryLater } from '../../shared/errors.ts';
import { event } from '../../shared/kinds/core/event.ts';
import { machine } from '../../shared/kinds/machine/kind.ts';
import { type MachineSetObject, machineSet } from '../../shared/kinds/machine-set/kind.ts';
import { type KubeObject, nameOf } from '../../shared/kinds/object.ts';
import type { CreateOperation, Operation, Plan } from '../../shared/kinds/operation.ts';
import { type Controller, reconcile } from '../../shared/reconcile/reconcile.ts';
import { aWorker } from '../plane/objects.ts';
import { aMachineSet } from './objects.ts';
import { type TestPorts, testPorts } from './ports.ts';

let ports: TestPorts;
let set: MachineSetObject;
const name = { namespace: 'default', name: 'ms' };

beforeEach(async () => {
  ports = await testPorts();
  set = await ports.store.create(machineSet, aMachineSet('ms'), { dueAt: ports.clock.now() });
});

/** A controller that plans what the test says; facts are the object and the turn. */
const planning = (
  plan: (object: MachineSetObject, turn: number) => Plan<object>,
): Controller<MachineSetObject, { object: MachineSetObject; turn: number }, object> => ({
  kind: machineSet,
  gather: async (object, turn) => ({ object, turn }),
  plan: ({ object, turn }) => plan(object, turn),
});

const child = (childName: string): CreateOperation => {
  const { metadata, spec } = aWorker('c', childName);
  return {
    op: 'create',
    kind: 'Machine',
    name: childName,
    labels: metadata.labels ?? {},
    annotations: {},
    spec,
    because: 'one is missing',
  };
};
const start: Operation = { op: 'start', workflow: 'rollout', execution: 'rollout-1', input: {}, because: 'it is time' };

const stored = async () => (await ports.store.get(machineSet, name))!;
const dueAt = async (): Promise<boolean> =>
  (await ports.store.due(machineSet, 'default', Number.POSITIVE_INFINITY)).some((due) => due.name === 'ms');
const dueNow = async (): Promise<boolean> => (await ports.store.due(machineSet, 'default', ports.clock.now())).length > 0;
const children = async () => (await ports.store.ownedBy(machine, 'default', set.metadata.uid!)).map(({ metadata }) => metadata.name);

describe('a reconcile', () => {
  it('that finds nothing to do and nothing new writes only that it need not look again', async () => {
    await reconcile(
      planning(() => ({ operations: [], status: {} })),
      name,
      ports,
    );
    expect((await stored()).metadata.resourceVersion).toBe(set.metadata.resourceVersion);
    expect(await dueAt()).toBe(false);
  });

  it('that is looked at soon enough anyhow writes nothing at all', async () => {
    let settled = 0;
    const settle: typeof ports.store.settle = (...args) => {
      settled++;
      return ports.store.settle(...args);
    };
    const counted = { ...ports, store: { ...ports.store, settle } };
    const looksAgainIn = (seconds: number) =>
      reconcile(
        planning(() => ({ operations: [], status: {}, checkAgainIn: seconds })),
        name,
        counted,
      );
    await looksAgainIn(600);
    expect(settled).toBe(1);
    await ports.clock.advance(200_000);
    await looksAgainIn(600);
    expect(settled).toBe(1);
    await ports.clock.advance(200_000);
    await looksAgainIn(600);
    expect(settled).toBe(2);
    await looksAgainIn(30);
    expect(settled).toBe(3);
    await ports.clock.advance(30_000);
    expect(await dueNow()).toBe(true);
  });

  it('that wants to look again is due then, and not before', async () => {
    await reconcile(
      planning(() => ({ operations: [], status: {}, checkAgainIn: 30 })),
      name,
      ports,
    );
    expect((await stored()).metadata.resourceVersion).toBe(set.metadata.resourceVersion);
    await ports.clock.advance(29_000);
    expect(await dueNow()).toBe(false);
    await ports.clock.advance(1_000);
    expect(await dueNow()).toBe(true);
  });

  it('writes a status that says something new, which its owner hears of and itself does not', async () => {
    const owned = await ports.store.create(machineSet, aMachineSet('owned', 'md'));
    await reconcile(
      planning(() => ({ operations: [], status: { replicas: 3 } })),
      nameOf(owned),
      ports,
    );
    const now = await ports.store.get(machineSet, nameOf(owned));
    expect(now?.status).toEqual({ replicas: 3 });
    expect(now?.metadata.generation).toBe(1);
    expect(await ports.wakesOfLast(machineSet, owned)).toEqual(['MachineDeployment default/md']);
  });

  it('tells of a status when it is new, and once', async () => {
    const tells = { type: 'Warning', reason: 'WaitingForRain', message: 'it is dry: wait' } as const;
    const plan = planning(() => ({ operations: [], status: { replicas: 0 }, tells }));
    await reconcile(plan, name, ports);
    await reconcile(plan, name, ports);
    const { items } = await ports.store.list(event);
    expect(items).toMatchObject([{ ...tells, count: 1, involvedObject: { kind: 'MachineSet', name: 'ms' } }]);
  });

  it('raises the turn when it acts, and keeps it when it only reports', async () => {
    await reconcile(
      planning((_, turn) => ({ operations: [child(`m-${turn}`)], status: {} })),
      name,
      ports,
    );
    await reconcile(
      planning((_, turn) => ({ operations: [child(`m-${turn}`)], status: {} })),
      name,
      ports,
    );
    expect(await children()).toEqual(['m-1', 'm-2']);
    await reconcile(
      planning(() => ({ operations: [], status: { replicas: 2 } })),
      name,
      ports,
    );
    expect((await stored()).status).toEqual({ replicas: 2, turn: 2 });
  });

  it('takes the turn before it acts: of two that planned from the same, only one acts', async () => {
    const counting: Controller<MachineSetObject, { count: number; turn: number }, object> = {
      kind: machineSet,
      gather: async (_, turn) => ({ turn, count: (await children()).length }),
      plan: ({ count, turn }) => ({ operations: Array.from({ length: 3 - count }, (_, i) => child(`m-${turn}-${i}`)), status: {} }),
    };
    const planned: number[] = [];
    const slower: typeof counting = {
      ...counting,
      async gather(object, turn, over) {
        const facts = await counting.gather(object, turn, over);
        // Another looks at the same, and acts, while this one thinks.
        if (planned.push(facts.count) === 1) await reconcile(counting, name, ports);
        return facts;
      },
    };
    await reconcile(slower, name, ports);
    expect(planned).toEqual([0, 3]);
    expect(await children()).toEqual(['m-1-0', 'm-1-1', 'm-1-2']);
  });

  it('stays due until its operations are done', async () => {
    const broken = { ...ports, store: { ...ports.store, create: () => Promise.reject(new RetryLater('no answer')) } };
    const plan = planning(() => ({ operations: [child('m')], status: {} }));
    await expect(reconcile(plan, name, broken)).rejects.toThrow('no answer');
    expect(await dueNow()).toBe(true);
    await reconcile(plan, name, ports);
    expect(await dueAt()).toBe(false);
  });

  it('plans again from what is there now when somebody else wrote in between', async () => {
    const seen: number[] = [];
    const plan = planning((object) => {
      seen.push(object.spec.replicas);
      return { operations: [], status: { replicas: object.spec.replicas } };
    });
    const meddling: typeof plan = {
      ...plan,
      async gather(object, turn) {
        if (seen.length === 0) await ports.store.update(machineSet, { ...object, spec: { ...object.spec, replicas: 7 } });
        return { object, turn };
      },
    };
    await reconcile(meddling, name, ports);
    expect(seen).toEqual([1, 7]);
    expect((await stored()).status).toEqual({ replicas: 7 });
  });

  it('leaves it to the queue when others write all the time', async () => {
    const hindered = { ...ports, store: { ...ports.store, update: () => Promise.reject(new Conflict('another was quicker')) } };
    const plan = planning(() => ({ operations: [], status: { replicas: 1 } }));
    await expect(reconcile(plan, name, hindered)).rejects.toThrow('MachineSet default/ms changed 8 times while it was planned');
  });

  it('of an object that is gone is over', async () => {
    const plan = planning(() => {
      throw new Error('nothing is there to be planned');
    });
    await reconcile(plan, { namespace: 'default', name: 'other' }, ports);
    await reconcile(
      planning((object) => ({ operations: [{ op: 'delete', target: self(object), because: 'enough' }], status: {} })),
      name,
      ports,
    );
    expect(await ports.store.get(machineSet, name)).toBeUndefined();
  });

  const self = ({ metadata }: KubeObject) => ({ kind: 'MachineSet', name: metadata.name, uid: metadata.uid! });

  it.each<[string, Operation[], object, string[]]>([
    ['of a status that changes while it acts', [child('m')], { replicas: 3 }, ['MachineDeployment default/md']],
    ['nothing of a turn alone', [child('m')], {}, []],
    ['nothing of an execution that starts: its steps will tell', [start], { replicas: 3 }, []],
  ])('tells its owner %s', async (_, operations, status, wakes) => {
    const owned = await ports.store.create(machineSet, aMachineSet('owned', 'md'));
    await reconcile(
      planning(() => ({ operations, status })),
      nameOf(owned),
      ports,
    );
    expect(await ports.wakesOfLast(machineSet, owned)).toEqual(wakes);
  });

  it('keeps when to look again over an execution that it starts', async () => {
    await reconcile(
      planning(() => ({ operations: [start], status: {}, checkAgainIn: 600 })),
      name,
      ports,
    );
    expect([...ports.executions.keys()]).toEqual(['rollout/rollout-1']);
    expect([await dueNow(), await dueAt()]).toEqual([false, true]);
  });
});
