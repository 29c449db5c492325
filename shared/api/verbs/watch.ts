import type { KubeObject } from '../../kinds/object.ts';
import type { Change } from '../../store/store.ts';
import type { ApiOptions, Call } from '../call.ts';
import { count, flag } from '../request/query.ts';
import { readSelector } from '../selectors.ts';
import { viewOf } from '../view/present.ts';
import { heartbeatFor } from './heartbeat.ts';
import { checkWatchOptions, readVersion, refuseFuture } from './list-options.ts';
import { eventsFor, type WatchEvent } from './watch-events.ts';
import { type WatchLines, watchLines } from './watch-lines.ts';

/** ms. A line that says nothing, so that nobody on the way takes the connection for dead. */
const heartbeat = 20_000;
/** ms between bookmarks. */
const bookmarkEvery = 60_000;
/** Seconds, when the host sets no limit. */
const longestWatch = 3600;

/**
 * GET with `watch=true`: a line of JSON per change, until the client leaves or the time is up. The headers and an empty
 * line go out at once: clients wait for them, and some ignore their own timeout until they come. Throws 410 for a version that is
 * too old.
 */
export function watchObjects(api: ApiOptions, call: Call): Response {
  const view = viewOf(call);
  const initial = checkWatchOptions(call.query);
  const version = readVersion(call.query);
  if (version !== undefined) refuseFuture(version, api);
  const selector = readSelector(call.query, call.kind);
  // Without a version, or with initial events, first everything there is; without initial events only what comes.
  const from = initial === true ? undefined : (version ?? (initial === false ? api.store.version() : undefined));
  const limit = Math.min(count(call.query, 'timeoutSeconds') || Number.POSITIVE_INFINITY, api.longestWatch ?? longestWatch);
  const ended = new AbortController();
  const signal = AbortSignal.any([call.request.signal, ended.signal]);
  const where = { ...(call.namespace !== undefined && { namespace: call.namespace }), ...(from && { from }) };
  const session: Session = {
    api,
    lines: watchLines(api, call, view),
    nothing: heartbeatFor(call.request.headers),
    changes: api.store.watch(call.kind, { ...where, signal })[Symbol.asyncIterator](),
    toEvent: eventsFor(selector, from),
    bookmarks: flag(call.query, 'allowWatchBookmarks') ?? false,
    version: from,
    announceInitial: initial === true,
    bookmarkedAt: api.clock.now(),
    signal,
    endsIn: limit * 1000,
  };
  return new Response(bodyOf(session, ended), { headers: { 'content-type': 'application/json' } });
}

interface Session {
  readonly api: ApiOptions;
  readonly lines: WatchLines;
  /** What is sent when there is nothing to say. */
  readonly nothing: Uint8Array;
  readonly changes: AsyncIterator<Change<KubeObject>>;
  readonly toEvent: (change: Change<KubeObject>) => WatchEvent | undefined;
  readonly bookmarks: boolean;
  readonly signal: AbortSignal;
  /** ms. */
  readonly endsIn: number;
  /** All up to here has been sent; undefined: not known. */
  version: string | undefined;
  /** The end of the initial objects has still to be told. */
  announceInitial: boolean;
  bookmarkedAt: number;
}

/** Made as the client takes them: one that reads slowly slows its own store query, not the memory. */
function bodyOf(session: Session, ended: AbortController): ReadableStream<Uint8Array> {
  const lines = lineByLine(session);
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { value, done } = await lines.next();
        if (value !== undefined) controller.enqueue(value);
        if (done) {
          ended.abort();
          controller.close();
        }
      },
      cancel: () => ended.abort(),
    },
    { highWaterMark: 1 },
  );
}

/** What a watch waits for, besides its end. */
type Heard = { readonly change: IteratorResult<Change<KubeObject>> } | { readonly failure: unknown } | 'beat' | 'end';

async function* lineByLine(session: Session): AsyncGenerator<Uint8Array, undefined> {
  const { api, signal, lines, nothing } = session;
  const heard = openMailbox<Heard>();
  // The end comes before all that waits. An aborted watch is woken from all its sleeps, and ends.
  void api.clock.sleep(session.endsIn, signal).then(() => heard.first('end'));
  const beat = () => void api.clock.sleep(heartbeat, signal).then(() => heard.last('beat'));
  const next = () =>
    void session.changes.next().then(
      (change) => heard.last({ change }),
      (failure) => heard.last({ failure }),
    );
  yield nothing;
  beat();
  next();
  for (;;) {
    const one = await heard.next();
    if (one === 'end') break;
    if (one === 'beat') {
      yield nothing;
      beat();
    } else if ('failure' in one) return void (yield lines.error(one.failure));
    else if (one.change.done) break;
    else {
      next();
      yield* linesFor(session, one.change.value);
    }
  }
  if (session.bookmarks && session.version !== undefined && !signal.aborted) yield lines.bookmark(session.version, false);
}

/** Whatever comes, one after the other. A race of promises would leave a note in its losers at each turn, and they wait for an hour. */
function openMailbox<T>() {
  const waiting: T[] = [];
  let arrived = Promise.withResolvers<void>();
  const put = (add: () => void): void => {
    add();
    arrived.resolve();
  };
  return {
    first: (one: T) => put(() => waiting.unshift(one)),
    last: (one: T) => put(() => waiting.push(one)),
    async next(): Promise<T> {
      for (;;) {
        const one = waiting.shift();
        if (one !== undefined) return one;
        await arrived.promise;
        arrived = Promise.withResolvers();
      }
    },
  };
}

function* linesFor(session: Session, change: Change<KubeObject>): Generator<Uint8Array> {
  const { api, lines } = session;
  if (change.type === 'SYNCED') {
    session.version = change.resourceVersion;
    if (!session.bookmarks) return;
    const now = api.clock.now();
    if (!session.announceInitial && now - session.bookmarkedAt < bookmarkEvery) return;
    yield lines.bookmark(change.resourceVersion, session.announceInitial);
    session.announceInitial = false;
    session.bookmarkedAt = now;
    return;
  }
  const event = session.toEvent(change);
  // Later events are on their way: a bookmark from before them would send the watcher back.
  session.version = undefined;
  if (event !== undefined) yield lines.event(event);
}
