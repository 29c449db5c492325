import { Conflict, NotFound } from '../errors.ts';
import { namespace as namespaceKind } from '../kinds/core/namespace.ts';
import type { Kind } from '../kinds/define-kind.ts';
import type { Clock } from '../ports.ts';
import { storedOf } from './item.ts';
import { partitionOf } from './partition.ts';
import type { Sealer } from './seal.ts';
import { objectOf } from './state.ts';
import type { Store } from './store.ts';
import type { Table } from './table.ts';

/** A store that is cleaned from time to time. Readers do not depend on it: what has ended is not shown, removed or not. */
export interface SweptStore extends Store {
  /**
   * Removes tombstones whose time is over, and puts a tombstone in the place of objects that have ended (Events), so that
   * watchers hear of it. Give it every kind. Returns how many items it changed. DynamoDB's own time to live does the same, days late.
   */
  removeExpired(kinds: readonly Kind[]): Promise<number>;
}

interface ExpiryPorts {
  readonly clock: Clock;
  readonly reads: Table;
  readonly sealer: Sealer;
}

export function createExpiry({ clock, reads, sealer }: ExpiryPorts, store: Pick<Store, 'remove'>): Pick<SweptStore, 'removeExpired'> {
  /** Below zero `dueAt` is minus the time at which the item ends. */
  async function* ended(partition: string): AsyncGenerator<string, void> {
    const pages = reads.query({
      IndexName: 'byDue',
      KeyConditionExpression: 'pk = :pk AND dueAt BETWEEN :now AND :never',
      ExpressionAttributeValues: { ':pk': { S: partition }, ':now': { N: String(-clock.now()) }, ':never': { N: '-1' } },
    });
    for await (const items of pages) yield* items.map(({ sk }) => sk!.S!);
  }

  async function end(kind: Kind, partition: string, name: string): Promise<boolean> {
    const item = await reads.get({ pk: partition, sk: name });
    if (item === undefined) return false;
    const stored = storedOf(item, kind, sealer);
    if (stored.deleted) return reads.remove({ pk: partition, sk: name }, stored.version);
    if (stored.isThere(clock.now())) return false;
    try {
      await store.remove(kind, await objectOf(stored));
      return true;
    } catch (error) {
      if (error instanceof Conflict || error instanceof NotFound) return false;
      throw error;
    }
  }

  async function sweep(kind: Kind, namespace: string): Promise<number> {
    const partition = partitionOf(kind, namespace);
    let changed = 0;
    for await (const name of ended(partition)) if (await end(kind, partition, name)) changed++;
    return changed;
  }

  /** Those that are gone too: they leave last, so that what was in them is removed before. */
  async function everyNamespace(): Promise<string[]> {
    const names: string[] = [];
    const query = {
      KeyConditionExpression: 'pk = :pk',
      ProjectionExpression: 'sk',
      ExpressionAttributeValues: { ':pk': { S: partitionOf(namespaceKind, '') } },
    };
    for await (const items of reads.query(query)) names.push(...items.map(({ sk }) => sk!.S!));
    return names;
  }

  return {
    async removeExpired(kinds) {
      let changed = 0;
      for (const namespace of await everyNamespace())
        for (const kind of kinds) if (kind.scope === 'Namespaced') changed += await sweep(kind, namespace);
      for (const kind of kinds) if (kind.scope === 'Cluster') changed += await sweep(kind, '');
      return changed;
    },
  };
}
