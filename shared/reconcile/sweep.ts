import { namespace } from '../kinds/core/namespace.ts';
import type { Kind } from '../kinds/define-kind.ts';
import { isBeingDeleted } from '../kinds/deletion.ts';
import { kinds } from '../kinds/index.ts';
import { nameOf, type ObjectName } from '../kinds/object.ts';
import type { Clock, WakeQueue } from '../ports.ts';
import type { Store } from '../store/store.ts';

interface SweepPorts {
  readonly store: Store;
  readonly queue: WakeQueue;
  readonly clock: Clock;
}

export interface Swept {
  readonly queued: number;
  readonly oldestDue: number;
  /** The namespaces that are being deleted: somebody should look how far they are. */
  readonly ending: readonly string[];
}

/**
 * Queues what is due, or everything: whoever was not told of a change, or died over it, is looked at again.
 * Says how many objects were queued, and since when the one that waits longest has been due (ms since 1970; now, if none is).
 */
export async function sweep(what: 'due' | 'everything', { store, queue, clock }: SweepPorts): Promise<Swept> {
  const now = clock.now();
  const { items: namespaces } = await store.list(namespace);
  let queued = 0;
  let oldestDue = now;
  for (const kind of kinds.filter(({ reconciled }) => reconciled)) {
    for (const { metadata } of namespaces) {
      const due = await store.due(kind, metadata.name, now);
      oldestDue = Math.min(oldestDue, await dueSince(kind, due[0], store, now));
      const names = what === 'due' ? due : await all(kind, metadata.name, store);
      const wakes = names.map((name) => ({
        wake: { group: kind.group, kind: kind.kind, ...name },
        id: `sweep-${now}-${kind.kind}-${name.namespace}/${name.name}`,
      }));
      await queue.send(wakes);
      queued += wakes.length;
    }
  }
  return { queued, oldestDue, ending: namespaces.filter(isBeingDeleted).map(({ metadata }) => metadata.name) };
}

async function dueSince(kind: Kind, name: ObjectName | undefined, store: Store, now: number): Promise<number> {
  const object = name && (await store.get(kind, name));
  return (object && store.dueAt(object)) ?? now;
}

async function all(kind: Kind, inNamespace: string, store: Store): Promise<ObjectName[]> {
  const names: ObjectName[] = [];
  let after: ObjectName | undefined;
  do {
    const page = await store.list(kind, { namespace: inNamespace, limit: 500, ...(after !== undefined && { after }) });
    names.push(...page.items.map(nameOf));
    after = page.next;
  } while (after !== undefined);
  return names;
}
