import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createFeed, type Feed, type Source } from '../../shared/store/feed.ts';
import { partitionOf } from '../../shared/store/partition.ts';
import type { State } from '../../shared/store/state.ts';
import type { Change, WatchQuery } from '../../shared/store/store.ts';
import { createVersions, type Versions, versionsIn } from '../../shared/store/version.ts';
import { watch } from '../../shared/store/watch.ts';
import { type VirtualClock, virtualClock } from '../clock.ts';
import { type Shell, shell } from './objects.ts';

/** A store whose reads are counted, looked at each second. */
interface Counted {
  readonly clock: VirtualClock;
  readonly versions: Versions;
  readonly feed: Feed;
  /** Reads of changes since the last look here, by partition. */
  reads(): Record<string, number>;
  change(name: string): void;
  watch(query?: Partial<WatchQuery>): AsyncGenerator<Change<Shell>, void>;
}

const partition = partitionOf(shell, 'default');

function countedStore(): Counted {
  const clock = virtualClock();
  const versions = createVersions({ clock, overlapMs: 0 });
  const states = new Map<string, State>();
  const counts = new Map<string, number>();
  const source: Source = {
    async since(_kind, at, after) {
      counts.set(at, (counts.get(at) ?? 0) + 1);
      return at === partition ? [...states.values()].filter(({ version }) => version > after) : [];
    },
    async *live() {
      yield [...states.values()];
    },
  };
  const ports = { clock, source, versions, overlapMs: 0 };
  const feed = createFeed({ ...ports, pollMs: 1000, restMs: 100 });
  return {
    clock,
    versions,
    feed,
    reads() {
      const read = Object.fromEntries(counts);
      counts.clear();
      return read;
    },
    change(name) {
      const version = versions.begin();
      versions.end(version);
      const at = { partition, namespace: 'default', name, uid: name };
      const json = JSON.stringify({ metadata: { name, uid: name }, spec: {} });
      states.set(name, { ...at, version, createdVersion: version, labelsVersion: version, deleted: false, text: async () => json });
    },
    watch: (query = {}) =>
      watch({ ...ports, feed, tombstoneMs: 3_600_000 }, shell, {
        namespace: 'default',
        from: String(versions.now()),
        signal: open.signal,
        ...query,
      }),
  };
}

let open = new AbortController();
beforeEach(() => {
  open = new AbortController();
});
afterEach(() => open.abort());

/** Reads a watch to its end, and keeps the objects that it told of. */
function read(changes: AsyncIterable<Change<Shell>>): Shell[] {
  const objects: Shell[] = [];
  void (async () => {
    for await (const { object } of changes) if (object !== undefined) objects.push(object);
  })();
  return objects;
}

describe('the feed of many watches', () => {
  it.each([1, 100, 1000])('of %d reads each partition once a poll, and opens each change once', async (watches) => {
    const store = countedStore();
    const heard = Array.from({ length: watches }, () => read(store.watch()));
    await store.clock.advance(1_000);
    store.reads();
    await store.clock.advance(10_000);
    expect(store.reads()).toEqual({ [partition]: 10 });
    store.change('a');
    await store.clock.advance(1_000);
    expect(store.reads()).toEqual({ [partition]: 1 });
    const objects = heard.map(([object]) => object);
    expect(objects[0]?.metadata.name).toBe('a');
    expect(new Set(objects).size).toBe(1);
  });

  it('looks at what this process wrote without waiting for the poll', async () => {
    const store = countedStore();
    const heard = read(store.watch());
    await store.clock.advance(500);
    store.change('a');
    store.feed.nudge(partition);
    await store.clock.advance(99);
    expect(heard).toHaveLength(0);
    await store.clock.advance(1);
    expect(heard).toHaveLength(1);
  });

  it('forgets a watcher that has left, also one that has not taken what was found for it', async () => {
    const store = countedStore();
    const changes = store.watch();
    const next = async () => {
      const one = changes.next();
      await store.clock.advance(1_000);
      return (await one).value?.type;
    };
    expect(await next()).toBe('SYNCED');
    // It takes the first of two changes, and never asks again.
    store.change('a');
    store.change('b');
    let told = await next();
    while (told === 'SYNCED') told = await next();
    expect(told).toBe('ADDED');
    open.abort();
    await store.clock.advance(0);
    store.reads();
    await store.clock.advance(60_000);
    expect(store.reads()).toEqual({});
    expect(store.clock.sleeping()).toBe(0);
  });

  it('ends the watch of a reader that is too far behind', async () => {
    const store = countedStore();
    const changes = store.watch();
    const first = changes.next();
    await store.clock.advance(1_000);
    await first;
    for (let i = 0; i <= 10_000; i++) store.change(`o-${i}`);
    await store.clock.advance(1_000);
    await expect(changes.next()).rejects.toMatchObject({ name: 'RetryLater', message: expect.stringContaining('changes behind') });
  });

  it('refuses a version that is too old before it reads anything', async () => {
    const store = countedStore();
    const old = String(versionsIn(store.clock.now() - 3_700_000));
    expect(() => store.watch({ from: old })).toThrow('too old resource version');
    await store.clock.advance(2_000);
    expect(store.reads()).toEqual({});
  });
});
