import { randomBytes } from 'node:crypto';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createDynamoStore, type DynamoStoreOptions, ensureTable } from '../../shared/store/dynamodb.ts';
import type { SweptStore } from '../../shared/store/expiry.ts';
import { aesSealer } from '../../shared/store/seal.ts';
import { realClock, realRandom } from './ports.ts';

const key = { id: 'test', bytes: randomBytes(32) };
export const sealer = aesSealer({ current: () => key, byId: (id) => (id === key.id ? key : undefined) }, realRandom);

/** Options of a store beside which others write, as in AWS. */
export const several = { overlapMs: 10_000 };

let tables = 0;

/** A table of its own, ready for use. */
export async function newTable(client: DynamoDBClient): Promise<string> {
  const table = `plastron-${process.pid}-${Date.now()}-${tables++}`;
  await ensureTable({ client, table });
  return table;
}

/** A store as the local host opens it: the only one that writes to the table. */
export const openOn = (client: DynamoDBClient, table: string, options: Partial<DynamoStoreOptions> = {}): SweptStore =>
  createDynamoStore({ client, table, clock: realClock(), random: realRandom, sealer, overlapMs: 0, pollMs: 100, ...options });
