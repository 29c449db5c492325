import { describe, expect, it } from '@jest/globals';
import { planOnDelete } from '../../../shared/kinds/machine-deployment/on-delete.ts';
import { growCurrent } from '../../../shared/kinds/machine-deployment/rolling-update.ts';
import { nothingIntended } from '../../../shared/kinds/machine-deployment/situation.ts';
import { counted } from './builders.ts';

const situation = (replicas: number, current: string, ...old: string[]) => ({
  replicas,
  maxUnavailable: 0,
  current: counted('new', current),
  old: old.map((counts, i) => counted(`ms${i + 1}`, counts)),
});

describe('a rollout at the pace of the user', () => {
  it.each([
    { replicas: 4, current: '0', old: ['3/3', '1/1'], expected: [3, 1] },
    { replicas: 3, current: '0', old: ['3/2', '1/0'], expected: [2, 0] },
    { replicas: 3, current: '2', old: ['1/1', '2/2'], expected: [0, 1] },
    { replicas: 3, current: '1', intends: 2, old: ['1/1', '2/2'], expected: [0, 1] },
    { replicas: 3, current: '2', old: ['1/0', '2/2'], expected: [0, 1] },
  ])('brings old MachineSets $old to $expected: $replicas replicas, current $current', ({ replicas, current, intends, old, expected }) => {
    const prior = intends === undefined ? nothingIntended : new Map([['new', { replicas: intends, because: [] }]]);
    const intents = planOnDelete(situation(replicas, current, ...old), prior);
    const after = old.map((counts, i) => intents.get(`ms${i + 1}`)?.replicas ?? Number(counts.split('/')[0]));
    expect(after).toEqual(expected);
  });

  it.each([
    { replicas: 1, old: '3', current: '5', becomes: undefined, because: undefined },
    { replicas: 6, old: '1', current: '2', becomes: 5, because: ['3 current Machines < 6 MachineDeployment spec.replicas'] },
  ])(
    'fills the current MachineSet up without surge: $replicas replicas, old $old, current $current',
    ({ replicas, old, current, becomes, because }) => {
      const intent = growCurrent(situation(replicas, current, old), nothingIntended).get('new');
      expect(intent?.replicas).toBe(becomes);
      expect(intent?.because).toEqual(because);
    },
  );

  it('makes the next Machine only when one that was deleted is gone', () => {
    expect(planOnDelete(situation(3, '0/0/0', '3/3/2')).size).toBe(0);
    expect(planOnDelete(situation(3, '0/0/0', '3/2/2')).get('ms1')?.because).toEqual(['scale down to align to existing Machines']);
    expect(planOnDelete(situation(3, '0/0/0', '2/2/2')).get('new')?.replicas).toBe(1);
  });
});
