import { join } from 'node:path';
import { createDynamoStore, ensureNamespaces, ensureTable } from '../../../../shared/store/dynamodb.ts';
import type { SweptStore } from '../../../../shared/store/expiry.ts';
import { aesSealer } from '../../../../shared/store/seal.ts';
import { systemClock as clock, systemRandom as random } from '../../../system.ts';
import { localClient } from '../../dynamodb/client.ts';
import { startDynamoDb } from '../../dynamodb/host.ts';
import { localKeyRing } from '../../dynamodb/key-file.ts';

export interface BenchStore {
  readonly store: SweptStore;
  close(): Promise<void>;
}

/** The store of `open-store.ts`, without those whom a write wakes: they would answer ten thousand machines with work. */
export async function openBenchStore(data: string): Promise<BenchStore> {
  const dynamodb = await startDynamoDb({ path: join(data, 'dynamodb') });
  const client = localClient(dynamodb.endpoint);
  const table = 'plastron';
  await ensureTable({ client, table });
  const sealer = aesSealer(localKeyRing(join(data, 'sealing-keys.json')), random);
  const store = createDynamoStore({ client, table, clock, random, sealer, overlapMs: 0, pollMs: 1000 });
  await ensureNamespaces(store);
  return {
    store,
    async close() {
      client.destroy();
      await dynamodb.close();
    },
  };
}
