import { createHash } from 'node:crypto';
import type { Clock, Random } from '../../shared/ports.ts';

export const now = Date.UTC(2027, 2, 1, 12, 0, 0, 250);
export const clock: Clock = { now: () => now, sleep: async () => {} };

/** The same bytes for the same seed. */
export function randomFrom(seed: string): Random {
  let turn = 0;
  const bytes = (length: number): Uint8Array => {
    const blocks: Buffer[] = [];
    while (blocks.length * 32 < length) blocks.push(createHash('sha256').update(`${seed}/${turn++}`).digest());
    return new Uint8Array(Buffer.concat(blocks).subarray(0, length));
  };
  const uuid = () => {
    const hex = Buffer.from(bytes(16)).toString('hex');
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
  };
  return { bytes, uuid };
}
