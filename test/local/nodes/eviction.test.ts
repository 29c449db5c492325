import { describe, expect, it } from '@jest/globals';
import { disruptionsAllowed } from '../../../infra/local/nodes/eviction.ts';
import type { PodObject } from '../../../infra/local/nodes/kinds/pod.ts';
import type { PodDisruptionBudgetObject } from '../../../infra/local/nodes/kinds/pod-disruption-budget.ts';

const pod = (state: string): PodObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name: 'p',
    namespace: 'default',
    labels: { app: state === 'other' ? 'other' : 'web' },
    ...(state === 'ending' && { deletionTimestamp: '2019-07-26T00:00:00Z' }),
  },
  spec: { containers: [{ name: 'c' }], terminationGracePeriodSeconds: 30 },
  status: {
    phase: state === 'pending' ? 'Pending' : 'Running',
    containerStatuses: [{ name: 'c', ready: state !== 'unready', restartCount: 0 }],
  },
});

const budget = (spec: PodDisruptionBudgetObject['spec']): PodDisruptionBudgetObject => ({
  apiVersion: 'policy/v1',
  kind: 'PodDisruptionBudget',
  metadata: { name: 'b', namespace: 'default' },
  spec: { selector: { matchLabels: { app: 'web' } }, ...spec },
});

describe('a disruption budget', () => {
  it.each([
    ['two of three must stay', { minAvailable: 2 }, ['ok', 'ok', 'ok'], 1],
    ['two of three must stay and one is not ready', { minAvailable: 2 }, ['ok', 'ok', 'unready'], 0],
    ['two of three must stay and one is ending', { minAvailable: 2 }, ['ok', 'ok', 'ending'], 0],
    ['two of three must stay and one never started', { minAvailable: 2 }, ['ok', 'ok', 'pending'], 0],
    ['half of three must stay, which is two', { minAvailable: '50%' }, ['ok', 'ok', 'ok'], 1],
    ['one of four may go', { maxUnavailable: 1 }, ['ok', 'ok', 'ok', 'ok'], 1],
    ['one of four may go and one is gone already', { maxUnavailable: 1 }, ['ok', 'ok', 'ok', 'unready'], 0],
    ['none may go', { maxUnavailable: 0 }, ['ok', 'ok'], 0],
    ['Pods of others do not count', { minAvailable: 1 }, ['ok', 'other', 'other'], 0],
  ])('by which %s: %j over %j leaves %i', (_, spec, pods, allowed) => {
    expect(disruptionsAllowed(budget(spec), pods.map(pod))).toBe(allowed);
  });
});
