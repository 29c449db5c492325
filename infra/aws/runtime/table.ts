import { KMSClient } from '@aws-sdk/client-kms';
import { createDynamoStore, storeClient } from '../../../shared/store/dynamodb.ts';
import { aesSealer, type Sealer } from '../../../shared/store/seal.ts';
import type { Store } from '../../../shared/store/store.ts';
import { systemClock as clock, systemRandom as random } from '../../system.ts';
import { environment } from './environment.ts';
import { kmsKeyRing, noKeys } from './sealing.ts';

/** Other processes write too: more than their clocks differ plus the longest write, four tries of 2 s. */
const overlapMs = 10_000;

/** The plane's table, and the keys under which secrets in it are sealed, as far as this function may use them. */
export function openTable(): { readonly store: Store; readonly sealer: Sealer } {
  const client = storeClient();
  const table = environment.table();
  const keyId = environment.sealingKey();
  const ring = keyId === undefined ? noKeys : kmsKeyRing({ kms: new KMSClient(), client, table, keyId, plane: environment.plane(), clock });
  const sealer = aesSealer(ring, random);
  return { store: createDynamoStore({ client, table, clock, random, sealer, overlapMs, pollMs: 1_000 }), sealer };
}
