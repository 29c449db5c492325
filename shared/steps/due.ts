import type { Clock } from '../ports.ts';

const tenMinutes = 600_000;
const minute = 60_000;

/**
 * When to look at an object whose execution runs, should we never hear of its end. On the full minute: a note that changes
 * nothing else of an item's index entries does not change this one either, and costs half as many write units.
 */
export const safetyNet = ({ clock }: { readonly clock: Clock }): number => Math.ceil((clock.now() + tenMinutes) / minute) * minute;
