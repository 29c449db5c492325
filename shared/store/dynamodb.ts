import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Clock, Random } from '../ports.ts';
import { createExpiry, type SweptStore } from './expiry.ts';
import { createFeed } from './feed.ts';
import type { Item } from './item.ts';
import { createLineages } from './lineage.ts';
import { versionOf } from './newborn.ts';
import { createOwnWrites } from './own-writes.ts';
import { partitionOf } from './partition.ts';
import { createReads, createSource } from './read.ts';
import { recordOf, type StreamRecord } from './record.ts';
import type { Sealer } from './seal.ts';
import { openTable } from './table.ts';
import { createVersions } from './version.ts';
import { watch } from './watch.ts';
import { createWrites } from './write.ts';

export { storeClient } from './client.ts';
export { ensureNamespaces } from './namespaces.ts';
export { ensureTable } from './table.ts';

export interface DynamoStoreOptions {
  /** From `storeClient`: it must not try again by itself. */
  readonly client: DynamoDBClient;
  readonly table: string;
  readonly clock: Clock;
  readonly random: Random;
  /** For kinds that are stored sealed. */
  readonly sealer: Sealer;
  /**
   * Milliseconds that watches read again because other processes write too: more than the clocks differ plus the longest
   * write; 10,000 in AWS. 0 if every write to the table goes through this one store.
   */
  readonly overlapMs: number;
  /** Milliseconds between two looks for the writes of others, while something is watched. */
  readonly pollMs: number;
  /** How long deletions can be heard of, ms; an hour if absent. */
  readonly tombstoneMs?: number;
  /** Called once after each put, with what the table's stream would show. Not after `settle`: a change of `dueAt` alone wakes nobody. */
  readonly committed?: (record: StreamRecord) => void;
}

/** Time between two looks at what this process wrote, ms: short against a person's patience, long against a write. */
const restMs = 100;

const anHour = 3_600_000;

/** The store on DynamoDB, or on anything that speaks its protocol. */
export function createDynamoStore(options: DynamoStoreOptions): SweptStore {
  const { clock, overlapMs, pollMs, sealer, tombstoneMs = anHour, committed } = options;
  const reads = openTable(options);
  const versions = createVersions({ clock, overlapMs });
  const ports = { ...options, reads, versions, lineages: createLineages(), tombstoneMs };
  const own = createOwnWrites();
  const source = createSource(ports, own);
  const feed = createFeed({ clock, source, versions, overlapMs, pollMs, restMs });

  const stored = (item: Item, first: boolean): void => {
    if (feed.nudge(item.pk!.S!)) own.keep(item);
    committed?.(recordOf(item, first));
  };
  const writes = createWrites({ ...ports, stored });

  return Object.freeze({
    ...createReads(ports),
    ...writes,
    ...createExpiry({ clock, reads, sealer }, writes),

    settle: (kind, { namespace, name }, resourceVersion, dueAt) =>
      reads.update(
        {
          UpdateExpression: dueAt === undefined ? 'REMOVE dueAt' : 'SET dueAt = :dueAt',
          ConditionExpression: 'rv = :rv AND attribute_not_exists(deletedAt)',
          ExpressionAttributeValues: {
            ':rv': { N: String(versionOf(resourceVersion)) },
            ...(dueAt !== undefined && { ':dueAt': { N: String(Math.ceil(dueAt)) } }),
          },
        },
        { pk: partitionOf(kind, namespace), sk: name },
      ),

    watch: (kind, query) => watch({ clock, source, feed, versions, overlapMs, tombstoneMs }, kind, query),
    version: () => String(versions.now()),
  } satisfies SweptStore);
}
