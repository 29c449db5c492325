import { createHash, randomBytes } from 'node:crypto';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { KMSClient } from '@aws-sdk/client-kms';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { kmsKeyRing, noKeys } from '../../../infra/aws/runtime/sealing.ts';
import { localClient } from '../../../infra/local/dynamodb/client.ts';
import { type DynamoDb, startDynamoDb } from '../../../infra/local/dynamodb/host.ts';
import { Refused, RetryLater } from '../../../shared/errors.ts';
import { secret } from '../../../shared/kinds/core/secret.ts';
import { createDynamoStore, ensureNamespaces, ensureTable } from '../../../shared/store/dynamodb.ts';
import { aesSealer } from '../../../shared/store/seal.ts';
import { seededRandom, virtualClock } from '../../clock.ts';

let dynamodb: DynamoDb;
let client: DynamoDBClient;
let tables = 0;
beforeAll(async () => {
  dynamodb = await startDynamoDb();
  client = localClient(dynamodb.endpoint);
});
afterAll(async () => {
  client.destroy();
  await dynamodb.close();
});

/** KMS, as far as it goes: a data key opens with the context under which it was made. */
function fakeKms() {
  const made = new Map<string, { plaintext: Buffer; context: string }>();
  const asked: string[] = [];
  let failure: string | undefined;
  const failWith = (name: string | undefined): void => {
    failure = name;
  };
  const kms = {
    async send(command: { input: { EncryptionContext?: Record<string, string>; CiphertextBlob?: Uint8Array } }) {
      const context = JSON.stringify(command.input.EncryptionContext);
      asked.push(command.constructor.name);
      if (failure !== undefined) throw Object.assign(new Error('no'), { name: failure });
      if (command.input.CiphertextBlob === undefined) {
        const plaintext = randomBytes(32);
        const blob = createHash('sha256').update(plaintext).digest();
        made.set(blob.toString('hex'), { plaintext, context });
        return { Plaintext: plaintext, CiphertextBlob: blob };
      }
      const key = made.get(Buffer.from(command.input.CiphertextBlob).toString('hex'));
      if (key?.context !== context) throw Object.assign(new Error('not under this context'), { name: 'InvalidCiphertextException' });
      return { Plaintext: key.plaintext };
    },
  } as unknown as KMSClient;
  return { kms, asked, failWith };
}

async function open(plane = 'Plastron') {
  const table = `sealing-${tables++}`;
  await ensureTable({ client, table });
  const clock = virtualClock(Date.UTC(2026, 10, 22, 12));
  const fake = fakeKms();
  const ring = (name = plane) => kmsKeyRing({ kms: fake.kms, client, table, keyId: 'key', plane: name, clock });
  return { ...fake, table, clock, ring };
}

describe('data keys from KMS', () => {
  it('are one for each day, whoever asks first', async () => {
    const { ring, asked } = await open();
    const keys = await Promise.all(Array.from({ length: 5 }, () => ring().current()));
    expect(new Set(keys.map(({ id }) => id))).toEqual(new Set(['2026-11-22']));
    expect(new Set(keys.map(({ bytes }) => Buffer.from(bytes).toString('hex'))).size).toBe(1);
    expect(asked.length).toBeGreaterThan(0);
  });

  it('of another day open when it is over', async () => {
    const { ring, clock } = await open();
    const first = ring();
    const yesterday = await first.current();
    await clock.advance(86_400_000);
    const today = await first.current();
    expect(today.id).toBe('2026-11-23');
    expect(await ring().byId('2026-11-22')).toEqual(yesterday);
  });

  it('are asked of KMS once a process, for a thousand secrets', async () => {
    const { ring, asked, table, clock } = await open();
    const random = seededRandom(7);
    const storeWith = () =>
      createDynamoStore({ client, table, clock, random, sealer: aesSealer(ring(), random), overlapMs: 0, pollMs: 100 });
    const writer = storeWith();
    await ensureNamespaces(writer);
    await Promise.all(
      Array.from({ length: 1000 }, (_, i) =>
        writer.create(secret, {
          apiVersion: 'v1',
          kind: 'Secret',
          metadata: { name: `s-${i}`, namespace: 'default' },
          data: { a: 'Yg==' },
        } as never),
      ),
    );
    expect(asked).toEqual(['GenerateDataKeyCommand']);
    const { items } = await storeWith().list(secret, { namespace: 'default' });
    expect(items).toHaveLength(1000);
    expect(asked).toEqual(['GenerateDataKeyCommand', 'DecryptCommand']);
  });

  it('of one plane do not open under the name of another', async () => {
    const { ring } = await open('Blue');
    await ring('Blue').current();
    await expect(ring('Green').byId('2026-11-22')).rejects.toThrow('not under this context');
  });

  it('that nobody made are not there', async () => {
    const { ring } = await open();
    expect(await ring().byId('2019-07-26')).toBeUndefined();
  });

  it.each([
    ['ThrottlingException', RetryLater],
    ['AccessDeniedException', Refused],
  ])('that KMS refuses with %s are asked for again when it no longer does', async (name, error) => {
    const { ring, failWith } = await open();
    const one = ring();
    failWith(name);
    await expect(one.current()).rejects.toThrow(error);
    failWith(undefined);
    expect((await one.current()).id).toBe('2026-11-22');
  });

  it('are not for functions that may not open secrets', () => {
    expect(() => noKeys.current()).toThrow(Refused);
    expect(() => noKeys.byId('2026-11-22')).toThrow('may not open secrets');
  });
});
