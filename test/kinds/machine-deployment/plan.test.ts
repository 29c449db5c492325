import { describe, expect, it } from '@jest/globals';
import type { MachineDeploymentFacts } from '../../../shared/kinds/machine-deployment/facts.ts';
import type { MachineDeployment } from '../../../shared/kinds/machine-deployment/model.ts';
import { planMachineDeployment } from '../../../shared/kinds/machine-deployment/plan.ts';
import { isComplete } from '../../../shared/kinds/machine-deployment/progress.ts';
import { lastExecution, rolloutOutcome } from '../../../shared/kinds/machine-deployment/rollout.ts';
import type { MachineSet } from '../../../shared/kinds/machine-set/model.ts';
import { aDeployment, aMachineSet, now } from './builders.ts';

const facts = (
  deployment: Partial<MachineDeployment>,
  machineSets: MachineSet[],
  more: Partial<MachineDeploymentFacts> = {},
): MachineDeploymentFacts => ({
  now,
  by: 'reconcile',
  deployment: aDeployment({ generation: 2, ...deployment }),
  machineSets,
  clusterPaused: false,
  ...more,
});
const full = (name: string, version: string, replicas = 3, more: Partial<MachineSet> = {}) =>
  aMachineSet(name, version, { desired: replicas, existing: replicas, ready: replicas, available: replicas, ...more });
const inShort = (plan: ReturnType<typeof planMachineDeployment>) =>
  plan.operations.map((each) => `${each.op} ${each.op === 'create' ? each.kind : each.op === 'start' ? each.execution : each.target.name}`);
const reported = (more: Partial<MachineDeployment['reported']>) => ({
  reported: { ...aDeployment().reported, observedGeneration: 2, ...more },
});
const rollout = (attempt: number, secondsAgo: number, generation = 2) => ({ generation, attempt, startedAt: now - secondsAgo * 1000 });
const old = () => full('old', 'v1');

describe('the reconciler', () => {
  it('makes the first MachineSet itself', () => {
    const [create] = planMachineDeployment(facts({}, [])).operations;
    expect(create).toMatchObject({
      op: 'create',
      kind: 'MachineSet',
      name: expect.stringMatching(/^md-[bcdfghjklmnpqrstvwxz2456789]{1,10}$/),
      finalizers: ['machineset.cluster.k8s.io'],
      annotations: {
        'machinedeployment.clusters.k8s.io/revision': '1',
        'machinedeployment.clusters.k8s.io/desired-replicas': '3',
        'machinedeployment.clusters.k8s.io/max-replicas': '4',
        'cluster.k8s.io/disable-machine-create': 'false',
      },
      spec: { replicas: 3, minReadySeconds: 0, deletePolicy: 'Random' },
    });
    const hash = create?.op === 'create' ? create.labels['machine-template-hash'] : undefined;
    expect(create).toMatchObject({
      name: `md-${hash}`,
      spec: {
        selector: { matchLabels: { set: 'worker', 'machine-template-hash': hash } },
        template: { metadata: { labels: { set: 'worker', 'machine-template-hash': hash } } },
      },
    });
  });

  it('gives a MachineDeployment that a user made its finalizer and its cluster label, before anything else', () => {
    const [first, second] = planMachineDeployment(facts({ finalizers: [], labels: {} }, [])).operations;
    expect(first).toMatchObject({
      op: 'update',
      target: { kind: 'MachineDeployment', uid: 'md-uid' },
      change: { finalizers: ['machinedeployment.cluster.k8s.io'], labels: { 'cluster.k8s.io/cluster-name': 'talos-gce' } },
    });
    expect(second?.op).toBe('create');
  });

  it('scales without an execution', () => {
    expect(inShort(planMachineDeployment(facts({ replicas: 5 }, [full('ms', 'v2')]))).slice(0, 1)).toEqual(['update ms']);
    expect(inShort(planMachineDeployment(facts({ replicas: 1 }, [full('ms', 'v2')]))).slice(0, 1)).toEqual(['update ms']);
  });

  it('leaves replacing Machines to an execution, and only starts it', () => {
    const { operations, status } = planMachineDeployment(facts({}, [old()]));
    expect(operations).toEqual([
      {
        op: 'start',
        workflow: 'rollout',
        execution: 'rollout-md-uid-g2-1',
        input: { namespace: 'default', name: 'md', uid: 'md-uid', generation: 2 },
        because: 'Machines are to be replaced',
      },
    ]);
    expect(status.rollout).toEqual({ generation: 2, attempt: 1, startedAt: '2026-01-01T00:00:00Z' });
    expect(lastExecution(aDeployment(reported({ rollout: rollout(1, 0) })))).toBe('rollout-md-uid-g2-1');
  });

  it.each([
    ['runs', rollout(1, 60), { name: 'rollout-md-uid-g2-1', running: true }, []],
    ['was written down but never started', rollout(1, 60), undefined, ['start rollout-md-uid-g2-1']],
    ['ended early', rollout(1, 60), { name: 'rollout-md-uid-g2-1', running: false }, ['start rollout-md-uid-g2-2']],
    ['ended early for the fifth time', rollout(5, 60), { name: 'rollout-md-uid-g2-5', running: false }, ['start rollout-md-uid-g2-6']],
    ['is of an earlier generation', rollout(3, 60, 1), { name: 'rollout-md-uid-g1-3', running: true }, ['start rollout-md-uid-g2-1']],
  ])('with an execution that %s', (_, started, execution, expected) => {
    const plan = planMachineDeployment(facts(reported({ rollout: started }), [old()], { ...(execution && { execution }) }));
    expect(inShort(plan)).toEqual(expected);
  });

  it.each([
    [1, 0, 1],
    [4, 3, 5],
    [7, 0, 60],
    [50, 59, 1],
  ])('waits after attempt %i, which began %i seconds ago, for another %i', (attempt, ago, wait) => {
    const execution = { name: `rollout-md-uid-g2-${attempt}`, running: false };
    const plan = planMachineDeployment(facts(reported({ rollout: rollout(attempt, ago) }), [old()], { execution }));
    expect([plan.operations, plan.checkAgainIn]).toEqual([[], wait]);
    expect(plan.status.rollout?.attempt).toBe(attempt);
  });

  it('carries an OnDelete rollout out itself: the user sets the pace', () => {
    expect(inShort(planMachineDeployment(facts({ strategy: 'OnDelete', maxSurge: 0 }, [old()])))).toEqual([
      'create MachineSet',
      'update old',
      'update md',
    ]);
  });

  it('does nothing while the cluster or the MachineDeployment is paused', () => {
    const paused = { annotations: { 'cluster.k8s.io/paused': 'true' } };
    for (const each of [facts({}, [old()], { clusterPaused: true }), facts(paused, [old()]), facts({ ...paused, deleting: true }, [old()])])
      expect(planMachineDeployment(each).operations).toEqual([]);
  });

  it('looks again when the time of a restart has come', () => {
    expect(planMachineDeployment(facts({ rolloutAfter: now + 4500 }, [full('ms', 'v2')])).checkAgainIn).toBe(5);
  });

  it('names a second MachineSet of the same template anew', () => {
    const nameOf = (sets: MachineSet[], rolloutAfter?: number) =>
      planMachineDeployment(facts({ rolloutAfter }, sets, { by: 'rollout' })).operations.find((each) => each.op === 'create')?.name ?? '';
    const first = nameOf([]);
    const second = nameOf([full(first, 'v2')], now - 1000);
    expect(second).toMatch(/^md-/);
    expect(second).not.toBe(first);
    expect(nameOf([full(first, 'v2', 3, { deleting: true })])).toBe(second);
  });

  it('keeps the names of MachineSets within a label', () => {
    const [create] = planMachineDeployment(facts({ name: 'm'.repeat(63) }, [])).operations;
    expect(create?.op === 'create' && create.name.length).toBeLessThanOrEqual(63);
  });

  it('hands its annotations on, but not those that speak of itself', () => {
    const annotations = {
      note: 'x',
      'kubectl.kubernetes.io/last-applied-configuration': '{}',
      'machinedeployment.clusters.k8s.io/revision': '9',
    };
    const [create] = planMachineDeployment(facts({ annotations }, [])).operations;
    expect(create).toMatchObject({ annotations: { note: 'x', 'machinedeployment.clusters.k8s.io/revision': '1' } });
    expect(create?.op === 'create' && Object.keys(create.annotations)).not.toContain('kubectl.kubernetes.io/last-applied-configuration');
  });

  it('changes nothing of MachineSets that are history', () => {
    const history = aMachineSet('history', 'v1', { minReadySeconds: 99 });
    const operations = planMachineDeployment(facts({}, [full('ms', 'v2'), history])).operations;
    expect(operations.every((each) => each.op !== 'update' || each.target.name !== 'history')).toBe(true);
  });

  it('tidies up when all is done, but for the newest of the old', () => {
    const idle = (name: string, revision: number) =>
      aMachineSet(name, name, { annotations: { 'machinedeployment.clusters.k8s.io/revision': `${revision}` } });
    const plan = (available: number) =>
      inShort(planMachineDeployment(facts({}, [full('ms', 'v2', 3, { available }), idle('a', 1), idle('b', 2)]))).filter((each) =>
        each.startsWith('delete'),
      );
    expect(plan(3)).toEqual(['delete a']);
    expect(plan(2)).toEqual([]);
  });
});

describe('a MachineDeployment that is being deleted', () => {
  it('deletes its MachineSets, waits for them, and goes', () => {
    const deleting = { deleting: true };
    expect(inShort(planMachineDeployment(facts(deleting, [old(), full('ms', 'v2', 3, { deleting: true })])))).toEqual(['delete old']);
    expect(planMachineDeployment(facts(deleting, [full('ms', 'v2', 3, { deleting: true })])).operations).toEqual([]);
    expect(planMachineDeployment(facts(deleting, [])).operations).toMatchObject([{ op: 'update', change: { finalizers: [] } }]);
  });

  it('leaves that to the reconciler: its rollout is over', () => {
    const asked = facts({ deleting: true }, [old()], { by: 'rollout', execution: { name: 'rollout-md-uid-g2-1', running: true } });
    expect([planMachineDeployment(asked).operations, rolloutOutcome(asked)]).toEqual([[], 'superseded']);
  });
});

describe('the outcome of a rollout', () => {
  const execution = { name: 'rollout-md-uid-g2-1', running: true };
  const stuck = { lastProgress: now - 601_000, conditions: [{ type: 'Progressing', status: 'True' as const, reason: 'RollingOut' }] };
  const counts = { replicas: 3, updated: 0, ready: 3, available: 3 };

  it.each<[string, string, Partial<MachineDeployment>, MachineSet[], Partial<MachineDeploymentFacts>]>([
    ['complete', 'all Machines are new', {}, [full('ms', 'v2')], {}],
    ['in progress', 'old Machines are left', {}, [old()], {}],
    ['in progress', 'a new Machine is not available', {}, [full('ms', 'v2', 3, { available: 2 })], {}],
    ['paused', 'spec.paused is set', { paused: true }, [old()], {}],
    ['paused', 'the cluster is paused', {}, [old()], { clusterPaused: true }],
    ['superseded', 'the spec changed', { generation: 3 }, [old()], {}],
    ['superseded', 'it is of generation 22, not 2', {}, [old()], { execution: { ...execution, name: 'rollout-md-uid-g22-1' } }],
    ['deadline exceeded', 'nothing moved for ten minutes', reported({ ...stuck, counts }), [old()], {}],
    ['in progress', 'something moved', reported({ ...stuck, counts: { ...counts, available: 2 } }), [old()], {}],
    [
      'in progress',
      'it was paused until now',
      reported({ ...stuck, counts, conditions: [{ type: 'Progressing', status: 'Unknown', reason: 'Paused' }] }),
      [old()],
      {},
    ],
    [
      'in progress',
      'all was well until now',
      reported({ ...stuck, counts, conditions: [{ type: 'Progressing', status: 'True', reason: 'Complete' }] }),
      [old()],
      {},
    ],
    ['in progress', 'the spec has just changed', reported({ ...stuck, counts, observedGeneration: 1 }), [old()], {}],
  ])('is %s when %s', (outcome, _, deployment, sets, more) => {
    const asked = facts(deployment, sets, { by: 'rollout', execution, ...more });
    expect(rolloutOutcome(asked)).toBe(outcome);
    if (outcome !== 'complete' && outcome !== 'in progress') expect(planMachineDeployment(asked).operations).toEqual([]);
  });

  it('past its deadline is a condition, starts nothing, and is looked for in time', () => {
    const late = facts(reported({ ...stuck, counts }), [old()]);
    expect(planMachineDeployment(late).operations).toEqual([]);
    expect(planMachineDeployment(late).status.conditions).toContainEqual({
      type: 'Progressing',
      status: 'False',
      reason: 'ProgressDeadlineExceeded',
      message: 'No progress for 600 seconds (spec.progressDeadlineSeconds): see which Machines are not available',
      lastTransitionTime: '2026-01-01T00:00:00Z',
    });
    const soon = facts({ ...reported({ ...stuck, counts, lastProgress: now - 590_000, rollout: rollout(1, 590) }) }, [old()], {
      execution,
    });
    expect(planMachineDeployment(soon).checkAgainIn).toBe(10);
  });

  it.each([
    [5, 5, 5, 5, true],
    [5, 5, 5, 4, false],
    [5, 5, 5, 3, false],
    [5, 5, 4, 5, false],
    [1, 2, 1, 1, false],
    [1, 1, 1, 0, false],
  ])('is complete with %i desired, %i there, %i up to date, %i available: %s', (replicas, existing, updated, available, expected) => {
    const sets = [
      aMachineSet('new', 'v2', { desired: replicas, existing: updated, available }),
      aMachineSet('old', 'v1', { existing: existing - updated }),
    ];
    expect(isComplete(facts({ replicas }, sets))).toBe(expected);
  });
});

describe('the status of a MachineDeployment', () => {
  const statusOf = (deployment: Partial<MachineDeployment>, sets: MachineSet[]) => planMachineDeployment(facts(deployment, sets)).status;
  const conditionOf = (status: ReturnType<typeof statusOf>, type: string) => {
    const found = status.conditions?.find((condition) => condition.type === type);
    return [found?.status, found?.message];
  };

  it('adds its MachineSets up', () => {
    const sets = [full('ms', 'v2', 2), full('old', 'v1', 3, { existing: 2, ready: 2, available: 1 })];
    expect(statusOf({}, sets)).toMatchObject({
      replicas: 4,
      updatedReplicas: 2,
      readyReplicas: 4,
      availableReplicas: 3,
      unavailableReplicas: 2,
      observedGeneration: 2,
      labelSelector: 'cluster.k8s.io/cluster-name=talos-gce,set=worker',
    });
  });

  it.each([
    [{}, 3, 'Running'],
    [{}, 2, 'ScalingUp'],
    [{}, 4, 'ScalingDown'],
    [{ deleting: true }, 3, 'ScalingDown'],
  ])('with %j and %i Machines of 3 is in phase %s', (deployment, existing, phase) => {
    expect(statusOf(deployment, [full('ms', 'v2', existing)]).phase).toBe(phase);
  });

  it('says how many more must be available', () => {
    const five = { replicas: 5, maxUnavailable: 1 };
    expect(conditionOf(statusOf(five, [full('ms', 'v2', 4)]), 'Available')).toEqual(['True', '']);
    expect(conditionOf(statusOf(five, [full('ms', 'v2', 3)]), 'Available')).toEqual([
      'False',
      '3 available replicas, at least 4 required (spec.strategy.rollingUpdate.maxUnavailable is 1, spec.replicas is 5)',
    ]);
    expect(conditionOf(statusOf({ deleting: true }, [full('ms', 'v2')]), 'Available')).toEqual(['False', 'Deletion in progress']);
  });

  it('says what is rolled out, and why', () => {
    expect(conditionOf(statusOf({}, [full('old', 'v1', 2)]), 'RollingOut')).toEqual([
      'True',
      'Rolling out 2 not up-to-date replicas\n* Version v1, v2 required',
    ]);
    expect(conditionOf(statusOf({}, [full('ms', 'v2')]), 'RollingOut')).toEqual(['False', '']);
  });

  it('says from where to where it scales', () => {
    expect(conditionOf(statusOf({}, []), 'ScalingUp')).toEqual(['True', 'Scaling up from 0 to 3 replicas']);
    expect(conditionOf(statusOf({ replicas: 1 }, [full('ms', 'v2', 4)]), 'ScalingDown')).toEqual([
      'True',
      'Scaling down from 4 to 1 replicas',
    ]);
    expect(conditionOf(statusOf({ deleting: true }, [full('ms', 'v2', 1)]), 'Deleting')).toEqual(['True', 'Deleting 1 MachineSet']);
  });
});
