import type { Kind } from '../../shared/kinds/define-kind.ts';

/** Wakes of an owner within the same such interval are one, ms. */
export const coalesceMs = 1_000;

/**
 * Seconds before a queue delivers. An owner's wakes are one per interval, so none may be delivered before the interval is
 * over; a second more for senders whose clocks differ.
 */
export const delaySeconds = (kind: Pick<Kind, 'owns'>): number => (kind.owns.length > 0 ? coalesceMs / 1000 + 1 : 0);
