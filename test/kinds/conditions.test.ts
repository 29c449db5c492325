import { describe, expect, it } from '@jest/globals';
import { conditionOf, type StoredCondition, withCondition } from '../../shared/kinds/conditions.ts';

const now = Date.parse('2026-01-01T00:00:00Z');
const before = '2025-12-31T00:00:00Z';
const ready = (status: 'True' | 'False' | 'Unknown', message = '') => ({ type: 'Ready', status, reason: 'R', message });

describe('a condition', () => {
  it('that is new begins now, behind the others', () => {
    const other: StoredCondition = { type: 'Other', status: 'True' };
    expect(withCondition([other], ready('True'), now)).toEqual([other, { ...ready('True'), lastTransitionTime: '2026-01-01T00:00:00Z' }]);
    expect(withCondition(undefined, ready('True'), now)).toHaveLength(1);
  });

  it.each([
    ['keeps its time while its status stays', 'True', before],
    ['begins anew when its status changes', 'False', '2026-01-01T00:00:00Z'],
  ] as const)('%s', (_, status, since) => {
    const former = { ...ready('True', 'old'), lastTransitionTime: before };
    expect(withCondition([former], ready(status, 'new'), now)).toEqual([{ ...ready(status, 'new'), lastTransitionTime: since }]);
  });

  it('that somebody wrote without a time gets one', () => {
    const former: StoredCondition = { type: 'Ready', status: 'True' };
    expect(withCondition([former], ready('True'), now)[0]?.lastTransitionTime).toBe('2026-01-01T00:00:00Z');
  });

  it('stays in its place', () => {
    const three = ['A', 'Ready', 'B'].map((type): StoredCondition => ({ type, status: 'False' }));
    expect(withCondition(three, ready('True'), now).map(({ type }) => type)).toEqual(['A', 'Ready', 'B']);
    expect(conditionOf(three, 'B')).toBe(three[2]);
    expect(conditionOf(three, 'C')).toBeUndefined();
  });
});
