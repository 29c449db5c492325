import { AsyncLocalStorage } from 'node:async_hooks';
import { performance } from 'node:perf_hooks';

/** A measuring instrument: told what AWS would bill of functions and queues. */
export interface Meter {
  /** A call of a function has ended; `ms`: how long it took. */
  called(name: string, ms: number): void;
  /** So many wakes were sent to queues in one go. */
  sent(wakes: number): void;
}

let meter: Meter | undefined;
const running = new AsyncLocalStorage<string>();

/** Tells `next` of everything from now on. */
export function useMeter(next: Meter): void {
  meter = next;
}

/** Which function is at work here, by the name it was called under; undefined: the host itself. */
export const runningFunction = (): string | undefined => running.getStore();

/** Calls a function under a name. */
export async function metered<T>(name: string, call: () => Promise<T>): Promise<T> {
  if (meter === undefined) return call();
  const began = performance.now();
  try {
    return await running.run(name, call);
  } finally {
    meter.called(name, performance.now() - began);
  }
}

export const meterSent = (wakes: number): void => meter?.sent(wakes);
