import { describe, expect, it } from '@jest/globals';
import { planMachineDeployment } from '../../../shared/kinds/machine-deployment/plan.ts';
import { lastExecution, rolloutOutcome } from '../../../shared/kinds/machine-deployment/rollout.ts';
import type { MachineSet } from '../../../shared/kinds/machine-set/model.ts';
import { aDeployment, aMachineSet, now } from './builders.ts';
import { facts, full, old, reported, rollout } from './facts.ts';

const inShort = (plan: ReturnType<typeof planMachineDeployment>) =>
  plan.operations.map((each) => `${each.op} ${each.op === 'create' ? each.kind : each.op === 'start' ? each.execution : each.target.name}`);

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
        input: { kind: 'MachineDeployment', namespace: 'default', name: 'md', uid: 'md-uid', generation: 2 },
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
