import {
  BatchGetItemCommand,
  CreateTableCommand,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  QueryCommand,
  type QueryCommandInput,
  UpdateItemCommand,
  type UpdateItemCommandInput,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import { RetryLater } from '../errors.ts';
import type { Clock, Random } from '../ports.ts';
import { backOff, explained, failureOf, tries } from './failure.ts';
import { gatherReads } from './gather-reads.ts';
import type { Item, Key } from './item.ts';

export interface TablePorts {
  readonly client: DynamoDBClient;
  readonly table: string;
  readonly clock: Clock;
  readonly random: Random;
}

/** The local indexes: they exist from the table's creation on or never, and five is the limit. */
export const indexes = {
  byVersion: { key: 'rv', type: 'N' },
  byOwner: { key: 'owner', type: 'S' },
  byCluster: { key: 'cluster', type: 'S' },
  byDue: { key: 'dueAt', type: 'N' },
  spare: { key: 'spare', type: 'S' },
} as const;

export type IndexName = keyof typeof indexes;

/** Makes the table if it is not there, and returns when it can be used. */
export async function ensureTable({ client, table }: Pick<TablePorts, 'client' | 'table'>): Promise<void> {
  const attribute = (name: string, type: 'S' | 'N') => ({ AttributeName: name, AttributeType: type });
  const keySchema = (sortKey: string) => [
    { AttributeName: 'pk', KeyType: 'HASH' as const },
    { AttributeName: sortKey, KeyType: 'RANGE' as const },
  ];
  try {
    await client.send(
      new CreateTableCommand({
        TableName: table,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [
          attribute('pk', 'S'),
          attribute('sk', 'S'),
          ...Object.values(indexes).map(({ key, type }) => attribute(key, type)),
        ],
        KeySchema: keySchema('sk'),
        LocalSecondaryIndexes: Object.entries(indexes).map(([IndexName, { key }]) => ({
          IndexName,
          KeySchema: keySchema(key),
          Projection: { ProjectionType: 'KEYS_ONLY' as const },
        })),
      }),
    );
  } catch (error) {
    if ((error as Error).name !== 'ResourceInUseException') throw explained(error, `create table "${table}"`);
  }
  await waitUntilTableExists({ client, maxWaitTime: 60, minDelay: 0.02, maxDelay: 2 }, { TableName: table });
}

/** Reads and removals of items. All of them may be repeated, so they are, a few times; puts are in `put.ts`. */
export interface Table {
  get(key: Key): Promise<Item | undefined>;
  /** The items that are there, in any order. */
  getAll(keys: readonly Key[]): Promise<Item[]>;
  query(query: Omit<QueryCommandInput, 'TableName' | 'ConsistentRead'>): AsyncGenerator<Item[], void>;
  /** False: the condition does not hold. */
  update(update: Omit<UpdateItemCommandInput, 'TableName' | 'Key'>, key: Key): Promise<boolean>;
  /** Removes the item if it still has this version. False: it has another. */
  remove(key: Key, version: number): Promise<boolean>;
}

export const attributesOf = ({ pk, sk }: Key): Item => ({ pk: { S: pk }, sk: { S: sk } });

/** As many as one BatchGetItem takes. */
const batch = 100;

export function openTable(ports: TablePorts): Table {
  const { client, table: TableName } = ports;

  async function repeatedly<Answer>(what: string, request: () => Promise<Answer>): Promise<Answer> {
    for (let turn = 0; ; turn++) {
      try {
        return await request();
      } catch (error) {
        const failure = failureOf(error);
        if (failure === 'condition') throw error;
        if (failure === 'final' || turn + 1 === tries) throw explained(error, what);
        await backOff(turn, ports);
      }
    }
  }

  async function ifConditionHolds(what: string, request: () => Promise<unknown>): Promise<boolean> {
    try {
      await repeatedly(what, request);
      return true;
    } catch (error) {
      if (failureOf(error) === 'condition') return false;
      throw error;
    }
  }

  async function getOne(key: Key): Promise<Item[]> {
    const command = new GetItemCommand({ TableName, Key: attributesOf(key), ConsistentRead: true });
    const { Item } = await repeatedly('read an item', () => client.send(command));
    return Item === undefined ? [] : [Item];
  }

  /** One BatchGetItem, and again for what it left out (it answers 16 MB at most, or less when it is throttled). */
  async function getBatch(keys: readonly Key[]): Promise<Item[]> {
    const items: Item[] = [];
    let left: Item[] = keys.map(attributesOf);
    for (let fruitless = 0; left.length > 0; ) {
      const RequestItems = { [TableName]: { Keys: left, ConsistentRead: true } };
      const answer = await repeatedly('read items', () => client.send(new BatchGetItemCommand({ RequestItems })));
      const found = answer.Responses?.[TableName] ?? [];
      items.push(...found);
      const unprocessed = answer.UnprocessedKeys?.[TableName]?.Keys ?? [];
      fruitless = unprocessed.length < left.length ? 0 : fruitless + 1;
      if (fruitless === tries) throw new RetryLater('DynamoDB does not read items now (unprocessed keys)', { retryAfter: 1 });
      if (fruitless > 0) await backOff(fruitless, ports);
      left = unprocessed;
    }
    return items;
  }

  return Object.freeze({
    get: gatherReads((keys) => (keys.length === 1 ? getOne(keys[0]!) : getBatch(keys)), batch),

    async getAll(keys: readonly Key[]) {
      const batches: Promise<Item[]>[] = [];
      for (let at = 0; at < keys.length; at += batch) batches.push(getBatch(keys.slice(at, at + batch)));
      return (await Promise.all(batches)).flat();
    },

    async *query(query) {
      let start: Item | undefined = query.ExclusiveStartKey;
      do {
        const input = { ...query, TableName, ConsistentRead: true, ExclusiveStartKey: start };
        const answer = await repeatedly('query', () => client.send(new QueryCommand(input)));
        yield answer.Items ?? [];
        start = answer.LastEvaluatedKey;
      } while (start !== undefined);
    },

    update: (update, key) =>
      ifConditionHolds('update an item', () => client.send(new UpdateItemCommand({ ...update, TableName, Key: attributesOf(key) }))),

    remove: (key, version) =>
      ifConditionHolds('delete an item', () =>
        client.send(
          new DeleteItemCommand({
            TableName,
            Key: attributesOf(key),
            ConditionExpression: 'rv = :rv',
            ExpressionAttributeValues: { ':rv': { N: String(version) } },
          }),
        ),
      ),
  } satisfies Table);
}
