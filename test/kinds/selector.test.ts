import { describe, expect, it } from '@jest/globals';
import { formatSelector, isEmptySelector, matchesLabels } from '../../shared/kinds/selector.ts';

const labels = { set: 'worker', tier: 'a' };
const expression = (key: string, operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist', values?: string[]) => ({
  matchExpressions: [{ key, operator, ...(values && { values }) }],
});

describe('label selectors', () => {
  it.each([
    [{ matchLabels: { set: 'worker' } }, true, 'set=worker'],
    [{ matchLabels: { tier: 'a', set: 'worker' } }, true, 'set=worker,tier=a'],
    [{ matchLabels: { set: 'master' } }, false, 'set=master'],
    [expression('tier', 'In', ['a', 'b']), true, 'tier in (a,b)'],
    [expression('tier', 'In', ['b']), false, 'tier in (b)'],
    [expression('zone', 'In', ['b']), false, 'zone in (b)'],
    [expression('tier', 'NotIn', ['b']), true, 'tier notin (b)'],
    [expression('tier', 'NotIn', ['a']), false, 'tier notin (a)'],
    [expression('zone', 'NotIn', ['a']), true, 'zone notin (a)'],
    [expression('set', 'Exists'), true, 'set'],
    [expression('zone', 'Exists'), false, 'zone'],
    [expression('zone', 'DoesNotExist'), true, '!zone'],
    [expression('set', 'DoesNotExist'), false, '!set'],
    [{ matchLabels: { set: 'worker' }, ...expression('tier', 'In', ['b']) }, false, 'set=worker,tier in (b)'],
  ])('%j matches: %s, and reads %s', (selector, matches, text) => {
    expect(matchesLabels(selector, labels)).toBe(matches);
    expect(formatSelector(selector)).toBe(text);
    expect(isEmptySelector(selector)).toBe(false);
  });

  it('are empty without any requirement', () => {
    expect([{}, { matchLabels: {} }, { matchExpressions: [] }].map(isEmptySelector)).toEqual([true, true, true]);
  });
});
