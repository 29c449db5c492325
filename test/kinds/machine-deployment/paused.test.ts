import { describe, expect, it } from '@jest/globals';
import { planPaused } from '../../../shared/kinds/machine-deployment/paused.ts';
import { aDeployment, aMachineSet, now } from './builders.ts';

const desiredKey = 'machinedeployment.clusters.k8s.io/desired-replicas';
const maxKey = 'machinedeployment.clusters.k8s.io/max-replicas';
const set = (name: string, desired: number, { available = desired, former = desired, max = 0, age = 0 } = {}) =>
  aMachineSet(name, 'v1', {
    desired,
    existing: desired,
    available,
    createdAt: now - age,
    annotations: { [desiredKey]: `${former}`, ...(max > 0 && { [maxKey]: `${max}` }) },
  });
const plan = (
  replicas: number,
  maxSurge: number,
  sets: ReturnType<typeof set>[],
  current?: ReturnType<typeof set>,
  strategy = 'RollingUpdate' as const,
) =>
  Object.fromEntries(
    [...planPaused(aDeployment({ replicas, maxSurge, strategy }), sets, current)].map(([name, { replicas: n }]) => [name, n]),
  );

describe('scaling while paused', () => {
  it('does nothing before there is a MachineSet', () => {
    expect(plan(3, 1, [])).toEqual({});
  });

  it('gives all replicas to the only active MachineSet, current or not', () => {
    expect(plan(5, 1, [set('a', 3), set('b', 0)])).toEqual({ a: 5 });
    expect(plan(0, 1, [set('a', 3), set('b', 0)])).toEqual({ a: 0 });
  });

  it('gives all replicas to the current, else the newest, when none is active', () => {
    const [old, newer] = [set('a', 0, { age: 2000 }), set('b', 0, { age: 1000 })];
    expect(plan(2, 1, [old, newer])).toEqual({ b: 2 });
    expect(plan(2, 1, [old, newer], old)).toEqual({ a: 2 });
  });

  it('drops the old ones when the current one has all it should have', () => {
    const current = set('b', 3);
    expect(plan(3, 1, [set('a', 1), current], current)).toEqual({ a: 0 });
  });

  it.each([
    ['wants fewer', set('b', 2)],
    ['has one that is not available', set('b', 3, { available: 2 })],
    ['was asked for another number before', set('b', 3, { former: 2 })],
  ])('keeps the old ones when the current one %s', (_, current) => {
    expect(plan(3, 1, [set('a', 4 - current.desired), current], current)).toEqual({});
  });

  it.each([
    // replicas, surge, sizes and what they could be at most before, sizes after
    { replicas: 15, surge: 3, sizes: [8, 5], max: 13, after: [11, 7] },
    { replicas: 10, surge: 0, sizes: [3, 2], max: 5, after: [6, 4] },
    { replicas: 5, surge: 0, sizes: [6, 4], max: 10, after: [3, 2] },
    { replicas: 6, surge: 0, sizes: [3, 1, 1], max: 5, after: [4, 1, 1] },
    { replicas: 0, surge: 3, sizes: [6, 4], max: 13, after: [0, 0] },
    { replicas: 9, surge: 1, sizes: [6, 4], max: 10, after: [6, 4] },
  ])('keeps the shares of $sizes at $replicas replicas with surge $surge: $after', ({ replicas, surge, sizes, max, after }) => {
    const sets = sizes.map((size, i) => set(`ms${i}`, size, { max, age: i }));
    const intents = plan(replicas, surge, sets);
    expect(sizes.map((size, i) => intents[`ms${i}`] ?? size)).toEqual(after);
  });

  it('gives what rounding leaves to the largest', () => {
    // 7 allowed of 6: each of three would get round(2 * 7 / 6) - 2 = 0.
    const sets = ['a', 'b', 'c'].map((name, i) => set(name, 2, { max: 6, age: 3000 - i * 1000 }));
    expect(plan(7, 0, sets)).toEqual({ c: 3 });
    expect(plan(5, 0, sets)).toEqual({ a: 1 });
  });

  it('reckons with the Machines that exist where nothing was written down', () => {
    expect(plan(10, 0, [set('a', 3), set('b', 2)])).toEqual({ a: 6, b: 4 });
  });

  it('leaves several active MachineSets of an OnDelete rollout alone', () => {
    expect(planPaused(aDeployment({ replicas: 9, strategy: 'OnDelete' }), [set('a', 3), set('b', 2)], undefined).size).toBe(0);
  });
});
