import type { Clock } from '../../ports.ts';

interface Reading<T> {
  readonly at: number;
  readonly value: Promise<T>;
}

/**
 * What `read` gives for a key, read again when what is remembered is older than the asker will have it. All who ask meanwhile share
 * one reading; one that failed is not remembered. Beyond `most` keys the one that was read longest ago is forgotten.
 */
export function remembered<T>(
  clock: Clock,
  most: number,
  read: (key: string) => Promise<T>,
): (key: string, maxAgeMs: number) => Promise<T> {
  const readings = new Map<string, Reading<T>>();
  return (key, maxAgeMs) => {
    const at = clock.now();
    const last = readings.get(key);
    if (last !== undefined && at < last.at + maxAgeMs) return last.value;
    const reading = { at, value: read(key) };
    // Behind all others: a Map keeps the order in which keys came.
    readings.delete(key);
    readings.set(key, reading);
    if (readings.size > most) readings.delete(readings.keys().next().value!);
    reading.value.catch(() => {
      if (readings.get(key) === reading) readings.delete(key);
    });
    return reading.value;
  };
}
