import { apiVersionOf } from '../../kinds/define-kind.ts';
import type { KubeObject } from '../../kinds/object.ts';
import type { ApiOptions, Call } from '../call.ts';
import { StatusError, statusBody, toStatusError } from '../status.ts';
import type { View } from '../view/present.ts';
import { partialMetadata, tableOf } from '../view/table.ts';
import type { WatchEvent } from './watch-events.ts';

/** What one watcher reads, line by line. */
export interface WatchLines {
  event(event: WatchEvent): Uint8Array;
  /** From where to go on when nothing has changed. `endsInitial`: all objects that there were have been told. */
  bookmark(resourceVersion: string, endsInitial: boolean): Uint8Array;
  /** The headers are out: what goes wrong now is told as an event. Expired makes the client list again. */
  error(error: unknown): Uint8Array;
}

const encoder = new TextEncoder();
const lineOf = (type: string, object: unknown): Uint8Array => encoder.encode(`${JSON.stringify({ type, object })}\n`);

/**
 * By the object of a change, and for each way to show it: the store gives all watches the same object, so a change is written out
 * once, however many watch.
 */
const written = new WeakMap<KubeObject, Map<string, Uint8Array>>();

function onceFor(object: KubeObject, how: string, write: () => Uint8Array): Uint8Array {
  const lines = written.get(object) ?? new Map<string, Uint8Array>();
  written.set(object, lines);
  const line = lines.get(how) ?? write();
  lines.set(how, line);
  return line;
}

export function watchLines(api: Pick<ApiOptions, 'clock' | 'log'>, { kind }: Pick<Call, 'kind'>, view: View): WatchLines {
  /** The columns of a Table have been sent. */
  let headed = false;

  function tableEvent({ type, object }: WatchEvent): Uint8Array {
    const now = api.clock.now();
    const withColumns = !headed;
    headed = true;
    const { resourceVersion } = object.metadata;
    // Ages are whole seconds since a whole second: within one they are the same.
    return onceFor(object, `${type} Table ${view.include} ${withColumns} ${Math.floor(now / 1000)}`, () =>
      lineOf(type, tableOf(kind, [object], { resourceVersion }, { include: view.include, now, withColumns })),
    );
  }

  return {
    event(event) {
      const { type, object } = event;
      if (view.form === 'Table') return tableEvent(event);
      const shown = view.form === 'PartialObjectMetadata' ? partialMetadata : (whole: KubeObject) => whole;
      return onceFor(object, `${type} ${view.form}`, () => lineOf(type, shown(object)));
    },

    bookmark(resourceVersion, endsInitial) {
      const annotations = endsInitial ? { 'k8s.io/initial-events-end': 'true' } : undefined;
      const metadata = { resourceVersion, creationTimestamp: null, ...(annotations && { annotations }) };
      if (view.form === 'Table')
        return lineOf('BOOKMARK', tableOf(kind, [], metadata, { include: 'None', now: api.clock.now(), withColumns: false }));
      const type =
        view.form === 'PartialObjectMetadata'
          ? { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1' }
          : { kind: kind.kind, apiVersion: apiVersionOf(kind) };
      return lineOf('BOOKMARK', { ...type, metadata });
    },

    error(error) {
      const known = toStatusError(error);
      if (known === undefined) api.log.error('a watch broke', { resource: kind.plural, error: String(error) });
      return lineOf('ERROR', statusBody(known ?? new StatusError(500, 'InternalError', 'Internal error occurred')));
    },
  };
}
