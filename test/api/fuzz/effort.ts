/** How much is tried. */
export interface Effort {
  /** How many of each: bodies in each encoding, selectors, tokens. */
  readonly bodies: number;
  /** Patches of each of four types. */
  readonly patches: number;
  /** Of everything else. */
  readonly others: number;
  /** After so many writes what they stored is looked at. */
  readonly lookEvery: number;
  /** ms for each sort. */
  readonly timeout: number;
}

export const quick: Effort = { bodies: 2000, patches: 2000, others: 2000, lookEvery: 3, timeout: 60_000 };

/** Of patches 100,000 in all. */
export const long: Effort = { bodies: 100_000, patches: 25_000, others: 4_000, lookEvery: 41, timeout: 600_000 };
