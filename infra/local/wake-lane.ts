import type { Clock, Wake } from '../../shared/ports.ts';

export interface LaneOptions {
  /** False: it failed. */
  readonly reconcile: (wake: Wake) => Promise<boolean>;
  readonly clock: Clock;
  /** How many objects are reconciled at the same time. */
  readonly atOnce: number;
}

export interface Lane {
  push(wake: Wake): void;
  /** Objects that wait, are being reconciled, or rest. */
  depth(): number;
  /** Stops taking wakes, and resolves when what runs has ended. */
  close(): Promise<void>;
}

interface Entry {
  readonly wake: Wake;
  /** Grows with each first wake: whoever was woken first is reconciled first. */
  turn: number;
  /** Woken again while it runs or rests. */
  again: boolean;
  /** Reconciles in a row. */
  runs: number;
  failures: number;
  /** Ends a rest that may be ended. */
  disturb?: () => void;
}

/** An object rests this many times as long as its reconcile took. */
const restFor = 20;
const longestRest = 10_000;
/** So many in a row may follow each other at once: a new object has a finalizer written, waits for something, begins. */
const freely = 3;
const longestPause = 30_000;

/**
 * One reconcile of an object at a time, and wakes that arrive meanwhile are one wake. An object that is woken again and again
 * rests between, so that an owner of a thousand children does not do nothing but count them; a failed one rests longer each time.
 */
export function createLane({ reconcile, clock, atOnce }: LaneOptions): Lane {
  const entries = new Map<string, Entry>();
  const ready: Entry[] = [];
  const running = new Set<Promise<void>>();
  const closing = new AbortController();
  let turns = 0;

  function push(wake: Wake): void {
    if (closing.signal.aborted) return;
    const key = keyOf(wake);
    const entry = entries.get(key);
    if (entry !== undefined) {
      wakeAgain(entry);
      return;
    }
    const fresh: Entry = { wake, turn: turns++, again: false, runs: 0, failures: 0 };
    entries.set(key, fresh);
    enqueue(fresh);
  }

  function wakeAgain(entry: Entry): void {
    if (!entry.again) entry.turn = turns++;
    entry.again = true;
    entry.disturb?.();
  }

  function enqueue(entry: Entry): void {
    let at = ready.length;
    while (at > 0 && (ready[at - 1]?.turn ?? 0) > entry.turn) at--;
    ready.splice(at, 0, entry);
    pump();
  }

  function pump(): void {
    while (running.size < atOnce && !closing.signal.aborted) {
      const entry = ready.shift();
      if (entry === undefined) return;
      entry.again = false;
      const run: Promise<void> = reconcileOnce(entry).finally(() => {
        running.delete(run);
        pump();
      });
      running.add(run);
    }
  }

  async function reconcileOnce(entry: Entry): Promise<void> {
    const began = clock.now();
    const done = await reconcile(entry.wake);
    const took = clock.now() - began;
    entry.runs++;
    entry.failures = done ? 0 : entry.failures + 1;
    if (!done) entry.again = true;
    void settle(entry, done ? Math.min(longestRest, restFor * took) : Math.min(longestPause, 250 * 2 ** entry.failures));
  }

  async function settle(entry: Entry, rest: number): Promise<void> {
    if (entry.failures > 0 || entry.runs > freely) await clock.sleep(rest, closing.signal);
    else if (!entry.again) await restLightly(entry, rest);
    if (entry.again) enqueue(entry);
    else entries.delete(keyOf(entry.wake));
  }

  async function restLightly(entry: Entry, rest: number): Promise<void> {
    const disturbed = new AbortController();
    entry.disturb = () => disturbed.abort();
    await clock.sleep(rest, AbortSignal.any([closing.signal, disturbed.signal]));
    delete entry.disturb;
  }

  return {
    push,
    depth: () => entries.size,
    async close() {
      closing.abort();
      await Promise.all(running);
    },
  };
}

const keyOf = ({ namespace, name }: Wake): string => `${namespace}/${name}`;
