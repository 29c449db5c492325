import { describe, expect, it } from '@jest/globals';
import { breakDeadlock } from '../../../shared/kinds/machine-deployment/deadlock.ts';
import { alignCurrent, growCurrent, planRollingUpdate, scaleDownOld } from '../../../shared/kinds/machine-deployment/rolling-update.ts';
import { type Intents, nothingIntended, type Situation } from '../../../shared/kinds/machine-deployment/situation.ts';
import { counted } from './builders.ts';

/** Counts are written wanted/existing/available, as in the tables of Cluster API. */
const situation = (replicas: number, maxSurge: number, maxUnavailable: number, current: string, ...old: string[]): Situation => ({
  replicas,
  maxSurge,
  maxUnavailable,
  current: counted('new', current),
  old: old.map((counts, i) => counted(`ms${i + 1}`, counts)),
});
const prior = (intents: Record<string, number>): Intents =>
  new Map(Object.entries(intents).map(([name, replicas]) => [name, { replicas, because: [] }]));
const replicasOf = (intents: Intents) => Object.fromEntries([...intents].map(([name, { replicas }]) => [name, replicas]));
const reasonsOf = (intents: Intents, name: string) => intents.get(name)?.because;

const N1 =
  'scale down to align to existing Machines or scale down by removing unavailable replicas (and no available replicas exist on the MachineSet)';
const more = (a: number, b: number) => `${a} available replicas > ${b} minimum available replicas`;

describe('the current MachineSet', () => {
  it.each([
    { replicas: 1, surge: 2, old: '5', current: '4', becomes: undefined, because: undefined },
    {
      replicas: 6,
      surge: 3,
      old: '5',
      current: '2',
      becomes: 4,
      because: '7 current Machines < 6 MachineDeployment spec.replicas + 3 maxSurge',
    },
  ])(
    'grows into the room there is: $replicas replicas, surge $surge, old $old, current $current',
    ({ replicas, surge, old, current, becomes, because }) => {
      const intents = growCurrent(situation(replicas, surge, 0, current, old), nothingIntended);
      expect(intents.get('new')?.replicas).toBe(becomes);
      expect(reasonsOf(intents, 'new')).toEqual(because && [because]);
    },
  );

  it.each([
    { replicas: 2, surge: 2, old: [], current: '0', becomes: 2 },
    { replicas: 0, surge: 2, old: [], current: '2', becomes: 0 },
    { replicas: 3, surge: 2, old: ['3/3'], current: '1', becomes: 2 },
    { replicas: 1, surge: 0, old: ['0/1'], current: '0', becomes: undefined },
    { replicas: 2, surge: 0, old: [], current: '2', becomes: undefined },
  ])('goes to $becomes: $replicas replicas, surge $surge, old $old, current $current', ({ replicas, surge, old, current, becomes }) => {
    expect(alignCurrent(situation(replicas, surge, 0, current, ...old), nothingIntended).get('new')?.replicas).toBe(becomes);
  });
});

describe('old MachineSets', () => {
  interface Row {
    row: number;
    replicas: number;
    surge: number;
    unavailable: number;
    current: string;
    old: string[];
    intents?: Record<string, number>;
    expected: Record<string, number>;
    because?: Record<string, string[]>;
  }
  const settings = { replicas: 3, surge: 1, unavailable: 0 };
  it.each<Row>([
    { row: 1, ...settings, replicas: 10, current: '10/10/10', old: ['0/0/0'], expected: {} },
    { row: 2, ...settings, current: '1/1/1', old: ['2/2/2'], expected: {} },
    { row: 3, ...settings, current: '1/1/1', old: ['2/2/1'], expected: {} },
    { row: 4, ...settings, current: '1/1/1', old: ['2/3/3'], expected: {} },
    { row: 5, replicas: 6, surge: 3, unavailable: 1, current: '3/0/0', old: ['2/3/3', '3/3/3'], expected: {} },
    { row: 6, ...settings, current: '1/1/0', old: ['3/3/0'], expected: {} },
    { row: 7, replicas: 3, surge: 0, unavailable: 1, current: '1/1/0', old: ['2/2/0'], expected: {} },
    { row: 8, ...settings, current: '2/2/2', old: ['2/2/2'], intents: { new: 1 }, expected: { new: 1 } },
    { row: 9, ...settings, current: '2/2/2', old: ['2/2/2'], intents: { ms1: 1 }, expected: { ms1: 1 } },
    { row: 10, ...settings, current: '1/1/0', old: ['3/3/3'], expected: {} },
    { row: 11, ...settings, current: '1/1/1', old: ['3/3/2'], expected: {} },
    { row: 12, ...settings, current: '1/1/1', old: ['3/3/3'], expected: { ms1: 2 }, because: { ms1: [more(4, 3)] } },
    {
      row: 13,
      ...settings,
      current: '1/1/1',
      old: ['2/2/2', '1/1/0', '2/2/0'],
      expected: { ms2: 0, ms3: 0 },
      because: { ms2: [N1], ms3: [N1] },
    },
    {
      row: 14,
      ...settings,
      current: '1/1/1',
      old: ['3/3/3', '1/1/0', '2/2/0'],
      expected: { ms2: 0, ms3: 0, ms1: 2 },
      because: { ms2: [N1], ms3: [N1], ms1: [more(4, 3)] },
    },
    {
      row: 15,
      ...settings,
      current: '1/1/1',
      old: ['4/3/3', '2/1/0', '5/2/0'],
      expected: { ms2: 0, ms3: 0, ms1: 2 },
      because: { ms2: [N1], ms3: [N1], ms1: [N1, more(4, 3)] },
    },
    { row: 16, ...settings, current: '1/1/1', old: ['1/1/1', '1/1/0', '2/2/1'], expected: { ms2: 0 }, because: { ms2: [N1] } },
    {
      row: 17,
      ...settings,
      current: '1/1/1',
      old: ['2/1/1', '3/1/0', '3/2/1'],
      expected: { ms1: 1, ms2: 0, ms3: 2 },
      because: { ms1: [N1], ms2: [N1], ms3: [N1] },
    },
    { row: 18, ...settings, current: '2/2/2', old: ['3/4/4'], expected: { ms1: 2 }, because: { ms1: [more(6, 3)] } },
    {
      row: 19,
      ...settings,
      current: '2/2/2',
      old: ['3/3/3'],
      intents: { new: 1 },
      expected: { new: 1, ms1: 2 },
      because: { ms1: [more(5, 3)] },
    },
    { row: 20, ...settings, current: '2/2/2', old: ['3/3/3'], intents: { ms1: 2 }, expected: { ms1: 1 }, because: { ms1: [more(5, 3)] } },
  ])(
    'are scaled down as in row $row: current $current, old $old',
    ({ replicas, surge, unavailable, current, old, intents, expected, because }) => {
      const result = scaleDownOld(situation(replicas, surge, unavailable, current, ...old), prior(intents ?? {}));
      expect(replicasOf(result)).toEqual(expected);
      for (const [name, reasons] of Object.entries(because ?? {})) expect(reasonsOf(result, name)).toEqual(reasons);
    },
  );
});

describe('a rollout that waits for itself', () => {
  const act = (current: string, old: string, intents: Record<string, number> = {}) =>
    replicasOf(breakDeadlock(situation(5, 5, 0, current, old), prior(intents)));

  it('gives up one old Machine of a MachineSet that has an unavailable one', () => {
    const intents = breakDeadlock(situation(5, 5, 0, '5/5/5', '5/5/3'), nothingIntended);
    expect(replicasOf(intents)).toEqual({ ms1: 4 });
    expect(reasonsOf(intents, 'ms1')).toEqual(['scaling down by 1 to unblock rollout stuck due to unavailable Machine on ms1']);
  });

  it.each([
    ['10/10/10', '0/0/0', 'there is nothing old'],
    ['5/5/5', '5/5/5', 'nothing is unavailable'],
    ['6/5/5', '5/5/4', 'a new Machine is about to be made'],
    ['5/5/5', '4/5/4', 'an old Machine is about to go'],
    ['5/5/3', '5/5/4', 'new Machines are not available'],
  ])('is left alone with current %s and old %s: %s', (current, old) => {
    expect(act(current, old)).toEqual({});
  });

  it('is left alone while something is intended', () => {
    expect(act('5/5/5', '5/5/4', { new: 6 })).toEqual({ new: 6 });
  });
});

describe('a step of a rolling update', () => {
  it('asks for the surge first and spares nothing until the new Machine is available', () => {
    expect(replicasOf(planRollingUpdate(situation(3, 1, 0, '0/0/0', '3/3/3')))).toEqual({ new: 1 });
    expect(replicasOf(planRollingUpdate(situation(3, 1, 0, '1/1/0', '3/3/3')))).toEqual({});
    expect(replicasOf(planRollingUpdate(situation(3, 1, 0, '1/1/1', '3/3/3')))).toEqual({ ms1: 2 });
  });

  it('gets past the deadlock of the seed system: Machines whose Nodes it never saw', () => {
    expect(replicasOf(planRollingUpdate(situation(3, 1, 0, '1/1/1', '3/3/0')))).toEqual({ ms1: 2 });
  });
});
