/** Chance of one execution, from its own seed, so that a replay draws what the first run drew. */
import { createHash } from 'node:crypto';

export interface Chance {
  bytes(length: number): Uint8Array;
  /** At least 0, below 1. */
  fraction(): number;
}

/** At most 32 bytes at a time: each draw is one hash of the seed and the number of the draw. */
export function chanceFrom(seed: string): Chance {
  let drawn = 0;
  const bytes = (length: number) => {
    drawn += 1;
    return createHash('sha256').update(`${seed}/${drawn}`).digest().subarray(0, length);
  };
  return { bytes, fraction: () => Buffer.from(bytes(6)).readUIntBE(0, 6) / 2 ** 48 };
}

/** A version 4 UUID. */
export function uuid(chance: Chance): string {
  const bytes = Buffer.from(chance.bytes(16));
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
