import { type DynamoDBClient, GetItemCommand, PutItemCommand, QueryCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Exchange } from '../../../infra/local/bench/bill.ts';
import { askForTheBill, type CountingProxy, createCountingProxy } from '../../../infra/local/bench/counting-proxy.ts';
import { localClient } from '../../../infra/local/dynamodb/client.ts';
import { type DynamoDb, startDynamoDb } from '../../../infra/local/dynamodb/host.ts';
import { metered, useMeter } from '../../../infra/local/meter.ts';
import { ensureTable } from '../../../shared/store/dynamodb.ts';

const table = { TableName: 'plastron' };
const Key = { pk: { S: 'machines.cluster.k8s.io/default' }, sk: { S: 'a' } };

describe('the counter before DynamoDB', () => {
  const told: Exchange[] = [];
  const heard = (): Exchange[] => {
    counter.tell();
    return told;
  };
  let dynamodb: DynamoDb;
  let counter: CountingProxy;
  let client: DynamoDBClient;
  beforeAll(async () => {
    dynamodb = await startDynamoDb();
    counter = await createCountingProxy(dynamodb.endpoint, (exchange) => told.push(exchange));
    client = askForTheBill(localClient(counter.endpoint));
    await ensureTable({ client, table: 'plastron' });
  });
  afterAll(async () => {
    client.destroy();
    await counter.close();
    await dynamodb.close();
  });

  it('passes on what is asked and answered, bytes included', async () => {
    const Item = { ...Key, rv: { N: '1' }, obj: { B: new Uint8Array([0, 255, 7]) } };
    await client.send(new PutItemCommand({ ...table, Item }));
    expect((await client.send(new GetItemCommand({ ...table, Key, ConsistentRead: true }))).Item).toEqual(Item);
    expect(heard().find(({ action }) => action === 'PutItem')?.request.Item?.obj).toEqual({ B: 'AP8H' });
  });

  it('hears what reads consume', async () => {
    const ExpressionAttributeValues = { ':pk': Key.pk };
    await client.send(
      new QueryCommand({ ...table, KeyConditionExpression: 'pk = :pk', ExpressionAttributeValues, ConsistentRead: true, Limit: 7 }),
    );
    const query = heard().find(({ action }) => action === 'Query');
    expect(query?.request.Limit).toBe(7);
    expect(query?.reply.ConsumedCapacity).toMatchObject({ CapacityUnits: 1 });
  });

  it('hears the item that an update leaves behind', async () => {
    const update = { ...table, Key, UpdateExpression: 'SET dueAt = :at', ExpressionAttributeValues: { ':at': { N: '5' } } };
    await client.send(new UpdateItemCommand(update));
    expect(heard().find(({ action }) => action === 'UpdateItem')?.reply.Attributes).toMatchObject({ ...Key, dueAt: { N: '5' } });
  });

  it('tells in the order of the answers, whatever goes on at the same time', async () => {
    const before = heard().length;
    const put = (rv: number) => client.send(new PutItemCommand({ ...table, Item: { ...Key, sk: { S: `n${rv}` }, rv: { N: String(rv) } } }));
    await Promise.all(Array.from({ length: 50 }, (_, rv) => put(rv)));
    const told = heard().slice(before);
    expect(told.map(({ request }) => request.Item?.sk?.S).sort()).toEqual(Array.from({ length: 50 }, (_, rv) => `n${rv}`).sort());
    expect(told.every(({ action, status }) => action === 'PutItem' && status === 200)).toBe(true);
  });

  it('hears which function asks', async () => {
    useMeter({ called: () => {}, sent: () => {} });
    await metered('sweep', () => client.send(new GetItemCommand({ ...table, Key })));
    expect(heard().at(-1)).toMatchObject({ action: 'GetItem', by: 'sweep' });
    await client.send(new GetItemCommand({ ...table, Key }));
    expect(heard().at(-1)).not.toHaveProperty('by');
  });

  it('tells of nothing twice', () => {
    const before = heard().length;
    expect(heard()).toHaveLength(before);
  });

  it('passes refusals on as they are', async () => {
    const again = new PutItemCommand({ ...table, Item: Key, ConditionExpression: 'attribute_not_exists(pk)' });
    await expect(client.send(again)).rejects.toMatchObject({ name: 'ConditionalCheckFailedException' });
    expect(heard().at(-1)).toMatchObject({ action: 'PutItem', status: 400 });
  });
});
