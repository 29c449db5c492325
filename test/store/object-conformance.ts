import { randomBytes } from 'node:crypto';
import { expect, it } from '@jest/globals';
import { namespace } from '../../shared/kinds/core/namespace.ts';
import { keys } from '../../shared/kinds/fields.ts';
import { ensureNamespaces, newNamespace } from '../../shared/store/namespaces.ts';
import type { Open } from './conformance.ts';
import { at, counted, increment, newShell, type Shell, shell } from './objects.ts';

/** What every store promises about single objects and lists of them. */
export function objectConformance(open: Open): void {
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

  it('gives no generation to what is not counted, also when it came with one', async () => {
    const store = await open();
    const given = newNamespace('counted-by-nobody');
    const made = await store.create(namespace, { ...given, metadata: { ...given.metadata, generation: 9 } });
    expect(made.metadata.generation).toBeUndefined();
    expect(await store.get(namespace, { namespace: '', name: 'counted-by-nobody' })).toEqual(made);
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

  it('restores an object with the life that it had elsewhere, and with a version of its own', async () => {
    const [elsewhere, store] = [await open(), await open()];
    const made = await elsewhere.create(shell, newShell('a', { labels: { [keys.clusterName]: 'c' }, owner: 'u' }));
    const life = { generation: 7, creationTimestamp: '2019-07-26T00:00:00Z', deletionTimestamp: '2019-07-27T00:00:00Z', finalizers: ['f'] };
    const old = { ...made, metadata: { ...made.metadata, ...life }, status: { turn: 3 } };
    const before = store.version();
    const restored = await store.restore(shell, old, { dueAt: 1 });
    const { resourceVersion } = restored.metadata;
    expect(restored).toEqual({ ...old, metadata: { ...old.metadata, resourceVersion } });
    expect(Number(resourceVersion)).toBeGreaterThan(Number(before));
    expect(await store.get(shell, at('a'))).toEqual(restored);
    expect(await store.ownedBy(shell, 'default', 'u')).toEqual([restored]);
    expect(await store.ofCluster(shell, 'default', 'c')).toEqual([restored]);
    expect(await store.due(shell, 'default', 1)).toEqual([at('a')]);
    expect((await store.update(shell, counted(restored, 1))).metadata.uid).toBe(made.metadata.uid);
  });

  it('restores where nothing is, or a tombstone, its own included, and nowhere else', async () => {
    const store = await open();
    const made = await store.create(shell, newShell('a'));
    await expect(store.restore(shell, made)).rejects.toMatchObject({ name: 'AlreadyExists' });
    expect(await store.get(shell, at('a'))).toEqual(made);
    await store.remove(shell, made);
    const again = await store.restore(shell, made);
    expect(again.metadata.uid).toBe(made.metadata.uid);
    expect(await store.wasDeleted(shell, at('a'), made.metadata.uid!)).toBe(false);
    await store.remove(shell, again);
    const other = { ...made, metadata: { ...made.metadata, uid: 'another' } };
    expect((await store.restore(shell, other)).metadata.uid).toBe('another');
    await expect(store.restore(shell, newShell('b'))).rejects.toMatchObject({
      name: 'Invalid',
      message: expect.stringContaining('"b" has no uid'),
    });
  });

  it('has the namespaces that always exist, and makes them but once', async () => {
    const store = await open();
    await ensureNamespaces(store);
    const { items } = await store.list(namespace);
    expect(items.map(({ metadata }) => metadata.name)).toEqual(['cluster-api-provider-talos-system', 'default']);
  });
}

/** What every store promises to those who write at the same time. */
export function concurrencyConformance(open: Open): void {
  it('loses no update of 32 concurrent writers of one object', async () => {
    const store = await open();
    await store.create(shell, newShell('a'));
    await Promise.all(Array.from({ length: 32 }, () => increment(store, at('a'))));
    expect((await store.get(shell, at('a')))?.spec.count).toBe(32);
  }, 90_000);

  it('lets one of many creators win', async () => {
    const store = await open();
    const results = await Promise.allSettled(Array.from({ length: 16 }, (_, count) => store.create(shell, newShell('a', { count }))));
    const won = results.filter((result) => result.status === 'fulfilled');
    expect(won).toHaveLength(1);
    expect(await store.get(shell, at('a'))).toEqual(won[0]?.value);
  });
}
