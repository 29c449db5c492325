import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { planMachineSet } from '../../../shared/kinds/machine-set/plan.ts';
import type { Operation } from '../../../shared/kinds/operation.ts';
import { aMachineSet } from '../machine-deployment/builders.ts';
import { aMachine, facts, machines, now, template } from './builders.ts';

const inShort = (operations: readonly Operation[]) =>
  operations.map((operation) =>
    `${operation.op} ${operation.op === 'create' || operation.op === 'start' ? '' : operation.target.name}`.trim(),
  );

describe('a MachineSet', () => {
  it.each([
    [2, 2, []],
    [5, 2, ['create', 'create', 'create']],
    [2, 4, ['delete m1', 'delete m2']],
    [0, 2, ['delete m1', 'delete m2']],
    [0, 0, []],
  ])('that should have %i Machines and has %i: %j', (desired, existing, expected) => {
    expect(inShort(planMachineSet(facts(desired, machines(existing))).operations)).toEqual(expected);
  });

  it('waits for Machines that are being deleted: they exist until they are gone', () => {
    const members = [...machines(2), aMachine('m3', { deleting: true })];
    expect(planMachineSet(facts(3, members)).operations).toEqual([]);
    expect(inShort(planMachineSet(facts(1, members)).operations)).toEqual(['delete m1']);
  });

  it('makes Machines from its template, with the finalizer that their teardown needs', () => {
    const [create] = planMachineSet(facts(1, [])).operations;
    expect(create).toEqual({
      op: 'create',
      kind: 'Machine',
      name: expect.stringMatching(/^ms-[bcdfghjklmnpqrstvwxz2456789]{5}$/),
      labels: template.labels,
      annotations: {},
      finalizers: ['machine.cluster.k8s.io'],
      spec: template.spec,
      because: 'has 0 Machines, spec.replicas is 1',
    });
  });

  it('makes none before its Cluster has its secrets, says so, and looks again', () => {
    const starting = planMachineSet(facts(3, [], { clusterStarts: true }));
    expect(starting.operations).toEqual([]);
    expect(starting.checkAgainIn).toBe(60);
    expect(starting.status.conditions?.find(({ type }) => type === 'ScalingUp')).toMatchObject({
      status: 'True',
      message: 'Scaling up from 0 to 3 replicas, once its Cluster has its secrets',
    });
    expect(inShort(planMachineSet(facts(1, machines(2), { clusterStarts: true })).operations)).toEqual(['delete m1']);
  });

  it('names Machines anew in every turn', () => {
    const names = [7, 8].flatMap((turn) =>
      planMachineSet(facts(50, [], { turn })).operations.map((each) => each.op === 'create' && each.name),
    );
    expect(new Set(names).size).toBe(100);
  });

  it('says of each Machine that it gives up why it is that one', () => {
    const members = [aMachine('m1'), aMachine('m2', { ready: false })];
    expect(planMachineSet(facts(1, members)).operations).toEqual([
      {
        op: 'delete',
        target: { kind: 'Machine', name: 'm2', uid: 'm2-uid' },
        because: 'has 2 Machines, spec.replicas is 1; it is not healthy',
      },
    ]);
  });

  it('makes none when its MachineDeployment forbids it, but gives up those that are too many', () => {
    const machineSet = aMachineSet('ms', 'v1', { desired: 2, annotations: { 'cluster.k8s.io/disable-machine-create': 'true' } });
    expect(planMachineSet(facts(2, [], { machineSet })).operations).toEqual([]);
    expect(inShort(planMachineSet(facts(2, machines(3), { machineSet })).operations)).toEqual(['delete m1']);
  });

  it('does nothing while its cluster is paused, or while it is annotated so, but counts', () => {
    const annotated = aMachineSet('ms', 'v1', { desired: 5, annotations: { 'cluster.x-k8s.io/paused': '' } });
    for (const paused of [facts(5, machines(2), { clusterPaused: true }), facts(5, machines(2), { machineSet: annotated })]) {
      const { operations, status } = planMachineSet(paused);
      expect(operations).toEqual([]);
      expect(status).toMatchObject({ replicas: 2, readyReplicas: 2 });
      expect(status.conditions).toContainEqual(expect.objectContaining({ type: 'Paused', status: 'True' }));
    }
  });

  it('adds its finalizer before it makes the first Machine', () => {
    const machineSet = aMachineSet('ms', 'v1', { desired: 1, finalizers: ['someone.else'] });
    const [first, second] = planMachineSet(facts(1, [], { machineSet })).operations;
    expect(first).toMatchObject({ op: 'update', change: { finalizers: ['someone.else', 'machineset.cluster.k8s.io'] } });
    expect(second?.op).toBe('create');
  });

  it('hands on what changes in place, and leaves alone what others added', () => {
    const machineSet = aMachineSet('ms', 'v1', {
      desired: 1,
      template: {
        ...template,
        labels: { ...template.labels, zone: 'a' },
        annotations: { note: 'new' },
        inPlace: { taints: [{ key: 'gpu', effect: 'NoSchedule' }], deletion: { nodeDrainTimeoutSeconds: 60 } },
      },
    });
    const machine = aMachine('m1', {
      labels: { ...template.labels, mine: 'kept' },
      inPlace: { deletion: { nodeDrainTimeoutSeconds: 30 }, metadata: { labels: { old: 'x' } } },
    });
    expect(planMachineSet(facts(1, [machine], { machineSet })).operations).toEqual([
      {
        op: 'update',
        target: { kind: 'Machine', name: 'm1', uid: 'm1-uid' },
        change: {
          labels: { zone: 'a' },
          annotations: { note: 'new' },
          spec: { deletion: { nodeDrainTimeoutSeconds: 60 }, metadata: null, taints: [{ key: 'gpu', effect: 'NoSchedule' }] },
        },
        because: 'deletion, metadata, taints, labels, annotations of the template changed, which needs no new Machine',
      },
    ]);
  });

  it('hands nothing on to a Machine that goes', () => {
    const members = [aMachine('m1', { deleting: true, labels: {} }), aMachine('m2', { labels: {} })];
    expect(inShort(planMachineSet(facts(1, members)).operations)).toEqual(['update m2']);
  });

  it('never leaves fewer Machines than it should have, and never makes more', () => {
    const member = fc.record({ deleting: fc.boolean(), ready: fc.constantFrom(true, false, undefined), failed: fc.boolean() });
    fc.assert(
      fc.property(
        fc.nat({ max: 12 }),
        fc.array(member, { maxLength: 12 }),
        fc.constantFrom('Random', 'Newest', 'Oldest'),
        (desired, states, deletePolicy) => {
          const members = states.map((state, i) => aMachine(`m${i}`, state));
          const machineSet = aMachineSet('ms', 'v1', { desired, deletePolicy });
          const { operations } = planMachineSet(facts(desired, members, { machineSet }));
          const deleted = operations.filter((each) => each.op === 'delete').length;
          const created = operations.filter((each) => each.op === 'create').length;
          const leaving = members.filter((each) => each.deleting).length;
          expect(members.length - leaving - deleted).toBeGreaterThanOrEqual(Math.min(desired, members.length - leaving));
          expect(members.length + created).toBeLessThanOrEqual(Math.max(desired, members.length));
        },
      ),
    );
  });
});

describe('a MachineSet that is being deleted', () => {
  const deleting = (finalizers = ['machineset.cluster.k8s.io']) => aMachineSet('ms', 'v1', { desired: 2, deleting: true, finalizers });

  it('deletes its Machines, and stays until the last is gone', () => {
    const members = [aMachine('m1'), aMachine('m2', { deleting: true })];
    expect(inShort(planMachineSet(facts(2, members, { machineSet: deleting() })).operations)).toEqual(['delete m1']);
    expect(planMachineSet(facts(2, [aMachine('m2', { deleting: true })], { machineSet: deleting() })).operations).toEqual([]);
  });

  it("goes then, as far as it holds itself: its other dependents are the collector's", () => {
    const machineSet = deleting(['machineset.cluster.k8s.io', 'foregroundDeletion', 'someone.else']);
    expect(planMachineSet(facts(2, [], { machineSet })).operations).toEqual([
      {
        op: 'update',
        target: { kind: 'MachineSet', name: 'ms', uid: 'ms-uid' },
        change: { finalizers: ['foregroundDeletion', 'someone.else'] },
        because: 'no Machine of it is left',
      },
    ]);
    expect(planMachineSet(facts(2, [], { machineSet: deleting(['someone.else']) })).operations).toEqual([]);
  });

  it('sets its Machines free when they are to be orphaned', () => {
    const machineSet = deleting(['machineset.cluster.k8s.io', 'orphan']);
    const { operations } = planMachineSet(facts(2, machines(2), { machineSet }));
    expect(operations.map((each) => each.op === 'update' && each.change)).toEqual([{ ownerReferences: [] }, { ownerReferences: [] }]);
    const [last] = planMachineSet(facts(2, [], { machineSet })).operations;
    expect(last).toMatchObject({ op: 'update', change: { finalizers: ['orphan'] } });
  });
});

describe('the status of a MachineSet', () => {
  const of = (members: ReturnType<typeof machines>, minReadySeconds = 0) =>
    planMachineSet(facts(3, members, { machineSet: aMachineSet('ms', 'v1', { desired: 3, minReadySeconds, generation: 4 }) }));

  it('counts Machines, those with all labels, those that are ready, and those that have been for long enough', () => {
    const members = [
      aMachine('m1', { readySince: now - 60_000 }),
      aMachine('m2', { readySince: now - 10_000 }),
      aMachine('m3', { ready: false, labels: {} }),
      aMachine('m4', { deleting: true }),
      aMachine('m5', { ready: undefined }),
    ];
    expect(of(members, 30).status).toMatchObject({
      replicas: 5,
      fullyLabeledReplicas: 4,
      readyReplicas: 2,
      availableReplicas: 1,
      observedGeneration: 4,
      labelSelector: 'cluster.k8s.io/cluster-name=talos-gce,machine-template-hash=hash-of-ms,set=worker',
    });
  });

  it('looks again when the next Machine will have been ready for long enough', () => {
    const members = [
      aMachine('m1', { readySince: now - 60_000 }),
      aMachine('m2', { readySince: now - 10_500 }),
      aMachine('m3', { readySince: now - 1000 }),
    ];
    expect(of(members, 30).checkAgainIn).toBe(20);
    expect(of(members, 0).checkAgainIn).toBeUndefined();
    expect(of([aMachine('m1', { ready: false })], 30).checkAgainIn).toBeUndefined();
  });

  it('counts a Machine as available in the very second in which it becomes so', () => {
    expect(of([aMachine('m1', { readySince: now - 29_999 })], 30).status.availableReplicas).toBe(0);
    expect(of([aMachine('m1', { readySince: now - 30_000 })], 30).status.availableReplicas).toBe(1);
  });

  it('keeps the time of a condition while it says the same, and moves it when it does not', () => {
    const before = of(machines(2)).status.conditions;
    const later = now + 60_000;
    const again = (members: ReturnType<typeof machines>) =>
      planMachineSet(facts(3, members, { now: later, machineSet: aMachineSet('ms', 'v1', { desired: 3, conditions: before }) })).status
        .conditions;
    const timeOf = (conditions: typeof before, type: string) => conditions?.find((each) => each.type === type)?.lastTransitionTime;
    expect(timeOf(again(machines(2)), 'ScalingUp')).toBe('2026-01-01T00:00:00Z');
    expect(timeOf(again(machines(3)), 'ScalingUp')).toBe('2026-01-01T00:01:00Z');
    expect(again(machines(2))?.find((each) => each.type === 'ScalingUp')?.message).toBe('Scaling up from 2 to 3 replicas');
  });
});
