import { gunzipSync } from 'node:zlib';
import { type AttributeValue, type DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { configMap } from '../../shared/kinds/core/config-map.ts';
import { secret } from '../../shared/kinds/core/secret.ts';
import { ensureNamespaces } from '../../shared/store/namespaces.ts';
import type { StreamRecord } from '../../shared/store/record.ts';
import { newTable, openOn } from './dynamo-host.ts';
import { type Fault, faulty, once } from './faults.ts';
import { counted, everyKind, increment, newShell, shell } from './objects.ts';
import { realClock } from './ports.ts';
import { changesUntil, learn, told, truth } from './watching.ts';

const at = (name: string) => ({ namespace: 'default', name });
const inDefault = { namespace: 'default' };
const several = { overlapMs: 10_000 };

/** What the store promises on a table, whatever the network and other processes do. */
export function dynamoConformance(name: string, start: () => Promise<{ client: DynamoDBClient; close(): Promise<void> }>): void {
  describe(`the store on a table of ${name}`, () => {
    let client: DynamoDBClient;
    let close: () => Promise<void>;
    beforeAll(async () => {
      ({ client, close } = await start());
    });
    afterAll(() => close());

    describe('when replies are lost', () => {
      it.each([1, 2, 3])('creates, changes and deletes once, although %i replies were lost', async (lost) => {
        const table = await newTable(client);
        const records: StreamRecord[] = [];
        const losing = () =>
          openOn(faulty(client, once('PutItemCommand', ...Array<'lostReply'>(lost).fill('lostReply'))), table, {
            committed: (record) => records.push(record),
          });
        const made = await losing().create(shell, newShell('a'));
        expect(await losing().get(shell, at('a'))).toEqual(made);
        const changed = await losing().update(shell, counted(made, 1));
        expect(await losing().get(shell, at('a'))).toEqual(changed);
        const last = await losing().remove(shell, changed);
        expect(await losing().wasDeleted(shell, at('a'), last.metadata.uid!)).toBe(true);
        expect(records.map(({ dynamodb }) => dynamodb.SequenceNumber)).toEqual(
          [made, changed, last].map((o) => o.metadata.resourceVersion),
        );
      });

      it('knows its own write although others wrote on top of it before it could look', async () => {
        const table = await newTable(client);
        const calm = openOn(client, table);
        const made = await calm.create(shell, newShell('a'));
        const loses = once('PutItemCommand', 'lostReply');
        const losing = openOn(
          faulty(client, loses, () => increment(calm, at('a'))),
          table,
        );
        const mine = await losing.update(shell, counted(made, 10));
        const stored = (await calm.get(shell, at('a')))!;
        expect(stored.spec.count).toBe(11);
        expect(Number(stored.metadata.resourceVersion)).toBeGreaterThan(Number(mine.metadata.resourceVersion));
      });

      it('counts each of many increments once, although every other reply or request is lost', async () => {
        const table = await newTable(client);
        await openOn(client, table).create(shell, newShell('a'));
        const faults: Fault[] = ['lostReply', undefined, 'lostRequest', 'lostReply', undefined];
        await Promise.all(
          Array.from({ length: 4 }, async () => {
            const store = openOn(faulty(client, once('PutItemCommand', ...faults, ...faults)), table);
            for (let i = 0; i < 5; i++) await increment(store, at('a'));
          }),
        );
        expect((await openOn(client, table).get(shell, at('a')))?.spec.count).toBe(20);
      });

      it('says that it may work later when nothing ever answers, and then is right about what is stored', async () => {
        const table = await newTable(client);
        const store = openOn(
          faulty(client, (command) => (command === 'PutItemCommand' ? 'lostRequest' : undefined)),
          table,
        );
        await expect(store.create(shell, newShell('a'))).rejects.toMatchObject({ name: 'RetryLater', retryAfter: 1 });
        expect(await store.get(shell, at('a'))).toBeUndefined();
      });
    });

    it.each([
      ['the only writer, by keeping back what is newer', { overlapMs: 0 }],
      ['one of several writers, by looking back', several],
    ])(
      'misses no write that is stored after a newer one, as %s',
      async (_, options) => {
        const table = await newTable(client);
        const gate = Promise.withResolvers<void>();
        let held = 0;
        const holding = faulty(
          client,
          (command) => (command === 'PutItemCommand' && held++ === 0 ? 'late' : undefined),
          () => gate.promise,
        );
        const store = openOn(holding, table, { ...options, pollMs: 30 });
        const end = new AbortController();
        const seen: { readonly name: string; readonly from: string }[] = [];
        let looks = 0;
        const watching = (async () => {
          for await (const { type, object, resourceVersion } of store.watch(shell, { ...inDefault, signal: end.signal })) {
            if (type !== 'SYNCED') seen.push({ name: object!.metadata.name, from: resourceVersion });
            // The newer write had time to be seen alone; then the older one comes through.
            else if (++looks === 6) gate.resolve();
            if (new Set(seen.map(({ name }) => name)).size === 2) end.abort();
          }
        })();
        const older = store.create(shell, newShell('older'));
        await store.create(shell, newShell('newer'));
        await Promise.all([older, watching]);
        for (const [i, { from }] of seen.entries()) {
          const known = seen.slice(0, i + 1).map(({ name }) => name);
          const later = await changesUntil(store, shell, { ...inDefault, from });
          expect(new Set([...known, ...later.map(({ object }) => object!.metadata.name)])).toEqual(new Set(['older', 'newer']));
        }
      },
      10_000,
    );

    it('waits out throttling and reads the keys that were left out', async () => {
      const table = await newTable(client);
      const slow = (command: string, ...faults: Parameters<typeof once>[1][]) => openOn(faulty(client, once(command, ...faults)), table);
      const made = await slow('PutItemCommand', 'throttled', 'throttled').create(shell, newShell('a', { owner: 'u' }));
      expect(await slow('GetItemCommand', 'throttled', 'lostReply').get(shell, at('a'))).toEqual(made);
      expect(await slow('BatchGetItemCommand', 'unprocessed', 'throttled').ownedBy(shell, 'default', 'u')).toEqual([made]);
      const never = faulty(client, (command) => (command === 'BatchGetItemCommand' ? 'unprocessed' : undefined));
      await expect(openOn(never, table).ownedBy(shell, 'default', 'u')).rejects.toMatchObject({ name: 'RetryLater' });
    });

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

    it('asks the table once per look for 100 watches of the same objects', async () => {
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
      expect(asked).toEqual(['PutItemCommand', 'QueryCommand', 'BatchGetItemCommand']);
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
