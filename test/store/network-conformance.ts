import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from '@jest/globals';
import type { StreamRecord } from '../../shared/store/record.ts';
import { newTable, openOn, several } from './dynamo-host.ts';
import { type Fault, faulty, once } from './faults.ts';
import { at, counted, increment, inDefault, newShell, shell } from './objects.ts';
import { changesUntil } from './watching.ts';

/** What the store promises however badly the network treats its requests. */
export function networkConformance(client: () => DynamoDBClient): void {
  describe('when replies are lost', () => {
    it.each([1, 2, 3])('creates, changes, deletes and restores once, although %i replies were lost', async (lost) => {
      const table = await newTable(client());
      const records: StreamRecord[] = [];
      const losing = () =>
        openOn(faulty(client(), once('PutItemCommand', ...Array<'lostReply'>(lost).fill('lostReply'))), table, {
          committed: (record) => records.push(record),
        });
      const made = await losing().create(shell, newShell('a'));
      expect(await losing().get(shell, at('a'))).toEqual(made);
      const changed = await losing().update(shell, counted(made, 1));
      expect(await losing().get(shell, at('a'))).toEqual(changed);
      const last = await losing().remove(shell, changed);
      expect(await losing().wasDeleted(shell, at('a'), last.metadata.uid!)).toBe(true);
      const back = await losing().restore(shell, made);
      expect(await losing().get(shell, at('a'))).toEqual(back);
      const versions = [made, changed, last, back].map(({ metadata }) => metadata.resourceVersion);
      expect(records.map(({ dynamodb }) => dynamodb.SequenceNumber)).toEqual(versions);
    });

    it('knows its own write although others wrote on top of it before it could look', async () => {
      const table = await newTable(client());
      const calm = openOn(client(), table);
      const made = await calm.create(shell, newShell('a'));
      const loses = once('PutItemCommand', 'lostReply');
      const losing = openOn(
        faulty(client(), loses, () => increment(calm, at('a'))),
        table,
      );
      const mine = await losing.update(shell, counted(made, 10));
      const stored = (await calm.get(shell, at('a')))!;
      expect(stored.spec.count).toBe(11);
      expect(Number(stored.metadata.resourceVersion)).toBeGreaterThan(Number(mine.metadata.resourceVersion));
    });

    it('counts each of many increments once, although every other reply or request is lost', async () => {
      const table = await newTable(client());
      await openOn(client(), table).create(shell, newShell('a'));
      const faults: Fault[] = ['lostReply', undefined, 'lostRequest', 'lostReply', undefined];
      await Promise.all(
        Array.from({ length: 4 }, async () => {
          const store = openOn(faulty(client(), once('PutItemCommand', ...faults, ...faults)), table);
          for (let i = 0; i < 5; i++) await increment(store, at('a'));
        }),
      );
      expect((await openOn(client(), table).get(shell, at('a')))?.spec.count).toBe(20);
    });

    it('says that it may work later when nothing ever answers, and then is right about what is stored', async () => {
      const table = await newTable(client());
      const store = openOn(
        faulty(client(), (command) => (command === 'PutItemCommand' ? 'lostRequest' : undefined)),
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
      const table = await newTable(client());
      const gate = Promise.withResolvers<void>();
      let held = 0;
      const holding = faulty(
        client(),
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
    const table = await newTable(client());
    const slow = (command: string, ...faults: Parameters<typeof once>[1][]) => openOn(faulty(client(), once(command, ...faults)), table);
    const made = await slow('PutItemCommand', 'throttled', 'throttled').create(shell, newShell('a', { owner: 'u' }));
    expect(await slow('GetItemCommand', 'throttled', 'lostReply').get(shell, at('a'))).toEqual(made);
    expect(await slow('BatchGetItemCommand', 'unprocessed', 'throttled').ownedBy(shell, 'default', 'u')).toEqual([made]);
    const never = faulty(client(), (command) => (command === 'BatchGetItemCommand' ? 'unprocessed' : undefined));
    await expect(openOn(never, table).ownedBy(shell, 'default', 'u')).rejects.toMatchObject({ name: 'RetryLater' });
  });
}
