import { AlreadyExists, Conflict, NotFound } from '../errors.ts';
import { type EventObject, event } from '../kinds/core/event.ts';
import type { Kind } from '../kinds/define-kind.ts';
import { fnv1a } from '../kinds/names.ts';
import { type KubeObject, timestamp } from '../kinds/object.ts';
import type { Happening, Operation } from '../kinds/operation.ts';
import type { Clock, Log } from '../ports.ts';
import type { Store } from '../store/store.ts';
import { type Words, wordsFor } from './words.ts';

interface EventPorts {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
}

type Group = Omit<Words, 'name'> & { readonly names: string[] };

/** One Event per sort of operation and reason, so that the making of a hundred machines is one sentence, not a hundred. */
export async function recordEvents(kind: Kind, object: KubeObject, operations: readonly Operation[], ports: EventPorts): Promise<void> {
  const groups = new Map<string, Group>();
  for (const operation of operations) {
    if ('target' in operation && operation.target.uid === object.metadata.uid) continue;
    if (operation.op === 'start' && operation.untold) continue;
    const { name, ...group } = wordsFor(operation);
    const key = `${group.does} ${group.because}`;
    const former = groups.get(key) ?? { ...group, names: [] };
    former.names.push(name);
    groups.set(key, former);
  }
  for (const { reason, did, because, names } of groups.values())
    await recordEvent(kind, object, { type: 'Normal', reason, message: `${did(names)}: ${because}` }, ports);
}

/** Records what happened to an object. The same thing again raises the count. An Event that cannot be written is logged, never thrown. */
export async function recordEvent(kind: Kind, object: KubeObject, happening: Happening, { store, clock, log }: EventPorts): Promise<void> {
  const now = timestamp(clock.now());
  const { name, namespace = 'default', uid = '' } = object.metadata;
  const id = fnv1a(`${uid}/${happening.reason}/${happening.message}`).toString(16).padStart(8, '0');
  const fresh: EventObject = {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: `${name}.${id}`, namespace },
    involvedObject: { apiVersion: object.apiVersion, kind: kind.kind, namespace, name, uid },
    ...happening,
    count: 1,
    firstTimestamp: now,
    lastTimestamp: now,
    eventTime: null,
    source: { component: 'plastron' },
    reportingComponent: 'plastron',
  };
  try {
    await store.create(event, fresh);
  } catch (error) {
    if (!(error instanceof AlreadyExists)) return log.warn('could not record an event', { ...happening, error: String(error) });
    await repeat(fresh, now, store).catch((again: unknown) => {
      // Somebody else counted it, or it expired meanwhile.
      if (!(again instanceof Conflict || again instanceof NotFound))
        log.warn('could not count an event', { ...happening, error: String(again) });
    });
  }
}

async function repeat(fresh: EventObject, now: string, store: Store): Promise<void> {
  const former = await store.get(event, { namespace: fresh.metadata.namespace ?? '', name: fresh.metadata.name });
  if (former !== undefined) await store.update(event, { ...former, count: (former.count ?? 1) + 1, lastTimestamp: now });
}
