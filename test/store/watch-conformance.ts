import { describe, expect, it } from '@jest/globals';
import { event } from '../../shared/kinds/core/event.ts';
import { namespace } from '../../shared/kinds/core/namespace.ts';
import type { SweptStore } from '../../shared/store/expiry.ts';
import { newNamespace } from '../../shared/store/namespaces.ts';
import type { Change } from '../../shared/store/store.ts';
import type { Open } from './conformance.ts';
import { counted, everyKind, inDefault, newShell, type Shell, shell } from './objects.ts';
import { drawBelow, realClock, seededRandom } from './ports.ts';
import { changesUntil, type Knowledge, learn, told, truth } from './watching.ts';

const hour = 3_600_000;

/** A watch that runs beside the test. */
function follow(store: SweptStore, query: { readonly namespace?: string; readonly from?: string }) {
  const end = new AbortController();
  const changes: Change<Shell>[] = [];
  let heard = Promise.withResolvers<void>();
  const done = (async () => {
    for await (const change of store.watch(shell, { ...query, signal: end.signal })) {
      changes.push(change);
      heard.resolve();
      heard = Promise.withResolvers();
    }
  })();
  return {
    changes,
    told: () => changes.filter(({ type }) => type !== 'SYNCED').map(told),
    async until(condition: () => boolean): Promise<void> {
      while (!condition()) await heard.promise;
    },
    async stop(): Promise<void> {
      end.abort();
      await done;
    },
  };
}

/** What every store promises to its watchers. */
export function watchConformance(open: Open): void {
  describe('watched', () => {
    it('sends what is there, says so, and then each change with the object as it is', async () => {
      const store = await open();
      await store.create(shell, newShell('a'));
      const b = await store.create(shell, newShell('b'));
      const watch = follow(store, inDefault);
      await watch.until(() => watch.changes.some(({ type }) => type === 'SYNCED'));
      expect(watch.told()).toEqual(['ADDED a 0', 'ADDED b 0']);
      await store.create(shell, newShell('c'));
      await watch.until(() => watch.told().includes('ADDED c 0'));
      const changed = await store.update(shell, counted(b, 1));
      await watch.until(() => watch.told().includes('MODIFIED b 1'));
      const last = await store.remove(shell, changed);
      await watch.until(() => watch.told().includes('DELETED b 1'));
      expect(watch.changes.findLast(({ type }) => type === 'DELETED')).toEqual({
        type: 'DELETED',
        resourceVersion: last.metadata.resourceVersion,
        object: last,
      });
      await watch.stop();
    });

    it('goes on from a version with what came after it, and tells new objects from changed ones', async () => {
      const store = await open();
      const a = await store.create(shell, newShell('a'));
      const gone = await store.create(shell, newShell('gone'));
      const from = (await store.list(shell)).resourceVersion;
      await store.update(shell, counted(a, 1));
      await store.create(shell, newShell('b'));
      await store.remove(shell, gone);
      const changes = await changesUntil(store, shell, { ...inDefault, from }, store.version());
      expect([...new Set(changes.map(told))]).toEqual(expect.arrayContaining(['MODIFIED a 1', 'ADDED b 0', 'DELETED gone 0']));
    });

    it('says that the old object went before a new one has its name', async () => {
      const store = await open();
      const old = await store.create(shell, newShell('a'));
      const from = old.metadata.resourceVersion!;
      await store.remove(shell, old);
      const young = await store.create(shell, newShell('a'));
      const changes = await changesUntil(store, shell, { ...inDefault, from }, young.metadata.resourceVersion);
      const uids = changes.map(({ type, object }) => `${type} ${object?.metadata.uid}`);
      expect(uids.slice(-2)).toEqual([`DELETED ${old.metadata.uid}`, `ADDED ${young.metadata.uid}`]);
    });

    it('says when the labels last changed', async () => {
      const store = await open();
      const first = await store.create(shell, newShell('a', { labels: { tier: 'x' } }));
      const relabelled = await store.update(shell, { ...first, metadata: { ...first.metadata, labels: { tier: 'y' } } });
      const last = await store.update(shell, counted(relabelled, 1));
      const query = { ...inDefault, from: first.metadata.resourceVersion! };
      const changes = await changesUntil(store, shell, query, last.metadata.resourceVersion);
      expect(changes.at(-1)).toMatchObject({ type: 'MODIFIED', labelsVersion: relabelled.metadata.resourceVersion });
    });

    it('hears of all namespaces, those included that are made later', async () => {
      const store = await open();
      await store.create(shell, newShell('a'));
      const watch = follow(store, {});
      await watch.until(() => watch.changes.some(({ type }) => type === 'SYNCED'));
      await store.create(namespace, newNamespace('later'));
      const b = await store.create(shell, newShell('b', { namespace: 'later' }));
      await watch.until(() => watch.told().includes('ADDED b 0'));
      await store.update(shell, counted(b, 1));
      await watch.until(() => watch.told().includes('MODIFIED b 1'));
      expect(watch.told()).toEqual(['ADDED a 0', 'ADDED b 0', 'MODIFIED b 1']);
      await watch.stop();
    });

    it('is told of a change long before the next poll', async () => {
      const store = await open({ pollMs: 60_000 });
      const watch = follow(store, inDefault);
      await watch.until(() => watch.changes.length > 0);
      const begun = performance.now();
      await store.create(shell, newShell('a'));
      await watch.until(() => watch.told().length > 0);
      expect(performance.now() - begun).toBeLessThan(1_000);
      await watch.stop();
    });

    it('refuses a version that deletions are no longer kept for, or that is not of this store', async () => {
      const clock = realClock();
      const store = await open({ clock });
      const { metadata } = await store.create(shell, newShell('a'));
      const start = (from: string) => changesUntil(store, shell, { ...inDefault, from });
      const ahead = String(Number(metadata.resourceVersion) + 4096 * hour);
      await expect(start(ahead)).rejects.toMatchObject({ name: 'Expired', message: expect.stringContaining('ahead') });
      await expect(start('yesterday')).rejects.toMatchObject({ name: 'Invalid' });
      await expect(start('99999999999999999')).rejects.toMatchObject({ name: 'Invalid' });
      clock.offset += hour - 5_000;
      expect(await start(metadata.resourceVersion!)).toBeDefined();
      clock.offset += 10_000;
      await expect(start(metadata.resourceVersion!)).rejects.toMatchObject({
        name: 'Expired',
        message: expect.stringContaining('too old resource version'),
      });
    });

    it('hears that an Event has ended', async () => {
      const clock = realClock();
      const store = await open({ clock });
      await store.create(event, { apiVersion: 'v1', kind: 'Event', metadata: { name: 'e', namespace: 'default' }, involvedObject: {} });
      clock.offset += hour + 2_000;
      const from = store.version();
      await store.removeExpired(everyKind);
      const changes = await changesUntil(store, event, { ...inDefault, from }, store.version());
      expect(changes.map(({ type, object }) => `${type} ${object?.metadata.name}`)).toEqual(['DELETED e']);
    });

    it('is not kept from an object by the writes to it', async () => {
      const store = await open();
      let object = await store.create(shell, newShell('hot'));
      const watch = follow(store, inDefault);
      const seenWhileBusy = () => watch.told().some((one) => one.startsWith('MODIFIED hot'));
      for (let count = 1; count <= 400 && !seenWhileBusy(); count++) object = await store.update(shell, counted(object, count));
      expect(seenWhileBusy()).toBe(true);
      await watch.stop();
    });

    it.each([undefined, 'default'])(
      'sees the last state of every name from any version it was ever given (namespace: %s)',
      async (where) => {
        const store = await open();
        await store.create(namespace, newNamespace('other'));
        const query = where === undefined ? {} : { namespace: where };
        const end = new AbortController();
        const points: { readonly from: string; readonly known: Knowledge }[] = [];
        const watching = (async () => {
          let known: Knowledge = new Map();
          for await (const change of store.watch(shell, { ...query, signal: end.signal })) {
            known = learn(known, change);
            points.push({ from: change.resourceVersion, known });
          }
        })();
        await Promise.all(Array.from({ length: 8 }, (_, writer) => writeAtRandom(store, `writer-${writer}`, 14)));
        const last = store.version();
        const final = await truth(store, shell, where);
        end.abort();
        await watching;
        expect(points.length).toBeGreaterThan(5);
        const some = points.filter((_, i) => i % Math.ceil(points.length / 16) === 0);
        await Promise.all(
          some.map(async ({ from, known }) => {
            const changes = await changesUntil(store, shell, { ...query, from }, last);
            expect([...changes.reduce(learn, known)].sort()).toEqual([...final].sort());
          }),
        );
      },
    );
  });
}

/** Creates, changes, deletes and creates again, among names that other writers use too. */
async function writeAtRandom(store: SweptStore, seed: string, writes: number): Promise<void> {
  const random = seededRandom(seed);
  for (let i = 0; i < writes; i++) {
    const name = { namespace: drawBelow(random, 2) === 0 ? 'default' : 'other', name: `m-${drawBelow(random, 6)}` };
    const object = await store.get(shell, name);
    try {
      if (object === undefined) await store.create(shell, newShell(name.name, { namespace: name.namespace }));
      else if (drawBelow(random, 3) === 0) await store.remove(shell, object);
      else await store.update(shell, counted(object, object.spec.count + 1));
    } catch (error) {
      if (!['Conflict', 'AlreadyExists', 'NotFound'].includes((error as Error).name)) throw error;
    }
  }
}
