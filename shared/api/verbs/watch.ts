import { apiVersionOf } from '../../kinds/define-kind.ts';
import type { KubeObject } from '../../kinds/object.ts';
import type { Change } from '../../store/store.ts';
import type { ApiOptions, Call } from '../call.ts';
import { count, flag } from '../request/query.ts';
import { readSelector } from '../selectors.ts';
import { StatusError, statusBody, toStatusError } from '../status.ts';
import { type View, viewOf } from '../view/present.ts';
import { partialMetadata, tableOf } from '../view/table.ts';
import { heartbeatFor } from './heartbeat.ts';
import { checkWatchOptions, readVersion, refuseFuture } from './list-options.ts';
import { eventsFor, type WatchEvent } from './watch-events.ts';

/** ms. A line that says nothing, so that nobody on the way takes the connection for dead. */
const heartbeat = 20_000;
/** ms between bookmarks. */
const bookmarkEvery = 60_000;
/** Seconds, when the host sets no limit. */
const longestWatch = 3600;

/**
 * GET with `watch=true`: a line of JSON per change, until the client leaves or the time is up. The headers and an empty
 * line go out at once: clients wait for them, and some ignore their own timeout until they come.
 */
export function watchObjects(api: ApiOptions, call: Call): Response {
  const view = viewOf(call);
  const initial = checkWatchOptions(call.query);
  const version = readVersion(call.query);
  if (version !== undefined) refuseFuture(version, api);
  const selector = readSelector(call.query, call.kind);
  // Without a version, or with initial events, first everything there is; without initial events only what comes.
  const from = initial === true ? undefined : (version ?? (initial === false ? api.store.version() : undefined));
  const ended = new AbortController();
  const signal = AbortSignal.any([call.request.signal, ended.signal]);
  const limit = Math.min(count(call.query, 'timeoutSeconds') || Number.POSITIVE_INFINITY, api.longestWatch ?? longestWatch);
  const session: Session = {
    api,
    call,
    view,
    changes: api.store
      .watch(call.kind, { ...(call.namespace !== undefined && { namespace: call.namespace }), ...(from && { from }), signal })
      [Symbol.asyncIterator](),
    toEvent: eventsFor(selector, from),
    bookmarks: flag(call.query, 'allowWatchBookmarks') ?? false,
    version: from,
    announceInitial: initial === true,
    bookmarkedAt: api.clock.now(),
    headed: false,
    signal,
    end: api.clock.sleep(limit * 1000, signal).then(() => 'end' as const),
  };
  return new Response(linesOf(session, ended), { headers: { 'content-type': 'application/json' } });
}

interface Session {
  readonly api: ApiOptions;
  readonly call: Call;
  readonly view: View;
  readonly changes: AsyncIterator<Change<KubeObject>>;
  readonly toEvent: (change: Change<KubeObject>) => WatchEvent | undefined;
  readonly bookmarks: boolean;
  readonly signal: AbortSignal;
  readonly end: Promise<'end'>;
  /** All up to here has been sent; undefined: not known. */
  version: string | undefined;
  /** The end of the initial objects has still to be told. */
  announceInitial: boolean;
  bookmarkedAt: number;
  /** The columns of a Table have been sent. */
  headed: boolean;
}

/** Made as the client takes them: one that reads slowly slows its own store query, not the memory. */
function linesOf(session: Session, ended: AbortController): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const lines = lineByLine(session);
  const quiet = heartbeatFor(session.call.request.headers);
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { value, done } = await lines.next();
        if (value !== undefined) controller.enqueue(encoder.encode(value === '' ? quiet : `${value}\n`));
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

async function* lineByLine(session: Session): AsyncGenerator<string, undefined> {
  const { api, signal } = session;
  yield '';
  let next = nextChange(session);
  let beat = api.clock.sleep(heartbeat, signal).then(() => 'beat' as const);
  try {
    for (;;) {
      // The end comes first: an aborted watch has a beat at every look.
      const first = await Promise.race([session.end, next, beat]);
      if (first === 'end') break;
      if (first === 'beat') {
        beat = api.clock.sleep(heartbeat, signal).then(() => 'beat' as const);
        yield '';
        continue;
      }
      if (first.done) break;
      next = nextChange(session);
      yield* linesFor(session, first.value);
    }
    if (session.bookmarks && session.version !== undefined && !signal.aborted) yield bookmarkLine(session, session.version, false);
  } catch (error) {
    yield errorLine(session, error);
  }
}

/** A failure waits until it is looked at, which it may never be when the client leaves first. */
function nextChange({ changes }: Session): Promise<IteratorResult<Change<KubeObject>>> {
  const next = changes.next();
  next.catch(() => {});
  return next;
}

function* linesFor(session: Session, change: Change<KubeObject>): Generator<string> {
  if (change.type === 'SYNCED') {
    session.version = change.resourceVersion;
    if (!session.bookmarks) return;
    const now = session.api.clock.now();
    if (!session.announceInitial && now - session.bookmarkedAt < bookmarkEvery) return;
    yield bookmarkLine(session, change.resourceVersion, session.announceInitial);
    session.announceInitial = false;
    session.bookmarkedAt = now;
    return;
  }
  const event = session.toEvent(change);
  // Later events are on their way: a bookmark from before them would send the watcher back.
  session.version = undefined;
  if (event !== undefined) yield JSON.stringify({ type: event.type, object: present(session, event.object) });
}

function present(session: Session, object: KubeObject): unknown {
  const { view, call, api } = session;
  if (view.form === 'PartialObjectMetadata') return partialMetadata(object);
  if (view.form !== 'Table') return object;
  const withColumns = !session.headed;
  session.headed = true;
  const { resourceVersion } = object.metadata;
  return tableOf(call.kind, [object], { resourceVersion }, { include: view.include, now: api.clock.now(), withColumns });
}

/** Tells from where to go on when nothing has changed. */
function bookmarkLine({ view, call, api }: Session, resourceVersion: string, endsInitial: boolean): string {
  const annotations = endsInitial ? { 'k8s.io/initial-events-end': 'true' } : undefined;
  const metadata = { resourceVersion, creationTimestamp: null, ...(annotations && { annotations }) };
  const type = { kind: call.kind.kind, apiVersion: apiVersionOf(call.kind) };
  const object =
    view.form === 'Table'
      ? { ...tableOf(call.kind, [], metadata, { include: 'None', now: api.clock.now(), withColumns: false }) }
      : { ...type, metadata };
  return JSON.stringify({ type: 'BOOKMARK', object });
}

/** The headers are out: what goes wrong now is told as an event. Expired makes the client list again. */
function errorLine({ api, call }: Session, error: unknown): string {
  const known = toStatusError(error);
  if (known === undefined) api.log.error('a watch broke', { resource: call.kind.plural, error: String(error) });
  return JSON.stringify({ type: 'ERROR', object: statusBody(known ?? new StatusError(500, 'InternalError', 'Internal error occurred')) });
}
