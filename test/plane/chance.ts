import type { Random } from '../../shared/ports.ts';

/** Decisions by lot. */
export interface Lot {
  /** 0 <= x < 1. */
  fraction(): number;
  /** True in this share of cases. */
  falls(share: number): boolean;
  /** A whole number from `least` to `most`. */
  between(least: number, most: number): number;
}

export function lotOf(random: Random): Lot {
  const fraction = (): number => Buffer.from(random.bytes(4)).readUInt32BE() / 2 ** 32;
  return {
    fraction,
    falls: (share) => share > 0 && fraction() < share,
    between: (least, most) => least + Math.floor(fraction() * (most - least + 1)),
  };
}
