import { beforeEach, describe, expect, it } from '@jest/globals';
import { createLane, type Lane } from '../../infra/local/wake-lane.ts';
import type { Wake } from '../../shared/ports.ts';
import { type VirtualClock, virtualClock } from '../clock.ts';

const wake = (name: string): Wake => ({ group: 'cluster.k8s.io', kind: 'Machine', namespace: 'default', name });

let clock: VirtualClock;
let began: [name: string, ms: number][];
let lane: Lane;
let start: number;

/** Each reconcile takes 100 ms and does what the test says. */
function open(does: (name: string) => boolean | undefined = () => undefined, atOnce = 1): void {
  clock = virtualClock();
  start = clock.now();
  began = [];
  const reconcile = async ({ name }: Wake): Promise<boolean> => {
    began.push([name, clock.now() - start]);
    await clock.sleep(100);
    return does(name) ?? true;
  };
  lane = createLane({ reconcile, clock, atOnce });
}

beforeEach(() => open());

describe('a lane of wakes', () => {
  it('reconciles one object at a time, and others beside it', async () => {
    open(undefined, 2);
    for (const name of ['a', 'b', 'c']) lane.push(wake(name));
    lane.push(wake('a'));
    await clock.advance(0);
    expect(began).toEqual([
      ['a', 0],
      ['b', 0],
    ]);
  });

  it('takes many wakes during a reconcile for one', async () => {
    lane.push(wake('a'));
    for (let i = 0; i < 5; i++) lane.push(wake('a'));
    await clock.advance(60_000);
    expect(began).toEqual([
      ['a', 0],
      ['a', 100],
    ]);
    expect(lane.depth()).toBe(0);
  });

  it('lets an object go on at once for three reconciles, and rest twenty times as long as one takes from then on', async () => {
    open((name) => {
      if (name === 'a' && began.length < 6) lane.push(wake('a'));
      return true;
    });
    lane.push(wake('a'));
    await clock.advance(60_000);
    expect(began.map(([, ms]) => ms)).toEqual([0, 100, 200, 300, 2_400, 4_500]);
  });

  it('has whoever was woken first go first, also when it had to rest', async () => {
    open((name) => {
      if (name === 'a' && began.length < 4) lane.push(wake('a'));
      return true;
    });
    lane.push(wake('a'));
    await clock.advance(400);
    expect(began.filter(([name]) => name === 'a')).toHaveLength(4);
    lane.push(wake('a'));
    for (let i = 0; i < 40; i++) lane.push(wake(`b${i}`));
    await clock.advance(2_200);
    expect(began.slice(4).findIndex(([name]) => name === 'a')).toBe(20);
  });

  it('tries again what failed, later each time', async () => {
    let failures = 3;
    open(() => failures-- <= 0);
    lane.push(wake('a'));
    await clock.advance(60_000);
    expect(began.map(([, ms]) => ms)).toEqual([0, 600, 1_700, 3_800]);
  });

  it('takes no wakes once it is closed, and ends what runs', async () => {
    lane.push(wake('a'));
    lane.push(wake('b'));
    const closed = lane.close();
    lane.push(wake('c'));
    await clock.advance(60_000);
    await closed;
    expect(began.map(([name]) => name)).toEqual(['a']);
  });
});
