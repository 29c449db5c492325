import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { less, noUsage, sumOf, times } from '../../../infra/aws/cost/usage.ts';
import { anyUsage } from './usages.ts';

describe('usage', () => {
  it('adds up in any order', () => {
    fc.assert(fc.property(anyUsage, anyUsage, (a, b) => expect(sumOf([a, b])).toEqual(sumOf([b, a]))));
  });

  it('taken twice is the double of it', () => {
    fc.assert(fc.property(anyUsage, (usage) => expect(sumOf([usage, usage])).toEqual(times(usage, 2))));
  });

  it('comes out of a sum as it went in', () => {
    fc.assert(fc.property(anyUsage, anyUsage, (a, b) => expect(less(sumOf([a, b]), b)).toEqual(a)));
  });

  it('is never below nothing', () => {
    fc.assert(fc.property(anyUsage, (usage) => expect(less(noUsage, usage)).toEqual(noUsage)));
  });
});
