import { randomBytes } from 'node:crypto';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { localClient } from '../../../infra/local/dynamodb/client.ts';
import { type DynamoDb, startDynamoDb } from '../../../infra/local/dynamodb/host.ts';
import { largestObject, mostItems } from '../../../shared/api/objects/size.ts';
import { ensureNamespaces } from '../../../shared/store/namespaces.ts';
import { newTable, openOn } from '../../store/dynamo-host.ts';
import { configMapNamed, type Harness, merge, openApi, paths } from '../harness.ts';

let dynamodb: DynamoDb;
let client: DynamoDBClient;
beforeAll(async () => {
  dynamodb = await startDynamoDb();
  client = localClient(dynamodb.endpoint);
});
afterAll(async () => {
  client.destroy();
  await dynamodb.close();
});

const stores: Record<string, () => Promise<Harness>> = {
  memory: () => openApi(),
  DynamoDB: async () => {
    const store = openOn(client, await newTable(client));
    await ensureNamespaces(store);
    return openApi({ store });
  },
};

const texts: Record<string, (length: number) => string> = {
  'that compresses': (length) => 'x'.repeat(length),
  'that does not compress': (length) => randomBytes(length).toString('base64').slice(0, length),
  'of any letters': (length) => Array.from(randomBytes(length), (byte) => String.fromCharCode(35 + (byte % 57))).join(''),
};

/** A ConfigMap of exactly so many bytes. */
function configMapOf(bytes: number, text: (length: number) => string) {
  const empty = JSON.stringify(configMapNamed('x', { a: '' })).length;
  const object = configMapNamed('x', { a: text(bytes - empty) });
  expect(Buffer.byteLength(JSON.stringify(object))).toBe(bytes);
  return object;
}

describe.each(Object.entries(stores))('an object in the store on %s', (_, open) => {
  it.each(Object.entries(texts))('may have 350 KB, and not a byte more, of text %s', async (__, text) => {
    const { send, failures } = await open();
    const tooLarge = await send('POST', paths.configMaps, configMapOf(largestObject + 1, text));
    expect([tooLarge.code, tooLarge.body.details.causes[0].reason]).toEqual([422, 'FieldValueTooLong']);
    expect((await send('GET', `${paths.configMaps}/x`)).code).toBe(404);
    const largest = configMapOf(largestObject, text);
    expect((await send('POST', paths.configMaps, largest)).code).toBe(201);
    const got = await send('GET', `${paths.configMaps}/x`);
    expect(got.body.data).toEqual(largest.data);
    // What the server has added is not counted; what a patch adds is.
    for (const [method, body, type] of [
      ['PATCH', {}, merge],
      ['PUT', got.body, {}],
    ] as const)
      expect((await send(method, `${paths.configMaps}/x`, body, type)).body).toEqual(got.body);
    expect((await send('PATCH', `${paths.configMaps}/x`, { metadata: { labels: { a: 'b' } } }, merge)).code).toBe(422);
    expect((await send('GET', `${paths.configMaps}/x`)).body).toEqual(got.body);
    expect((await send('DELETE', `${paths.configMaps}/x`)).code).toBe(200);
    expect(failures).toEqual([]);
  });
});

it('a Secret may have 350 KB as it is stored: plain text is a third longer in base64', async () => {
  const { send } = await openApi();
  const secretOf = (length: number) => ({ metadata: { name: 's' }, stringData: { a: 'x'.repeat(length) } });
  expect((await send('POST', paths.secrets, secretOf(300 * 1024))).code).toBe(422);
  const { body } = await send('POST', paths.secrets, secretOf(250 * 1024));
  expect((await send('PUT', `${paths.secrets}/s`, body)).body).toEqual(body);
});

it('an object may have so many items in its lists, and no more', async () => {
  const { send } = await openApi();
  const withItems = (count: number) => ({
    ...configMapNamed('x'),
    metadata: { name: 'x', finalizers: Array.from({ length: count }, (_, i) => `a.b/${i}`) },
  });
  expect((await send('POST', `${paths.configMaps}?dryRun=All`, withItems(mostItems))).code).toBe(201);
  const { code, body } = await send('POST', `${paths.configMaps}?dryRun=All`, withItems(mostItems + 1));
  expect([code, body.details.causes[0].message]).toEqual([422, expect.stringContaining('may not have more than 10000 items')]);
});
