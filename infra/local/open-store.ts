import { join } from 'node:path';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Log } from '../../shared/ports.ts';
import { createDynamoStore, ensureTable } from '../../shared/store/dynamodb.ts';
import type { SweptStore } from '../../shared/store/expiry.ts';
import { concernsCollector, type StreamRecord } from '../../shared/store/record.ts';
import { aesSealer, type Sealer } from '../../shared/store/seal.ts';
import { systemClock as clock, systemRandom as random } from '../system.ts';
import { localClient } from './dynamodb/client.ts';
import { startDynamoDb } from './dynamodb/host.ts';
import { localKeyRing } from './dynamodb/key-file.ts';
import { collect, dispatch } from './functions.ts';
import { createTableStream } from './table-stream.ts';

export interface OpenStoreOptions {
  readonly data: string;
  readonly port: number;
  readonly log: Log;
  /** Given where the embedded DynamoDB listens, gives the store's client: a measuring instrument may stand between them. */
  clientOf?(endpoint: string): Promise<DynamoDBClient>;
}

export interface OpenStore {
  readonly store: SweptStore;
  readonly sealer: Sealer;
  readonly endpoint: string;
  /** Dispatches and collects after what was written, then closes the data. */
  close(): Promise<void>;
}

/** The table of the plane, in the embedded DynamoDB, with its stream and the keys under which secrets are sealed. */
export async function openStore({ data, port, log, clientOf }: OpenStoreOptions): Promise<OpenStore> {
  const dynamodb = await startDynamoDb({ path: join(data, 'dynamodb'), port });
  const client = (await clientOf?.(dynamodb.endpoint)) ?? localClient(dynamodb.endpoint);
  const table = 'plastron';
  await ensureTable({ client, table });
  const sealer = aesSealer(localKeyRing(join(data, 'sealing-keys.json')), random);
  const stream = createTableStream(dispatch, clock, log);
  const ends = createTableStream(collect, clock, log);
  const committed = (record: StreamRecord): void => {
    stream.append(record);
    if (concernsCollector(record)) ends.append(record);
  };
  // All writes go through this one store, so watches need no overlap.
  const store = createDynamoStore({ client, table, clock, random, sealer, overlapMs: 0, pollMs: 1000, committed });
  return {
    store,
    sealer,
    endpoint: dynamodb.endpoint,
    async close() {
      await Promise.all([stream.close(), ends.close()]);
      client.destroy();
      await dynamodb.close();
    },
  };
}
