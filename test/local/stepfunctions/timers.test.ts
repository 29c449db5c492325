import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createTimers } from '../../../infra/local/stepfunctions/timers.ts';
import { virtualClock } from '../../clock.ts';

function ringing() {
  const clock = virtualClock(0);
  const rung: string[] = [];
  const timers = createTimers<string>(clock, (key) => rung.push(`${key} at ${clock.now()}`));
  return { clock, rung, timers };
}

describe('timers', () => {
  it('ring each key at its time, with one sleep for all', async () => {
    const { clock, rung, timers } = ringing();
    for (const [key, at] of [
      ['late', 30],
      ['early', 10],
      ['middle', 20],
    ] as const)
      timers.set(key, at);
    await clock.advance(0);
    expect(clock.sleeping()).toBe(1);
    await clock.advance(25);
    expect(rung).toEqual(['early at 10', 'middle at 20']);
  });

  it('ring at the latest time that was set, or not at all', async () => {
    const { clock, rung, timers } = ringing();
    timers.set('later', 10);
    timers.set('later', 40);
    timers.set('sooner', 90);
    timers.set('sooner', 20);
    timers.set('never', 15);
    timers.set('never', undefined);
    await clock.advance(100);
    expect(rung).toEqual(['sooner at 20', 'later at 40']);
    expect(clock.sleeping()).toBe(0);
  });

  it('sleep for a month in parts, and ring once', async () => {
    const { clock, rung, timers } = ringing();
    const month = 31 * 24 * 3_600_000;
    timers.set('rent', month);
    await clock.advance(month - 1);
    expect(rung).toEqual([]);
    await clock.advance(1);
    expect(rung).toEqual([`rent at ${month}`]);
  });

  it('ring no more once they are closed', async () => {
    const { clock, rung, timers } = ringing();
    timers.set('a', 10);
    timers.close();
    timers.set('b', 20);
    await clock.advance(100);
    expect(rung).toEqual([]);
  });

  it('ring in the order of times, whatever was set, moved and taken back before', async () => {
    const change = fc.record({ key: fc.integer({ min: 0, max: 30 }), at: fc.option(fc.integer({ min: 1, max: 500 }), { nil: undefined }) });
    const property = fc.asyncProperty(fc.array(change, { maxLength: 120 }), async (changes) => {
      const clock = virtualClock(0);
      const rung: [number, number][] = [];
      const timers = createTimers<number>(clock, (key) => rung.push([key, clock.now()]));
      const expected = new Map<number, number>();
      for (const { key, at } of changes) {
        timers.set(key, at);
        if (at === undefined) expected.delete(key);
        else expected.set(key, at);
      }
      await clock.advance(500);
      expect(new Map(rung)).toEqual(expected);
      expect(rung.map(([, at]) => at)).toEqual([...expected.values()].sort((a, b) => a - b));
    });
    await fc.assert(property, { numRuns: 40, seed: 7 });
  });
});
