import { expect, it } from '@jest/globals';
import { event } from '../../shared/kinds/core/event.ts';
import { namespace } from '../../shared/kinds/core/namespace.ts';
import { keys } from '../../shared/kinds/fields.ts';
import { newNamespace } from '../../shared/store/namespaces.ts';
import type { Open } from './conformance.ts';
import { at, counted, everyKind, newShell, type Shell, shell } from './objects.ts';
import { realClock } from './ports.ts';

const hour = 3_600_000;

/** What every store promises about finding objects by owner, cluster and time. */
export function indexConformance(open: Open): void {
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

  it('finds dependents by their controller, or else by their first owner; children by their controller alone', async () => {
    const store = await open();
    const reference = (uid: string, controller?: true) => ({
      apiVersion: 'v1',
      kind: 'Shell',
      name: uid,
      uid,
      ...(controller && { controller }),
    });
    const owned = (name: string, ...ownerReferences: ReturnType<typeof reference>[]): Shell => {
      const made = newShell(name);
      return { ...made, metadata: { ...made.metadata, ownerReferences } };
    };
    await store.create(shell, owned('controlled', reference('other'), reference('u', true)));
    await store.create(shell, owned('first', reference('u'), reference('other')));
    await store.create(shell, owned('behind', reference('other'), reference('u')));
    const free = await store.create(shell, owned('free', reference('u')));
    await store.update(shell, { ...free, metadata: { ...free.metadata, ownerReferences: [] } });
    await store.remove(shell, await store.create(shell, owned('gone', reference('u'))));
    const names = (found: Shell[]) => found.map(({ metadata }) => metadata.name);
    expect(names(await store.dependentsOf(shell, 'default', 'u'))).toEqual(['controlled', 'first']);
    expect(names(await store.ownedBy(shell, 'default', 'u'))).toEqual(['controlled']);
    expect(names(await store.dependentsOf(shell, 'default', 'other'))).toEqual(['behind']);
    expect(await store.dependentsOf(shell, 'default', '')).toEqual([]);
    expect(await store.dependentsOf(shell, 'elsewhere', 'u')).toEqual([]);
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

/** What every store promises about what was deleted and what ends by itself. */
export function endingConformance(open: Open): void {
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
