import { describe, expect, it } from '@jest/globals';
import { Invalid } from '../../../shared/errors.ts';
import { fenceposts } from '../../../shared/kinds/machine-deployment/fenceposts.ts';
import { toMachineDeployment } from '../../../shared/kinds/machine-deployment/to-model.ts';
import { stored } from './manifest.ts';

describe('surge and unavailable in Machines', () => {
  it.each([
    ['0%', '0%', 0, { maxSurge: 0, maxUnavailable: 1 }],
    ['39%', '39%', 10, { maxSurge: 4, maxUnavailable: 3 }],
    [0, 0, 3, { maxSurge: 0, maxUnavailable: 1 }],
    [1, 0, 3, { maxSurge: 1, maxUnavailable: 0 }],
    ['200%', '25%', 3, { maxSurge: 6, maxUnavailable: 0 }],
  ])('surge %s, unavailable %s of %i', (maxSurge, maxUnavailable, replicas, expected) => {
    expect(fenceposts({ maxSurge, maxUnavailable, replicas })).toEqual(expected);
  });

  it.each([
    ['oops', '39%', 10],
    ['55%', 'urg', 10],
    ['5', '1', 7],
  ])('are refused as surge %s, unavailable %s', (maxSurge, maxUnavailable, replicas) => {
    expect(() => fenceposts({ maxSurge, maxUnavailable, replicas })).toThrow(Invalid);
  });

  it.each([
    [10, 5, 5],
    [10, 10, 10],
    [5, 10, 5],
    [0, 10, 0],
    [10, '50%', 5],
    [10, '100%', 10],
    [5, '100%', 5],
  ])('of %i replicas, %s unavailable are %i', (replicas, maxUnavailable, expected) => {
    const object = stored({ replicas, strategy: { rollingUpdate: { maxUnavailable, maxSurge: 1 } } });
    expect(toMachineDeployment(object).maxUnavailable).toBe(expected);
  });

  it('are none with strategy OnDelete', () => {
    expect(toMachineDeployment(stored({ strategy: { type: 'OnDelete' } }))).toMatchObject({ maxSurge: 0, maxUnavailable: 0 });
  });
});
