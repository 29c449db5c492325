import { describe, expect, it } from '@jest/globals';
import type { DeletePolicy, Member } from '../../../shared/kinds/machine-set/model.ts';
import { chooseVictims } from '../../../shared/kinds/machine-set/victims.ts';
import { aMachine, now } from './builders.ts';

/** Healthy, deleting, marked for deletion, without a Node, with an unhealthy Node, one of which nothing is known. */
const kinds: Record<string, Partial<Member>> = {
  H: {},
  D: { deleting: true },
  N: { annotations: { 'cluster.k8s.io/delete-machine': 'yes' } },
  X: { nodeName: undefined },
  I: { ready: false },
  K: { ready: undefined },
};
/** `HXH` are three Machines named 0, 1, 2. */
const machinesOf = (letters: string) => [...letters].map((letter, i) => aMachine(`${i}${letter}`, kinds[letter]));
const take = (count: number, members: Member[], policy: DeletePolicy = 'Random') =>
  chooseVictims(members, count, policy, now).map(({ machine }) => machine.name);

describe('which Machines go, at random', () => {
  it.each([
    [2, 'HXH', ['1X', '0H']],
    [2, 'HXXX', ['1X', '2X']],
    [2, 'HDXD', ['1D', '3D']],
    [2, 'HDHX', ['1D', '3X']],
    [2, 'HDH', ['1D', '0H']],
    [1, 'XNXX', ['1N']],
    [1, 'HXH', ['1X']],
    [1, 'HIH', ['1I']],
    [1, 'HKH', ['0H']],
    [0, 'XXX', []],
    [9, 'HH', ['0H', '1H']],
  ])('%i of %s', (count, letters, expected) => {
    expect(take(count, machinesOf(letters))).toEqual(expected);
  });

  it('goes by name where nothing else tells them apart', () => {
    const marked = [3, 7, 1, 9, 0, 4, 8, 2, 6, 5].map((i) => aMachine(`m${i}`, kinds.N));
    expect(take(10, marked)).toEqual(['m0', 'm1', 'm2', 'm3', 'm4', 'm5', 'm6', 'm7', 'm8', 'm9']);
  });

  it.each([
    ['has a terminal error', { failed: true }],
    [
      'has a Node that is not healthy',
      { conditions: [{ type: 'NodeHealthy', status: 'False' as const, reason: '', message: '', lastTransitionTime: '' }] },
    ],
    [
      'fails its health check',
      { conditions: [{ type: 'HealthCheckSucceeded', status: 'False' as const, reason: '', message: '', lastTransitionTime: '' }] },
    ],
    [
      'is marked in the words of today',
      { annotations: { 'cluster.x-k8s.io/delete-machine': '', 'cluster.k8s.io/delete-machine': 'true' } },
    ],
  ])('takes a Machine first that %s', (_, more) => {
    expect(take(1, [aMachine('a'), aMachine('b', more)])).toEqual(['b']);
  });

  it('does not take an empty mark for one', () => {
    expect(take(1, [aMachine('a'), aMachine('b', { annotations: { 'cluster.k8s.io/delete-machine': '' } })])).toEqual(['a']);
  });
});

const day = 86_400_000;
const aged = (days: number, name = `${days}d`, more: Partial<Member> = {}) => aMachine(name, { createdAt: now - days * day, ...more });

describe('which Machines go, by age', () => {
  const ages = [aged(1), aged(5), aged(10, '10d-a'), aged(10, '10d-b')];
  const deleting = aMachine('D', { deleting: true });

  it.each([
    [1, ['D']],
    [2, ['D', '1d']],
    [3, ['D', '1d', '5d']],
  ])('the newest %i: %j', (count, expected) => {
    expect(take(count, [...ages, deleting], 'Newest')).toEqual(expected);
  });

  it.each([
    [1, ['10d-a']],
    [2, ['10d-a', '10d-b']],
    [3, ['10d-a', '10d-b', '5d']],
    [4, ['10d-a', '10d-b', '5d', '1d']],
  ])('the oldest %i: %j', (count, expected) => {
    expect(take(count, [...ages, aged(-1, 'from the future')], 'Oldest')).toEqual(expected);
  });

  it.each([
    ['N', 'it is annotated with delete-machine'],
    ['X', 'it is not healthy'],
  ])('%s goes before any age', (letter, because) => {
    for (const policy of ['Newest', 'Oldest'] as const) {
      const [first] = chooseVictims([...ages, aged(10, letter, kinds[letter])], 1, policy, now);
      expect([first?.machine.name, first?.because]).toEqual([letter, because]);
    }
  });

  it('one of which nothing is known is as healthy as the others', () => {
    const unknown = aged(10, 'K', kinds.K);
    expect(take(1, [...ages, unknown], 'Newest')).toEqual(['1d']);
    expect(take(1, [...ages, unknown], 'Oldest')).toEqual(['10d-a']);
  });

  it('one that is being deleted goes before one that is ill, whatever their names', () => {
    expect(take(1, [aMachine('a', kinds.X), aMachine('b', kinds.D)], 'Oldest')).toEqual(['b']);
    expect(take(1, [aMachine('z', kinds.X), aMachine('b', kinds.D)], 'Oldest')).toEqual(['b']);
  });

  it('even after a year the oldest healthy one stays behind an ill one', () => {
    expect(take(1, [aged(365, 'old'), aged(0, 'ill', kinds.X)], 'Oldest')).toEqual(['ill']);
  });
});
