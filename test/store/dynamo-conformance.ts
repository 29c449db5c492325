import { gunzipSync } from 'node:zlib';
import { type AttributeValue, type DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { configMap } from '../../shared/kinds/core/config-map.ts';
import { secret } from '../../shared/kinds/core/secret.ts';
import { ensureNamespaces } from '../../shared/store/namespaces.ts';
import { newTable, openOn, several } from './dynamo-host.ts';
import { faulty } from './faults.ts';
import { networkConformance } from './network-conformance.ts';
import { at, counted, everyKind, inDefault, newShell, shell } from './objects.ts';
import { realClock } from './ports.ts';
import { changesUntil, learn, told, truth } from './watching.ts';

/** What the store promises on a table, whatever the network and other processes do. */
export function dynamoConformance(name: string, start: () => Promise<{ client: DynamoDBClient; close(): Promise<void> }>): void {
  describe(`the store on a table of ${name}`, () => {
    let client: DynamoDBClient;
    let close: () => Promise<void>;
    beforeAll(async () => {
      ({ client, close } = await start());
    });
    afterAll(() => close());

    networkConformance(() => client);

    describe('beside other processes', () => {
      it('keeps versions growing and watchers informed, although two clocks differ by 4 seconds', async () => {
        const table = await newTable(client);
        const fast = openOn(client, table, { ...several, clock: realClock(2_000) });
        const slow = openOn(client, table, { ...several, clock: realClock(-2_000) });
        await fast.create(shell, newShell('shared'));
        const points: { from: string; known: ReadonlyMap<string, string> }[] = [];
        const end = new AbortController();
        const watching = Promise.all(
          [fast, slow].map(async (store) => {
            let known: ReadonlyMap<string, string> = new Map();
            for await (const change of store.watch(shell, { ...inDefault, signal: end.signal })) {
              known = learn(known, change);
              points.push({ from: change.resourceVersion, known });
            }
          }),
        );
        let version = 0;
        for (let i = 0; i < 16; i++) {
          const store = i % 2 === 0 ? slow : fast;
          const object = await store.get(shell, at('shared'));
          const { metadata } = await store.update(shell, counted(object!, i));
          expect(Number(metadata.resourceVersion)).toBeGreaterThan(version);
          version = Number(metadata.resourceVersion);
          await store.create(shell, newShell(`m-${i}`));
          if (i % 4 === 3) await (i % 8 === 3 ? fast : slow).remove(shell, (await slow.get(shell, at(`m-${i - 1}`)))!);
        }
        const final = [...(await truth(slow, shell, 'default'))].sort();
        end.abort();
        await watching;
        const some = points.filter((_, i) => i % Math.ceil(points.length / 8) === 0);
        await Promise.all(
          some.flatMap(({ from, known }) =>
            [fast, slow].map(async (store) => {
              const changes = await changesUntil(store, shell, { ...inDefault, from });
              expect([...changes.reduce(learn, known)].sort()).toEqual(final);
            }),
          ),
        );
      });

      it('hears of what another wrote at the next poll', async () => {
        const table = await newTable(client);
        const [here, there] = [openOn(client, table, { ...several, pollMs: 50 }), openOn(client, table, several)];
        const end = new AbortController();
        const seen: string[] = [];
        let written = false;
        for await (const change of here.watch(shell, { ...inDefault, signal: end.signal })) {
          if (change.type !== 'SYNCED') seen.push(told(change));
          else if (!written) await there.create(shell, newShell('a'));
          written = true;
          if (seen.length === 1) end.abort();
        }
        expect(seen).toEqual(['ADDED a 0']);
      });
    });

    it('asks the table once per look for 100 watches of the same objects, and reads no object that it wrote itself', async () => {
      const table = await newTable(client);
      const asked: string[] = [];
      const counting = faulty(client, (command) => void asked.push(command));
      const store = openOn(counting, table, { pollMs: 60_000 });
      const end = new AbortController();
      const told: string[] = [];
      const ready = Array.from({ length: 100 }, () => Promise.withResolvers<void>());
      const watching = Promise.all(
        ready.map(async ({ resolve }) => {
          for await (const change of store.watch(shell, { ...inDefault, signal: end.signal })) {
            if (change.type === 'SYNCED') resolve();
            else if (told.push(change.object!.metadata.name) === 100) end.abort();
          }
        }),
      );
      await Promise.all(ready.map(({ promise }) => promise));
      asked.length = 0;
      await store.create(shell, newShell('a'));
      await watching;
      expect(asked).toEqual(['PutItemCommand', 'QueryCommand']);
    });

    it('spends one request on a create, an update, a get and a settle', async () => {
      const asked: string[] = [];
      const store = openOn(
        faulty(client, (command) => void asked.push(command)),
        await newTable(client),
      );
      const made = await store.create(shell, newShell('a'));
      const changed = await store.update(shell, counted(made, 1));
      await store.get(shell, at('a'));
      await store.settle(shell, at('a'), changed.metadata.resourceVersion!);
      expect(asked).toEqual(['PutItemCommand', 'PutItemCommand', 'GetItemCommand', 'UpdateItemCommand']);
    });

    it('shows nothing of what is sealed to whoever reads the table', async () => {
      const table = await newTable(client);
      const store = openOn(client, table);
      await ensureNamespaces(store);
      const canary = 'canary-7f3a91';
      const annotations = { 'kubectl.kubernetes.io/last-applied-configuration': `{"data":"${canary}"}` };
      const meta = (name: string) => ({ name, namespace: 'default', annotations });
      await store.create(secret, { apiVersion: 'v1', kind: 'Secret', metadata: meta('kept'), type: 'Opaque', data: { token: canary } });
      const gone = await store.create(configMap, { apiVersion: 'v1', kind: 'ConfigMap', metadata: meta('gone'), data: { token: canary } });
      await store.remove(configMap, gone);
      const { Items = [] } = await client.send(new ScanCommand({ TableName: table, ConsistentRead: true }));
      expect(Items.length).toBe(4);
      for (const item of Items) expect(texts(item)).not.toContain(canary);
      const [deleted] = await changesUntil(store, configMap, { ...inDefault, from: gone.metadata.resourceVersion! }, store.version());
      expect(JSON.stringify(deleted)).not.toContain(canary);
      expect(deleted).toMatchObject({ type: 'DELETED', object: { metadata: { name: 'gone', uid: gone.metadata.uid } } });
      expect((await store.get(secret, at('kept')))?.data).toEqual({ token: canary });
      expect(await store.removeExpired(everyKind)).toBe(0);
    });
  });
}

/** All that could be read out of an item, also by who knows that bodies are zipped. */
function texts(item: Record<string, AttributeValue>): string {
  return Object.values(item)
    .map(({ S, B }) => S ?? (B === undefined ? '' : `${Buffer.from(B).toString('latin1')}${unzipped(B)}`))
    .join('\n');
}

function unzipped(bytes: Uint8Array): string {
  try {
    return gunzipSync(bytes).toString();
  } catch {
    return '';
  }
}
