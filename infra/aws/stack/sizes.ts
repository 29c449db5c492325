import type { Sort } from '../entries.ts';

interface Size {
  /** After which Lambda ends it, seconds. */
  readonly timeout: number;
  /** MB; the share of a processor grows with it. */
  readonly memory: number;
}

/**
 * A watch lives as long as the option says; what is left of its time it uses to end in order. By `npm run bench:lambda` an API that
 * lists 500 Machines has 177 MB in use. Twice the memory would halve the times (get: 20 ms), at the same price for a request, and
 * double that of a watch.
 */
const api = (longestWatch: number): Size => ({ timeout: longestWatch + 30, memory: 256 });

/** A reconcile reads, plans and writes; the longest creates a thousand objects. Its queue waits six times as long before it delivers again. */
export const reconcileTimeout = 60;

/** `npm run bench:lambda`: up to 160 MB in use where no cloud is reached, 180 MB for Google's clients. A step's are twice what it uses, for the processor. */
export const sizeOf = (sort: Sort, { longestWatch }: { readonly longestWatch: number }): Size =>
  ({
    api: api(longestWatch),
    // Definitions of resources can be watched too.
    discovery: api(longestWatch),
    reconcile: { timeout: reconcileTimeout, memory: 256 },
    dispatch: { timeout: 60, memory: 256 },
    executions: { timeout: 30, memory: 256 },
    // A namespace of a thousand Machines is read and marked in a minute.
    collect: { timeout: 300, memory: 256 },
    // It asks for one look at each cluster after the other, and need not be done when the next minute comes.
    sweep: { timeout: 120, memory: 256 },
    // A step does one thing to a cluster or a cloud that may be slow to answer. It never sleeps: the state machine does.
    steps: { timeout: 300, memory: 512 },
    'cloud-steps': { timeout: 300, memory: 512 },
  })[sort];
