import { Expired, RetryLater } from '../errors.ts';
import { namespace as namespaceKind } from '../kinds/core/namespace.ts';
import type { Kind } from '../kinds/define-kind.ts';
import { apiVersionOf } from '../kinds/define-kind.ts';
import type { KubeObject } from '../kinds/object.ts';
import type { Clock } from '../ports.ts';
import type { News } from './channel.ts';
import type { Feed, Listener, Round, Source } from './feed.ts';
import { versionOf } from './newborn.ts';
import { partitionOf } from './partition.ts';
import { objectOf, type Replaced, type State } from './state.ts';
import type { Change, WatchQuery } from './store.ts';
import { type Versions, versionsIn } from './version.ts';

export interface WatchPorts {
  readonly clock: Clock;
  readonly source: Source;
  readonly feed: Feed;
  readonly versions: Versions;
  readonly overlapMs: number;
  readonly tombstoneMs: number;
}

/** Changes that may wait for a slow reader before its watch is ended. */
const mostWaiting = 10_000;

const place = ({ partition, name }: Pick<State, 'partition' | 'name'>): string => `${partition}\n${name}`;

/** Throws Expired at once: who asks then knows it before the first change. */
export function watch<T extends KubeObject>(ports: WatchPorts, kind: Kind<T>, query: WatchQuery): AsyncGenerator<Change<T>, void> {
  const start = query.from === undefined ? undefined : admitted(ports, query.from);
  return changes(ports, kind, query, start);
}

async function* changes<T extends KubeObject>(
  ports: WatchPorts,
  kind: Kind<T>,
  { namespace, signal }: WatchQuery,
  start: number | undefined,
): AsyncGenerator<Change<T>, void> {
  const { feed, versions, overlapMs } = ports;
  const inbox = openInbox(signal);
  const everywhere = namespace === undefined && kind.scope === 'Namespaced';
  const listener: Listener = { kind, ...(!everywhere && { namespace: namespace ?? '' }), hear: inbox.hear, fail: inbox.fail };
  feed.join(listener);
  // A reader that is gone may never ask for another change: its place in the feed does not wait for that.
  signal.addEventListener('abort', () => feed.leave(listener), { once: true });
  try {
    // First what is there, with the loop already listening: what comes in between is heard of twice, and dropped by `known`.
    const ceiling = versions.ceiling();
    const places = everywhere ? await everyNamespace(ports, listener) : [partitionOf(kind, namespace ?? '')];
    let waiting = await (start === undefined ? everything(ports, kind, places) : changesSince(ports, kind, places, start));
    if (signal.aborted) return;
    let known = new Map(waiting.map(({ state }) => [place(state), { uid: state.uid, version: state.version }]));
    const knownUntil = feed.begun();
    const top = waiting.reduce((highest, { state }) => Math.max(highest, state.version), 0);

    let round: Round | undefined = { number: 0, full: true, ceiling, news: [] };
    for (; round !== undefined; round = await inbox.next()) {
      // A reader that resumes looks back over the overlap, so all may go at once. Without one it resumes at what it had last,
      // so everything goes in order, and nothing before all that is older.
      const limit = overlapMs > 0 ? Number.POSITIVE_INFINITY : round.ceiling;
      const all = [...waiting, ...round.news.flatMap((news) => unlessKnown(news, known))];
      waiting = all.filter(({ state }) => state.version > limit);
      for (const news of all.filter(({ state }) => state.version <= limit).sort((a, b) => a.state.version - b.state.version)) {
        if (signal.aborted) return;
        yield* changesOf<T>(kind, news);
      }
      if (round.full && round.number > knownUntil) known = new Map();
      if (round.full && (overlapMs > 0 || round.ceiling >= top)) yield { type: 'SYNCED', resourceVersion: String(round.ceiling) };
    }
  } finally {
    feed.leave(listener);
  }
}

/** The version to start from, if all that came after it is still kept. */
function admitted({ clock, versions, overlapMs, tombstoneMs }: WatchPorts, from: string): number {
  const version = versionOf(from);
  if (version < versionsIn(clock.now() - tombstoneMs))
    throw new Expired(`too old resource version: ${from} (deletions are kept for ${tombstoneMs / 60_000} minutes): list again`);
  const newest = versions.now() + versionsIn(overlapMs / 2);
  if (version > newest) throw new Expired(`resource version ${from} is ahead of this store's clock (${newest}): list again`);
  return version;
}

/** Follows each namespace, those included that are gone but whose deletions may not have been heard of, and says their partitions. */
async function everyNamespace({ source, feed }: WatchPorts, listener: Listener): Promise<string[]> {
  const states = await source.since(namespaceKind, partitionOf(namespaceKind, ''), -1, () => true);
  return states.map(({ name }) => {
    feed.follow(listener, name);
    return partitionOf(listener.kind, name);
  });
}

async function everything({ source }: WatchPorts, kind: Kind, partitions: readonly string[]): Promise<News[]> {
  const news: News[] = [];
  for (const partition of partitions)
    for await (const states of source.live(kind, partition))
      news.push(...states.map((state) => ({ state, first: true, object: () => objectOf(state) })));
  return news;
}

async function changesSince({ source, overlapMs }: WatchPorts, kind: Kind, partitions: readonly string[], from: number): Promise<News[]> {
  const after = from - versionsIn(overlapMs);
  const found = await Promise.all(partitions.map((partition) => source.since(kind, partition, after, () => true)));
  return found.flat().map((state) => ({
    state,
    object: () => objectOf(state),
    first: state.createdVersion > from,
    ...(state.replaced !== undefined && state.replaced.version > after && { replaced: state.replaced }),
  }));
}

/** Nothing, if the first look had this state or a later one; it also knows better whether the object is new to this watch. */
function unlessKnown(news: News, known: ReadonlyMap<string, Pick<State, 'uid' | 'version'>>): News[] {
  const before = known.get(place(news.state));
  if (before === undefined) return [news];
  if (before.version >= news.state.version) return [];
  return [before.uid === news.state.uid ? { state: news.state, object: news.object, first: false } : news];
}

async function* changesOf<T extends KubeObject>(kind: Kind, news: News): AsyncGenerator<Change<T>, void> {
  const { state, first, replaced } = news;
  if (replaced !== undefined)
    yield { type: 'DELETED', resourceVersion: String(replaced.version), object: nameOnly(kind, state, replaced) as T };
  const object = (await news.object()) as T;
  const resourceVersion = String(state.version);
  if (state.deleted) yield { type: 'DELETED', resourceVersion, object };
  else if (first) yield { type: 'ADDED', resourceVersion, object };
  else yield { type: 'MODIFIED', resourceVersion, object, labelsVersion: String(state.labelsVersion) };
}

/** Of an object whose tombstone was written over, this is all that is left. */
const nameOnly = (kind: Kind, { name, namespace }: State, { uid, version }: Replaced): KubeObject => ({
  apiVersion: apiVersionOf(kind),
  kind: kind.kind,
  metadata: { name, ...(namespace !== '' && { namespace }), uid, resourceVersion: String(version) },
});

/** Rounds that wait for the reader. */
function openInbox(signal: AbortSignal) {
  const rounds: Round[] = [];
  let waiting = 0;
  let failure: { readonly error: unknown } | undefined;
  let arrived = Promise.withResolvers<void>();
  signal.addEventListener('abort', () => arrived.resolve(), { once: true });

  const fail = (error: unknown): void => {
    failure = { error };
    arrived.resolve();
  };
  return {
    fail,
    hear(round: Round): void {
      waiting += round.news.length;
      if (waiting > mostWaiting) {
        fail(new RetryLater(`the watch is ${waiting} changes behind: watch again from the last version`));
        return;
      }
      // A look that found nothing replaces another such that nobody has read yet.
      if (round.news.length === 0 && rounds.at(-1)?.news.length === 0 && round.full) rounds.pop();
      rounds.push(round);
      arrived.resolve();
    },
    /** Undefined: the signal has aborted. */
    async next(): Promise<Round | undefined> {
      if (rounds.length === 0 && failure === undefined && !signal.aborted) await arrived.promise;
      arrived = Promise.withResolvers();
      if (signal.aborted) return undefined;
      if (failure !== undefined) throw failure.error;
      const round = rounds.shift();
      waiting -= round?.news.length ?? 0;
      return round ?? this.next();
    },
  };
}
