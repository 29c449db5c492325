import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { event } from '../../shared/kinds/core/event.ts';
import { namespace } from '../../shared/kinds/core/namespace.ts';
import { keys } from '../../shared/kinds/fields.ts';
import type { SweptStore } from '../../shared/store/expiry.ts';
import { ensureNamespaces, newNamespace } from '../../shared/store/namespaces.ts';
import { counted, everyKind, increment, newShell, type Shell, shell } from './objects.ts';
import { realClock, type TestClock } from './ports.ts';
import { watchConformance } from './watch-conformance.ts';

/** Opens an empty store that has the namespaces which always exist. */
export type Open = (options?: { readonly clock?: TestClock; readonly pollMs?: number }) => Promise<SweptStore>;

export interface Host {
  readonly open: Open;
  close(): Promise<void>;
}

const hour = 3_600_000;
const at = (name: string, namespaceName = 'default') => ({ namespace: namespaceName, name });

/** What every store promises. */
export function storeConformance(name: string, start: () => Promise<Host>): void {
  describe(`the store on ${name}`, () => {
    let host: Host;
    beforeAll(async () => {
      host = await start();
    });
    afterAll(() => host.close());
    const open: Open = async (options) => {
      const store = await host.open(options);
      await ensureNamespaces(store);
      return store;
    };
    objects(open);
    concurrency(open);
    indexes(open);
    endings(open);
    watchConformance(open);
  });
}

function objects(open: Open): void {
  it('gives a new object a uid, a creation time, generation 1 and a version, whatever it came with', async () => {
    const store = await open();
    const before = store.version();
    const given = newShell('a', { text: 'x' });
    const made = await store.create(shell, { ...given, metadata: { ...given.metadata, uid: 'mine', resourceVersion: '7', generation: 9 } });
    expect(made.metadata).toMatchObject({ name: 'a', namespace: 'default', generation: 1 });
    expect(made.metadata.uid).toMatch(/^[0-9a-f-]{36}$/);
    expect(Math.abs(Date.parse(made.metadata.creationTimestamp!) - Date.now())).toBeLessThan(10_000);
    expect(Number(made.metadata.resourceVersion)).toBeGreaterThan(Number(before));
    expect(await store.get(shell, at('a'))).toEqual(made);
  });

  it('does not let who reads change what is stored', async () => {
    const store = await open();
    const given = newShell('a', { labels: { tier: 'x' } });
    const made = await store.create(shell, given);
    given.spec.count = 7;
    made.spec.count = 8;
    (await store.get(shell, at('a')))!.metadata.labels!.tier = 'changed';
    expect(await store.get(shell, at('a'))).toMatchObject({ spec: { count: 0 }, metadata: { labels: { tier: 'x' } } });
  });

  it('refuses a second object of the name', async () => {
    const store = await open();
    await store.create(shell, newShell('a'));
    await expect(store.create(shell, newShell('a'))).rejects.toMatchObject({
      name: 'AlreadyExists',
      message: expect.stringContaining('"a" already exists'),
    });
    expect(await store.create(shell, newShell('a', { namespace: 'elsewhere' }))).toBeDefined();
  });

  it('replaces what was read and refuses what was read too early', async () => {
    const store = await open();
    const first = await store.create(shell, newShell('a'));
    const second = await store.update(shell, counted(first, 1));
    expect(Number(second.metadata.resourceVersion)).toBeGreaterThan(Number(first.metadata.resourceVersion));
    const versions = new RegExp(`${first.metadata.resourceVersion}.*${second.metadata.resourceVersion}`);
    await expect(store.update(shell, counted(first, 2))).rejects.toMatchObject({
      name: 'Conflict',
      message: expect.stringMatching(versions),
    });
    await expect(store.remove(shell, first)).rejects.toMatchObject({ name: 'Conflict' });
    expect(await store.get(shell, at('a'))).toEqual(second);
  });

  it('knows nothing of what never was, and takes no change to it', async () => {
    const store = await open();
    const { metadata, ...rest } = newShell('a');
    const invented = { ...rest, metadata: { ...metadata, uid: 'u', resourceVersion: '5' } };
    expect(await store.get(shell, at('a'))).toBeUndefined();
    await expect(store.update(shell, invented)).rejects.toMatchObject({ name: 'NotFound' });
    await expect(store.remove(shell, invented)).rejects.toMatchObject({ name: 'NotFound' });
    await expect(store.update(shell, newShell('a'))).rejects.toMatchObject({
      name: 'Invalid',
      message: expect.stringContaining('read it before'),
    });
    await expect(store.create(shell, newShell('a', { namespace: '' }))).rejects.toMatchObject({ name: 'Invalid' });
  });

  it('takes changes to a namesake for changes to something that is gone', async () => {
    const store = await open();
    const old = await store.create(shell, newShell('a'));
    const last = await store.remove(shell, counted(old, 5));
    expect(last.spec.count).toBe(5);
    expect(Number(last.metadata.resourceVersion)).toBeGreaterThan(Number(old.metadata.resourceVersion));
    await expect(store.update(shell, last)).rejects.toMatchObject({ name: 'NotFound' });
    const young = await store.create(shell, newShell('a'));
    expect(young.metadata.uid).not.toBe(old.metadata.uid);
    expect(Number(young.metadata.resourceVersion)).toBeGreaterThan(Number(last.metadata.resourceVersion));
    await expect(store.update(shell, old)).rejects.toMatchObject({ name: 'NotFound' });
    expect(await store.get(shell, at('a'))).toEqual(young);
  });

  it.each([
    ['the least there can be', ''],
    ['text that does not compress', randomBytes(180_000).toString('base64')],
    ['text that compresses', 'a'.repeat(2_000_000)],
    ['what JSON must escape', '"\\\n\u2028\u0000😀'],
  ])('keeps %s', async (_, text) => {
    const store = await open();
    await store.create(shell, newShell('a', { text }));
    expect((await store.get(shell, at('a')))?.spec.text).toBe(text);
  });

  it('refuses what takes more than 350 KB, says how much it is, and keeps what was there', async () => {
    const store = await open();
    const made = await store.create(shell, newShell('a'));
    const large = { ...made, spec: { count: 1, text: randomBytes(400_000).toString('base64') } };
    const refusal = { name: 'Invalid', message: expect.stringMatching(/"a" takes (39|40)\d KB .* at most 350 KB/) };
    await expect(store.update(shell, large)).rejects.toMatchObject(refusal);
    expect(await store.get(shell, at('a'))).toEqual(made);
  });

  it.each(['a', '0', 'a.b-c.0', 'x'.repeat(253), 'system:node-proxier', `${'a'.repeat(63)}.${'b'.repeat(63)}`])(
    'takes the name %s',
    async (name) => {
      const store = await open();
      const made = await store.create(shell, newShell(name));
      expect(await store.get(shell, at(name))).toEqual(made);
      expect((await store.list(shell)).items).toEqual([made]);
    },
  );

  it('keeps keys that JavaScript would rather treat as its own', async () => {
    const store = await open();
    const labels = JSON.parse('{"__proto__":"a","constructor":"b"}') as Record<string, string>;
    await store.create(shell, newShell('a', { labels }));
    expect(JSON.stringify((await store.get(shell, at('a')))?.metadata.labels)).toBe('{"__proto__":"a","constructor":"b"}');
  });

  it('lists by namespace, then name, in pages that leave nothing out', async () => {
    const store = await open();
    for (const name of ['b-ns', 'a-ns', 'empty']) await store.create(namespace, newNamespace(name));
    const names = ['m-10', 'm-1', 'z', 'm-2', 'gone'];
    for (const name of names) for (const where of ['b-ns', 'a-ns']) await store.create(shell, newShell(name, { namespace: where }));
    for (const where of ['b-ns', 'a-ns']) await store.remove(shell, (await store.get(shell, at('gone', where)))!);
    const places = (items: Shell[]) => items.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`);
    const all = ['a-ns/m-1', 'a-ns/m-10', 'a-ns/m-2', 'a-ns/z', 'b-ns/m-1', 'b-ns/m-10', 'b-ns/m-2', 'b-ns/z'];
    expect(places((await store.list(shell)).items)).toEqual(all);
    expect(places((await store.list(shell, { namespace: 'b-ns' })).items)).toEqual(all.slice(4));
    for (const limit of [1, 3, 4, 8, 9]) {
      const paged: Shell[] = [];
      let page = await store.list(shell, { limit });
      for (; ; page = await store.list(shell, { limit, after: page.next })) {
        expect(page.items.length).toBeLessThanOrEqual(limit);
        paged.push(...page.items);
        if (page.next === undefined) break;
      }
      expect(places(paged)).toEqual(all);
    }
  });

  it('has the namespaces that always exist, and makes them but once', async () => {
    const store = await open();
    await ensureNamespaces(store);
    const { items } = await store.list(namespace);
    expect(items.map(({ metadata }) => metadata.name)).toEqual(['cluster-api-provider-talos-system', 'default']);
  });
}

function concurrency(open: Open): void {
  it('loses no update of 32 concurrent writers of one object', async () => {
    const store = await open();
    await store.create(shell, newShell('a'));
    await Promise.all(Array.from({ length: 32 }, () => increment(store, at('a'))));
    expect((await store.get(shell, at('a')))?.spec.count).toBe(32);
  });

  it('lets one of many creators win', async () => {
    const store = await open();
    const results = await Promise.allSettled(Array.from({ length: 16 }, (_, count) => store.create(shell, newShell('a', { count }))));
    const won = results.filter((result) => result.status === 'fulfilled');
    expect(won).toHaveLength(1);
    expect(await store.get(shell, at('a'))).toEqual(won[0]?.value);
  });
}

function indexes(open: Open): void {
  it('finds what is due, the longest due first, and nothing that is deleted', async () => {
    const store = await open();
    for (const [name, dueAt] of [
      ['late', 3_000],
      ['early', 1_000],
      ['never', undefined],
      ['middle', 2_000],
      ['gone', 500],
    ] as const)
      await store.create(shell, newShell(name), dueAt === undefined ? {} : { dueAt });
    await store.remove(shell, (await store.get(shell, at('gone')))!);
    const names = async (until: number) => (await store.due(shell, 'default', until)).map(({ name }) => name);
    expect(await names(999)).toEqual([]);
    expect(await names(2_000)).toEqual(['early', 'middle']);
    expect(await names(Number.POSITIVE_INFINITY)).toEqual(['early', 'middle', 'late']);
  });

  it('settles what was read, without a new version, and nothing else', async () => {
    const store = await open();
    const first = await store.create(shell, newShell('a'), { dueAt: 1_000 });
    const version = first.metadata.resourceVersion!;
    const due = () => store.due(shell, 'default', 10_000);
    expect(await store.settle(shell, at('a'), version, 5_000)).toBe(true);
    expect(await store.due(shell, 'default', 4_999)).toEqual([]);
    expect(await due()).toEqual([at('a')]);
    expect(await store.settle(shell, at('a'), version)).toBe(true);
    expect(await due()).toEqual([]);
    expect(await store.get(shell, at('a'))).toEqual(first);
    const second = await store.update(shell, counted(first, 1), { dueAt: 2_000 });
    expect(await store.settle(shell, at('a'), version)).toBe(false);
    expect(await store.settle(shell, at('nothing'), version)).toBe(false);
    expect(await due()).toEqual([at('a')]);
    await store.update(shell, second);
    expect(await due()).toEqual([]);
  });

  it('finds children by their owner and members by their cluster, as they are now', async () => {
    const store = await open();
    const labels = { [keys.clusterName]: 'c-1' };
    for (const name of ['b', 'a', 'c']) await store.create(shell, newShell(name, { owner: 'uid-1', labels }));
    await store.create(shell, newShell('d', { owner: 'uid-2' }));
    const names = (found: Shell[]) => found.map(({ metadata }) => metadata.name);
    expect(names(await store.ownedBy(shell, 'default', 'uid-1'))).toEqual(['a', 'b', 'c']);
    expect(names(await store.ofCluster(shell, 'default', 'c-1'))).toEqual(['a', 'b', 'c']);
    const [a, b] = await store.ownedBy(shell, 'default', 'uid-1');
    await store.remove(shell, a!);
    await store.update(shell, {
      ...b!,
      metadata: { ...b!.metadata, ownerReferences: newShell('b', { owner: 'uid-2' }).metadata.ownerReferences!, labels: {} },
    });
    expect(names(await store.ownedBy(shell, 'default', 'uid-1'))).toEqual(['c']);
    expect(names(await store.ownedBy(shell, 'default', 'uid-2'))).toEqual(['b', 'd']);
    expect(names(await store.ofCluster(shell, 'default', 'c-1'))).toEqual(['c']);
    expect(await store.ownedBy(shell, 'default', '')).toEqual([]);
    expect(await store.ofCluster(shell, 'other', 'c-1')).toEqual([]);
  });

  it('reads more children than fit into one request', async () => {
    const store = await open();
    const names = Array.from({ length: 120 }, (_, i) => `m-${String(i).padStart(3, '0')}`);
    await Promise.all(names.map((name) => store.create(shell, newShell(name, { owner: 'uid-1' }))));
    expect((await store.ownedBy(shell, 'default', 'uid-1')).map(({ metadata }) => metadata.name)).toEqual(names);
  });

  it.each(['', 'x'.repeat(2_000)])('stores an owner and a cluster that no index takes', async (key) => {
    const store = await open();
    await store.create(shell, newShell('a', { owner: key, labels: { [keys.clusterName]: key } }));
    expect((await store.get(shell, at('a')))?.metadata.labels?.[keys.clusterName]).toBe(key);
    expect(await store.ownedBy(shell, 'default', key)).toEqual([]);
  });
}

function endings(open: Open): void {
  it('proves for an hour that an object was deleted, even when its name is taken again', async () => {
    const clock = realClock();
    const store = await open({ clock });
    const { metadata: old } = await store.remove(shell, await store.create(shell, newShell('a')));
    expect(await store.wasDeleted(shell, at('a'), old.uid!)).toBe(true);
    expect(await store.wasDeleted(shell, at('a'), 'another')).toBe(false);
    const { metadata: young } = await store.create(shell, newShell('a'));
    expect(await store.wasDeleted(shell, at('a'), old.uid!)).toBe(true);
    expect(await store.wasDeleted(shell, at('a'), young.uid!)).toBe(false);
    clock.offset += hour + 60_000;
    expect(await store.wasDeleted(shell, at('a'), old.uid!)).toBe(false);
  });

  it('removes tombstones when their hour is over, and not before', async () => {
    const clock = realClock();
    const store = await open({ clock });
    await store.create(namespace, newNamespace('short-lived'));
    await store.remove(shell, await store.create(shell, newShell('a', { namespace: 'short-lived' })));
    await store.remove(namespace, (await store.get(namespace, at('short-lived', '')))!);
    expect(await store.removeExpired(everyKind)).toBe(0);
    clock.offset += hour + 120_000;
    expect(await store.removeExpired(everyKind)).toBe(2);
    expect(await store.removeExpired(everyKind)).toBe(0);
  });

  it('ends Events an hour after their last write', async () => {
    const clock = realClock();
    const store = await open({ clock });
    const happened = { apiVersion: 'v1', kind: 'Event', metadata: { name: 'e', namespace: 'default' }, involvedObject: {}, count: 1 };
    const first = await store.create(event, happened);
    clock.offset += hour / 2;
    const second = await store.update(event, { ...first, count: 2 });
    clock.offset += hour / 2 + 1_000;
    expect(await store.get(event, at('e'))).toEqual(second);
    expect(await store.due(event, 'default', Number.POSITIVE_INFINITY)).toEqual([]);
    clock.offset += hour / 2;
    expect(await store.get(event, at('e'))).toBeUndefined();
    expect((await store.list(event)).items).toEqual([]);
    expect((await store.create(event, happened)).metadata.uid).not.toBe(first.metadata.uid);
    clock.offset += hour + 2_000;
    expect(await store.removeExpired(everyKind)).toBe(1);
    expect(await store.get(event, at('e'))).toBeUndefined();
  });
}
