import type { Clock, Random } from '../shared/ports.ts';

/** A clock that stands still until a test advances it. */
export interface VirtualClock extends Clock {
  /** Lets `ms` pass: wakes sleepers in order of time, each at its own time, and lets what they start run before the next. */
  advance(ms: number): Promise<void>;
  /** How many sleep now. */
  sleeping(): number;
}

interface Sleeper {
  readonly at: number;
  wake(): void;
}

/** Time for tests; `start` in ms since 1970. */
export function virtualClock(start = Date.UTC(2019, 6, 26)): VirtualClock {
  let now = start;
  let sleepers: Sleeper[] = [];
  return {
    now: () => now,
    sleeping: () => sleepers.length,
    sleep(ms, signal) {
      if (ms <= 0 || signal?.aborted) return Promise.resolve();
      return new Promise((resolve) => {
        const sleeper: Sleeper = { at: now + ms, wake: resolve };
        sleepers.push(sleeper);
        signal?.addEventListener(
          'abort',
          () => {
            sleepers = sleepers.filter((other) => other !== sleeper);
            resolve();
          },
          { once: true },
        );
      });
    },
    async advance(ms) {
      const end = now + ms;
      await whatIsReady();
      for (;;) {
        const next = sleepers.filter((s) => s.at <= end).reduce<Sleeper | undefined>((a, b) => (a && a.at <= b.at ? a : b), undefined);
        if (next === undefined) break;
        sleepers = sleepers.filter((s) => s !== next);
        now = Math.max(now, next.at);
        next.wake();
        await whatIsReady();
      }
      now = Math.max(now, end);
      await whatIsReady();
    },
  };
}

/** Lets promise reactions and finished I/O run: two turns, since an I/O callback may start one more. */
async function whatIsReady(): Promise<void> {
  for (let turn = 0; turn < 2; turn++) await new Promise((resolve) => setImmediate(resolve));
}

/** Chance from a seed: the same seed gives the same bytes (mulberry32). */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  const byte = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) & 0xff;
  };
  const bytes = (length: number): Uint8Array => Uint8Array.from({ length }, byte);
  return {
    bytes,
    uuid() {
      const raw = bytes(16);
      raw[6] = (raw[6]! & 0x0f) | 0x40;
      raw[8] = (raw[8]! & 0x3f) | 0x80;
      const hex = Buffer.from(raw).toString('hex');
      return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
    },
  };
}
