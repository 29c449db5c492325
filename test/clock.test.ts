import { describe, expect, it } from '@jest/globals';
import { seededRandom, virtualClock } from './clock.ts';

describe('the virtual clock', () => {
  it('wakes sleepers in order of time, each at its own time, and what they start too', async () => {
    const clock = virtualClock(0);
    const woken: string[] = [];
    const sleeper = async (name: string, ms: number): Promise<void> => {
      await clock.sleep(ms);
      woken.push(`${name} ${clock.now()}`);
    };
    void sleeper('late', 30);
    void sleeper('early', 10).then(() => sleeper('after early', 10));
    await clock.advance(25);
    expect(woken).toEqual(['early 10', 'after early 20']);
    expect([clock.now(), clock.sleeping()]).toEqual([25, 1]);
    await clock.advance(5);
    expect(woken.at(-1)).toBe('late 30');
  });

  it('lets a sleeper go when its signal aborts', async () => {
    const clock = virtualClock(0);
    const controller = new AbortController();
    const sleep = clock.sleep(1_000, controller.signal);
    controller.abort();
    await sleep;
    expect(clock.sleeping()).toBe(0);
  });
});

describe('chance from a seed', () => {
  it('is the same for the same seed, and another for another', () => {
    expect(seededRandom(1).uuid()).toBe(seededRandom(1).uuid());
    expect(seededRandom(1).uuid()).not.toBe(seededRandom(2).uuid());
    expect(seededRandom(1).uuid()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });
});
