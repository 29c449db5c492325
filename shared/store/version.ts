import type { Clock } from '../ports.ts';

/** Versions per millisecond: a version is milliseconds since 1970 times this, plus a counter. Below 2^53 until September 2039. */
const perMillisecond = 4096;

/** How long a write whose outcome nobody knows counts as one that may still be committed, in milliseconds. */
const doubtMs = 10_000;

/** A hybrid logical clock: never behind the wall clock, never behind what it has seen, and it never gives a version twice. */
export interface Versions {
  /** A new version above `floor`; the write that carries it is under way until `end` or `doubt` says otherwise. */
  begin(floor?: number): number;
  /** The write with this version is committed, or will certainly never be. */
  end(version: number): void;
  /** Nobody knows whether the write with this version will be committed. */
  doubt(version: number): void;
  /** Takes note of a version that was read, so that later ones are above it. */
  observe(version: number): void;
  /** All that is begun from now on is above this. */
  now(): number;
  /**
   * Up to here a reader may consider itself done: what it has not seen by now and is at or below this is either not there or,
   * with an overlap, no further below than the overlap.
   */
  ceiling(): number;
}

export interface VersionsOptions {
  readonly clock: Clock;
  /**
   * Milliseconds that readers read again, since other processes commit out of order and their clocks differ. 0: this process
   * is the only writer, and a reader stops below the oldest write under way.
   */
  readonly overlapMs: number;
}

export function createVersions({ clock, overlapMs }: VersionsOptions): Versions {
  // An only writer may follow its own history however far ahead it is (the wall clock was set back). Among several,
  // one bad clock must not drag the others further than readers look back.
  const aheadMs = overlapMs === 0 ? Number.POSITIVE_INFINITY : overlapMs / 2;
  const underWay = new Map<number, number>();
  let last = 0;

  const wall = (): number => clock.now() * perMillisecond;
  const observe = (version: number): void => {
    if (version > last && version <= wall() + aheadMs * perMillisecond) last = version;
  };
  const now = (): number => {
    last = Math.max(wall(), last);
    return last;
  };

  function oldestUnderWay(): number {
    let oldest = Number.POSITIVE_INFINITY;
    for (const [version, until] of underWay) {
      if (until <= clock.now()) underWay.delete(version);
      else oldest = Math.min(oldest, version);
    }
    return oldest;
  }

  return Object.freeze({
    begin(floor = 0) {
      last = Math.max(wall(), last + 1);
      const version = Math.max(last, floor + 1);
      observe(version);
      underWay.set(version, Number.POSITIVE_INFINITY);
      return version;
    },
    end: (version: number) => void underWay.delete(version),
    doubt: (version: number) => void underWay.set(version, clock.now() + doubtMs),
    observe,
    now,
    ceiling: () => (overlapMs > 0 ? wall() : Math.min(now(), oldestUnderWay() - 1)),
  });
}

/** The wall-clock time that a version speaks of, ms since 1970. */
export const timeOf = (version: number): number => version / perMillisecond;

/** As many versions as pass in this many milliseconds. */
export const versionsIn = (ms: number): number => ms * perMillisecond;
