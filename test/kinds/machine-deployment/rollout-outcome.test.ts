import { describe, expect, it } from '@jest/globals';
import type { MachineDeploymentFacts } from '../../../shared/kinds/machine-deployment/facts.ts';
import type { MachineDeployment } from '../../../shared/kinds/machine-deployment/model.ts';
import { planMachineDeployment } from '../../../shared/kinds/machine-deployment/plan.ts';
import { isComplete } from '../../../shared/kinds/machine-deployment/progress.ts';
import { rolloutOutcome } from '../../../shared/kinds/machine-deployment/rollout.ts';
import { annotationKeys } from '../../../shared/kinds/machine-set/annotations.ts';
import type { MachineSet } from '../../../shared/kinds/machine-set/model.ts';
import { aMachineSet, now } from './builders.ts';
import { facts, full, old, reported, rollout } from './facts.ts';

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
    if (outcome === 'paused' || outcome === 'superseded') expect(planMachineDeployment(asked).operations).toEqual([]);
  });

  /** A new Machine that does not come up, and nothing to be done but wait for it. */
  const waiting = () => {
    const annotations = (revision: string) => ({
      [annotationKeys.desiredReplicas]: '3',
      [annotationKeys.maxReplicas]: '4',
      [annotationKeys.disableMachineCreate]: 'false',
      [annotationKeys.revision]: revision,
    });
    const sets = [
      full('old', 'v1', 3, { annotations: annotations('1') }),
      full('new', 'v2', 1, { ready: 0, available: 0, annotations: annotations('2') }),
    ];
    const stands = { annotations: { [annotationKeys.revision]: '2' } };
    const notNearer = { replicas: 4, updated: 1, ready: 3, available: 3 };
    return { sets, deployment: (more = {}) => ({ ...stands, ...reported({ ...stuck, counts: notNearer, ...more }) }) };
  };

  it.each(['reconcile', 'rollout'] as const)('past its deadline goes on where it can: asked by %s', (by) => {
    const asked = facts(reported({ ...stuck, counts }), [old()], { by, ...(by === 'rollout' && { execution }) });
    const [first] = planMachineDeployment(asked).operations;
    expect(first?.op).toBe(by === 'rollout' ? 'create' : 'start');
  });

  it('past its deadline is a condition, starts nothing, and is looked for in time', () => {
    const { sets, deployment } = waiting();
    const late = facts(deployment(), sets);
    expect(planMachineDeployment(late).operations).toEqual([]);
    expect(planMachineDeployment({ ...late, by: 'rollout', execution }).operations).toEqual([]);
    expect(planMachineDeployment(late).status.conditions).toContainEqual({
      type: 'Progressing',
      status: 'False',
      reason: 'ProgressDeadlineExceeded',
      message: 'No progress for 600 seconds (spec.progressDeadlineSeconds): see which Machines are not available',
      lastTransitionTime: '2026-01-01T00:00:00Z',
    });
    const soon = facts(deployment({ lastProgress: now - 590_000, rollout: rollout(1, 590) }), sets, { execution });
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
