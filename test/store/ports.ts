import { createHash, randomBytes, randomUUID } from 'node:crypto';
import type { Clock, Random } from '../../shared/ports.ts';

/** The machine's clock, which a test may set ahead or back. */
export interface TestClock extends Clock {
  /** Milliseconds added to the machine's time. */
  offset: number;
}

export function realClock(offset = 0): TestClock {
  return {
    offset,
    now() {
      return Date.now() + this.offset;
    },
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted) return resolve();
        const timer = setTimeout(done, ms);
        signal?.addEventListener('abort', done, { once: true });
        function done() {
          clearTimeout(timer);
          signal?.removeEventListener('abort', done);
          resolve();
        }
      }),
  };
}

/** Time that passes only when a test says so. */
export function stoppedClock(start: number): Clock & { time: number } {
  return {
    time: start,
    now() {
      return this.time;
    },
    async sleep() {},
  };
}

export const realRandom: Random = { bytes: (length) => randomBytes(length), uuid: () => randomUUID() };

/** The same seed, the same bytes. */
export function seededRandom(seed: string): Random {
  let drawn = 0;
  const bytes = (length: number): Uint8Array => {
    const blocks: Buffer[] = [];
    for (let at = 0; at < length; at += 32) blocks.push(createHash('sha256').update(`${seed}/${drawn++}`).digest());
    return Buffer.concat(blocks).subarray(0, length);
  };
  return {
    bytes,
    uuid() {
      const hex = Buffer.from(bytes(16)).toString('hex');
      return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`;
    },
  };
}

/** A whole number from 0 below `most`. */
export const drawBelow = (random: Random, most: number): number => Buffer.from(random.bytes(4)).readUInt32BE() % most;
