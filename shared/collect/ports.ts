import { namespace } from '../kinds/core/namespace.ts';
import { keys } from '../kinds/fields.ts';
import type { Clock, Log } from '../ports.ts';
import type { Store } from '../store/store.ts';

export interface CollectPorts {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * An import restores what is owned before its owner: while one runs, absence proves nothing. Ask between the reads of an object and of
 * its owners: whatever has been restored by then was so under the mark, and when that is gone all owners are there.
 */
export async function importRuns({ store }: CollectPorts): Promise<boolean> {
  const marked = await store.get(namespace, { namespace: '', name: 'default' });
  return marked?.metadata.annotations?.[keys.importing] !== undefined;
}

/** How often somebody may be faster before something is left for the next look. */
export const patience = 8;

const atOnce = 16;

/** Does something to each, a few at a time. All run to their end before the first error is thrown. */
export async function forEach<T, Result>(all: readonly T[], act: (one: T) => Promise<Result>): Promise<Result[]> {
  const results: Result[] = [];
  for (let i = 0; i < all.length; i += atOnce) {
    const settled = await Promise.allSettled(all.slice(i, i + atOnce).map(act));
    for (const one of settled) {
      if (one.status === 'rejected') throw one.reason;
      results.push(one.value);
    }
  }
  return results;
}
