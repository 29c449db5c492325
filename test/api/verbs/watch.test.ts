import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Expired } from '../../../shared/errors.ts';
import type { Store } from '../../../shared/store/store.ts';
import { asTable, type Harness, machineNamed, merge, openApi, paths } from '../harness.ts';
import { type Event, watch as openWatch, type Watching } from './watching.ts';

let api: Harness;
const open: Watching[] = [];
beforeEach(async () => {
  api = await openApi();
});
afterEach(() => {
  for (const watching of open.splice(0)) watching.leave();
});

async function watch(path: string, query: Record<string, string> = {}, headers: Record<string, string> = {}): Promise<Watching> {
  const watching = await openWatch(api.api, path, query, headers);
  open.push(watching);
  return watching;
}

const summary = ({ type, object }: Event) => `${type} ${object.metadata.name}`;
const label = (name: string, labels: Record<string, string | null>) =>
  api.send('PATCH', `${paths.machines}/${name}`, { metadata: { labels } }, merge);

describe('a watch', () => {
  it('says something at once, and every 20 seconds', async () => {
    const watching = await watch(paths.machines, { resourceVersion: api.store.version() });
    expect(await watching.line()).toBe('\n');
    const second = watching.line();
    await api.clock.advance(20_000);
    expect(await second).toBe('\n');
  });

  it("says it to Python's client so that its next line stays one event", async () => {
    const watching = await watch(paths.machines, {}, { 'user-agent': 'OpenAPI-Generator/37.0.2/python' });
    expect(await watching.line()).toBe(' ');
    await api.send('POST', paths.machines, machineNamed('a'));
    expect(summary(JSON.parse((await watching.line())!))).toBe('ADDED a');
  });

  it('without a version begins with what there is', async () => {
    await api.send('POST', paths.machines, machineNamed('a'));
    const watching = await watch(paths.machines);
    expect(summary(await watching.next())).toBe('ADDED a');
    await api.send('POST', paths.machines, machineNamed('b'));
    expect(summary(await watching.next())).toBe('ADDED b');
    await api.send('DELETE', `${paths.machines}/a`);
    expect(summary(await watching.next())).toBe('DELETED a');
  });

  it('from the version of a list hears what came after', async () => {
    await api.send('POST', paths.machines, machineNamed('a'));
    await api.send('POST', paths.machines, machineNamed('b'));
    const { body } = await api.send('GET', paths.machines);
    await label('b', { x: 'y' });
    const watching = await watch(paths.machines, { resourceVersion: body.metadata.resourceVersion });
    const event = await watching.next();
    expect(summary(event)).toBe('MODIFIED b');
    expect(event.object).toMatchObject({ kind: 'Machine', apiVersion: 'cluster.k8s.io/v1alpha1' });
  });

  it('of one name hears of that one, by selector and by path', async () => {
    await api.send('POST', paths.machines, machineNamed('a'));
    await api.send('POST', paths.machines, machineNamed('b'));
    for (const watching of [await watch(paths.machines, { fieldSelector: 'metadata.name=b' }), await watch(`${paths.machines}/b`)])
      expect(summary(await watching.next())).toBe('ADDED b');
  });

  it('of a selection hears who joins and who leaves', async () => {
    await api.send('POST', paths.machines, machineNamed('a', { set: 'worker' }));
    await api.send('POST', paths.machines, machineNamed('b'));
    const { body } = await api.send('GET', `${paths.machines}?labelSelector=set%3Dworker`);
    const watching = await watch(paths.machines, { labelSelector: 'set=worker', resourceVersion: body.metadata.resourceVersion });
    await label('b', { set: 'worker' });
    expect(summary(await watching.next())).toBe('ADDED b');
    await label('a', { set: null });
    expect(summary(await watching.next())).toBe('DELETED a');
    await label('a', { other: 'x' });
    await label('b', { other: 'x' });
    expect(summary(await watching.next())).toBe('MODIFIED b');
  });

  it('as Tables has the columns once', async () => {
    await api.send('POST', paths.machines, machineNamed('a'));
    const watching = await watch(paths.machines, {}, asTable);
    const first = await watching.next();
    expect([first.object.kind, first.object.columnDefinitions[0].name, first.object.rows.length]).toEqual(['Table', 'Name', 1]);
    await label('a', { x: 'y' });
    expect((await watching.next()).object.columnDefinitions).toBeNull();
  });

  it('tells the end of the initial objects', async () => {
    await api.send('POST', paths.machines, machineNamed('a'));
    const watching = await watch(paths.machines, {
      sendInitialEvents: 'true',
      resourceVersionMatch: 'NotOlderThan',
      allowWatchBookmarks: 'true',
    });
    expect(summary(await watching.next())).toBe('ADDED a');
    const { type, object } = await watching.next();
    expect([type, object.kind, object.metadata.annotations]).toEqual(['BOOKMARK', 'Machine', { 'k8s.io/initial-events-end': 'true' }]);
    expect(object.metadata.resourceVersion).toMatch(/^\d+$/);
  });

  it('ends cleanly when its time is up, with a bookmark to go on from', async () => {
    const { body } = await api.send('GET', paths.machines);
    const watching = await watch(paths.machines, {
      resourceVersion: body.metadata.resourceVersion,
      timeoutSeconds: '5',
      allowWatchBookmarks: 'true',
    });
    expect(await watching.line()).toBe('\n');
    const last = watching.line();
    await api.clock.advance(5000);
    expect(JSON.parse((await last)!)).toMatchObject({ type: 'BOOKMARK' });
    expect(await watching.line()).toBeUndefined();
  });

  it('lives no longer than the host allows', async () => {
    const short = await openApi({ longestWatch: 3 });
    api = short;
    const watching = await watch(paths.machines, { timeoutSeconds: '600' });
    expect(await watching.line()).toBe('\n');
    const end = watching.line();
    await short.clock.advance(3000);
    expect(await end).toBeUndefined();
  });

  it('lets its sleepers go when the client leaves', async () => {
    const before = api.clock.sleeping();
    const watching = await watch(paths.machines);
    await watching.line();
    expect(api.clock.sleeping()).toBeGreaterThan(before);
    watching.leave();
    await api.clock.advance(0);
    expect(api.clock.sleeping()).toBe(before);
  });

  it('lets everything go when the client leaves without taking what was found', async () => {
    const before = api.clock.sleeping();
    const signals: AbortSignal[] = [];
    const { store } = api;
    const watched: Store = {
      ...store,
      watch(kind, query) {
        signals.push(query.signal);
        return store.watch(kind, query);
      },
    };
    api = await openApi({ store: watched, clock: api.clock });
    const left = new AbortController();
    const response = await api.api(new Request(`https://plane${paths.machines}?watch=true`, { signal: left.signal }));
    const reader = response.body!.getReader();
    await reader.read();
    for (const name of ['a', 'b', 'c']) await api.send('POST', paths.machines, machineNamed(name));
    await api.clock.advance(0);
    await reader.cancel();
    await api.clock.advance(0);
    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
    expect(api.clock.sleeping()).toBe(before);
  });

  it('answers before it has read anything', async () => {
    const { store } = api;
    const never: Store['watch'] = async function* () {
      yield await new Promise<never>(() => {});
    };
    api = await openApi({ store: { ...store, watch: never } });
    const watching = await watch(paths.machines);
    expect(await watching.line()).toBe('\n');
  });

  it('sends a bookmark each minute', async () => {
    const watching = await watch(paths.machines, { resourceVersion: api.store.version(), allowWatchBookmarks: 'true' });
    const told = async (name: string) => {
      await api.send('POST', paths.machines, machineNamed(name));
      const { type, object } = await watching.next();
      return `${type} ${object.metadata.name}`;
    };
    expect(await told('a')).toBe('ADDED a');
    await api.clock.advance(59_000);
    expect(await told('b')).toBe('ADDED b');
    await api.clock.advance(1_000);
    expect(await told('c')).toBe('ADDED c');
    const { type, object } = await watching.next();
    expect([type, object]).toEqual([
      'BOOKMARK',
      {
        kind: 'Machine',
        apiVersion: 'cluster.k8s.io/v1alpha1',
        metadata: { resourceVersion: expect.stringMatching(/^\d+$/), creationTimestamp: null },
      },
    ]);
  });

  it('of metadata alone is of PartialObjectMetadata to its bookmarks', async () => {
    await api.send('POST', paths.machines, machineNamed('a'));
    const watching = await watch(
      paths.machines,
      { sendInitialEvents: 'true', resourceVersionMatch: 'NotOlderThan', allowWatchBookmarks: 'true' },
      { accept: 'application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io' },
    );
    const [event, bookmark] = [await watching.next(), await watching.next()];
    expect([event.type, event.object.kind, Object.keys(event.object)]).toEqual([
      'ADDED',
      'PartialObjectMetadata',
      ['kind', 'apiVersion', 'metadata'],
    ]);
    expect([bookmark.type, bookmark.object.kind, bookmark.object.apiVersion]).toEqual([
      'BOOKMARK',
      'PartialObjectMetadata',
      'meta.k8s.io/v1',
    ]);
  });

  it('tells a selection from before who left it while nobody watched', async () => {
    await api.send('POST', paths.machines, machineNamed('a', { set: 'worker' }));
    const { body } = await api.send('GET', `${paths.machines}?labelSelector=set%3Dworker`);
    await label('a', { set: 'other' });
    await api.send('POST', paths.machines, machineNamed('b'));
    await label('b', { set: 'worker' });
    const watching = await watch(paths.machines, { labelSelector: 'set=worker', resourceVersion: body.metadata.resourceVersion });
    expect([summary(await watching.next()), summary(await watching.next())]).toEqual(['DELETED a', 'ADDED b']);
  });

  it('without initial events hears only of what comes', async () => {
    await api.send('POST', paths.machines, machineNamed('a'));
    const watching = await watch(paths.machines, { sendInitialEvents: 'false', resourceVersionMatch: 'NotOlderThan' });
    await api.send('POST', paths.machines, machineNamed('b'));
    expect(summary(await watching.next())).toBe('ADDED b');
  });

  it('from a version that is no longer kept is refused before its headers', async () => {
    await api.clock.advance(2 * 3600 * 1000);
    const tooOld = String((api.clock.now() - 90 * 60 * 1000) * 4096);
    const { code, body } = await api.send('GET', `${paths.machines}?watch=true&resourceVersion=${tooOld}`);
    expect([code, body]).toMatchObject([
      410,
      { kind: 'Status', code: 410, reason: 'Expired', message: expect.stringContaining(`too old resource version: ${tooOld}`) },
    ]);
  });

  it('that breaks says so as its last event', async () => {
    const { store } = api;
    const breaking: Store['watch'] = async function* () {
      yield { type: 'SYNCED', resourceVersion: '1' };
      throw new Expired('too old resource version: 1 (2)');
    };
    api = await openApi({ store: { ...store, watch: breaking } });
    const watching = await watch(paths.machines);
    expect(await watching.next()).toMatchObject({ type: 'ERROR', object: { kind: 'Status', code: 410, reason: 'Expired' } });
    expect(await watching.line()).toBeUndefined();
  });

  it.each([
    [{ sendInitialEvents: 'true' }, 422, 'sendInitialEvents requires setting resourceVersionMatch'],
    [{ sendInitialEvents: 'true', resourceVersionMatch: 'Exact' }, 422, 'sendInitialEvents requires setting resourceVersionMatch'],
    [{ resourceVersionMatch: 'NotOlderThan' }, 422, 'forbidden for watch unless sendInitialEvents'],
    [{ resourceVersion: '9007199254740991' }, 504, 'Too large resource version'],
    [{ labelSelector: '%%' }, 400, 'unable to parse'],
  ])('that asks for %j is refused', async (query: Record<string, string>, code, words) => {
    const { code: answered, body } = await api.send('GET', `${paths.machines}?${new URLSearchParams({ watch: '1', ...query })}`);
    expect([answered, body.message]).toEqual([code, expect.stringContaining(words)]);
  });
});
