import type { Clock } from '../../ports.ts';

/**
 * What `read` gives, read again when what is remembered is as old as the asker will not have it. All who ask meanwhile share one
 * reading; one that failed is not remembered.
 */
export function remembered<T>(clock: Clock, read: () => Promise<T>): (maxAgeMs: number) => Promise<T> {
  let last: { readonly at: number; readonly value: Promise<T> } | undefined;
  return (maxAgeMs) => {
    const at = clock.now();
    if (last !== undefined && at < last.at + maxAgeMs) return last.value;
    const reading = { at, value: read() };
    last = reading;
    reading.value.catch(() => {
      if (last === reading) last = undefined;
    });
    return reading.value;
  };
}
