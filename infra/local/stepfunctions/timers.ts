/** Many alarms on one sleep: the clock is asked to sleep once, until the earliest. */
import type { Clock } from '../../../shared/ports.ts';

export interface Timers<Key> {
  /** Sets the key's only alarm, in milliseconds since 1970; undefined takes it back. */
  set(key: Key, at: number | undefined): void;
  close(): void;
}

interface Alarm<Key> {
  readonly key: Key;
  readonly at: number;
}

/** Node's timers cannot sleep for longer: after 24.8 days it is looked at again. */
const longestSleep = 2 ** 31 - 1;

/** Without a reason, every abort would make an exception with a stack. */
const reset = 'the alarms have changed';

export function createTimers<Key>(clock: Clock, ring: (key: Key) => void): Timers<Key> {
  const alarms = new Map<Key, Alarm<Key>>();
  /** A binary heap, earliest first. Alarms that were set anew stay in it until they come up. */
  let heap: Alarm<Key>[] = [];
  let sleeping: { readonly until: number; readonly wake: AbortController } | undefined;
  let keeping = false;
  let closed = false;

  const earliest = (): Alarm<Key> | undefined => {
    while (heap.length > 0 && alarms.get(heap[0]!.key) !== heap[0]) pop(heap);
    return heap[0];
  };

  async function keepTime(): Promise<void> {
    keeping = true;
    for (let next = earliest(); next !== undefined && !closed; next = earliest()) {
      const left = next.at - clock.now();
      if (left <= 0) {
        alarms.delete(next.key);
        ring(next.key);
      } else {
        sleeping = { until: next.at, wake: new AbortController() };
        await clock.sleep(Math.min(left, longestSleep), sleeping.wake.signal);
        sleeping = undefined;
      }
    }
    keeping = false;
  }

  function set(key: Key, at: number | undefined): void {
    if (alarms.get(key)?.at === at || closed) return;
    alarms.delete(key);
    if (at !== undefined) {
      const alarm = { key, at };
      alarms.set(key, alarm);
      push(heap, alarm);
    }
    if (heap.length > 2 * alarms.size + 1_000) heap = [...alarms.values()].sort((a, b) => a.at - b.at);
    if (!keeping) void keepTime();
    else if (sleeping !== undefined && sleeping.until !== earliest()?.at) sleeping.wake.abort(reset);
  }

  const close = () => {
    closed = true;
    sleeping?.wake.abort(reset);
  };
  return { set, close };
}

function push<Key>(heap: Alarm<Key>[], alarm: Alarm<Key>): void {
  heap.push(alarm);
  for (let i = heap.length - 1; i > 0; ) {
    const parent = (i - 1) >> 1;
    if (heap[parent]!.at <= heap[i]!.at) return;
    swap(heap, i, parent);
    i = parent;
  }
}

function pop<Key>(heap: Alarm<Key>[]): void {
  const last = heap.pop()!;
  if (heap.length === 0) return;
  heap[0] = last;
  for (let i = 0; ; ) {
    const [left, right] = [2 * i + 1, 2 * i + 2];
    let least = left < heap.length && heap[left]!.at < heap[i]!.at ? left : i;
    if (right < heap.length && heap[right]!.at < heap[least]!.at) least = right;
    if (least === i) return;
    swap(heap, i, least);
    i = least;
  }
}

function swap<T>(list: T[], i: number, j: number): void {
  [list[i], list[j]] = [list[j]!, list[i]!];
}
