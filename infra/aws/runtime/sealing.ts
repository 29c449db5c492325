import { ConditionalCheckFailedException, type DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { DecryptCommand, GenerateDataKeyCommand, type KMSClient, KMSServiceException } from '@aws-sdk/client-kms';
import { Refused, RetryLater } from '../../../shared/errors.ts';
import type { Clock } from '../../../shared/ports.ts';
import type { Key, KeyRing } from '../../../shared/store/seal.ts';

export interface KmsKeyRingOptions {
  readonly kms: KMSClient;
  readonly client: DynamoDBClient;
  readonly table: string;
  /** ARN or id of the customer key. */
  readonly keyId: string;
  /** Name of the plane: no other plane's data keys open under it. */
  readonly plane: string;
  readonly clock: Clock;
}

/** Data keys are items among the objects; no kind has this name. */
const partition = 'sealingkeys./';

/**
 * A data key for each day, made by KMS and kept, encrypted, in the table: whoever restores the table has the keys that open
 * it, if the customer key lets him. A process asks KMS once for each day whose secrets it meets.
 */
export function kmsKeyRing({ kms, client, table: TableName, keyId: KeyId, plane, clock }: KmsKeyRingOptions): KeyRing {
  const opened = new Map<string, Promise<Key | undefined>>();
  const EncryptionContext = { 'plastron:plane': plane };

  async function stored(id: string): Promise<Uint8Array | undefined> {
    const command = new GetItemCommand({ TableName, Key: keyOf(id), ConsistentRead: true });
    const { Item } = await passing('read a data key', () => client.send(command));
    return Item?.encrypted?.B;
  }

  async function decrypted(id: string, CiphertextBlob: Uint8Array): Promise<Key> {
    const { Plaintext } = await passing('open a data key', () =>
      kms.send(new DecryptCommand({ CiphertextBlob, KeyId, EncryptionContext })),
    );
    return { id, bytes: Plaintext! };
  }

  /** Of two that make the key of a day, one is the first to store it, and the other takes that. */
  async function made(id: string): Promise<Key> {
    const command = new GenerateDataKeyCommand({ KeyId, KeySpec: 'AES_256', EncryptionContext });
    const { Plaintext, CiphertextBlob } = await passing('make a data key', () => kms.send(command));
    try {
      const Item = { ...keyOf(id), encrypted: { B: CiphertextBlob! } };
      const unlessThere = { ConditionExpression: 'attribute_not_exists(pk)' };
      await passing('store a data key', () => client.send(new PutItemCommand({ TableName, Item, ...unlessThere })));
      return { id, bytes: Plaintext! };
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      return decrypted(id, (await stored(id))!);
    }
  }

  /** Asked for by many at once, opened once; a failure is not remembered. */
  function once(id: string, open: () => Promise<Key | undefined>): Promise<Key | undefined> {
    const known = opened.get(id);
    if (known !== undefined) return known;
    const opening = open();
    opened.set(id, opening);
    opening.then(
      (key) => key === undefined && opened.delete(id),
      () => opened.delete(id),
    );
    return opening;
  }

  const byId = (id: string): Promise<Key | undefined> =>
    once(id, async () => {
      const blob = await stored(id);
      return blob && decrypted(id, blob);
    });

  return Object.freeze({
    byId,
    async current() {
      const day = new Date(clock.now()).toISOString().slice(0, 10);
      return (await byId(day)) ?? (await once(day, () => made(day)))!;
    },
  });
}

const keyOf = (id: string) => ({ pk: { S: partition }, sk: { S: id } });

/** KMS throttles and rests like any service; that it does not let us in is for a person to mend. */
async function passing<T>(what: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException || !(error instanceof Error)) throw error;
    if (error.name === 'AccessDeniedException')
      throw new Refused(`may not ${what}: the function's role, or the policy of the customer key, does not allow it`, { cause: error });
    const passes = error.name === 'ThrottlingException' || (error instanceof KMSServiceException && error.$fault === 'server');
    throw passes ? new RetryLater(`cannot ${what} now (${error.name})`, { cause: error, retryAfter: 1 }) : error;
  }
}

/** For functions that may not open secrets: theirs is another's table otherwise. */
export const noKeys: KeyRing = Object.freeze({
  current: () => {
    throw new Refused('this function may not seal secrets');
  },
  byId: () => {
    throw new Refused('this function may not open secrets');
  },
});
