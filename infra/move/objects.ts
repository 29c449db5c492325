import { Conflict } from '../../shared/errors.ts';
import type { Kind } from '../../shared/kinds/define-kind.ts';
import { type KubeObject, nameOf, type ObjectName } from '../../shared/kinds/object.ts';
import type { Clock } from '../../shared/ports.ts';
import type { Store } from '../../shared/store/store.ts';
import { moving } from './order.ts';
import { isPausedByExport, resume } from './pausing.ts';
import type { Kept } from './place.ts';

/** Requests under way at once. */
const atOnce = 16;

/** All run to their end before the first error is thrown, and nothing is begun after it. */
export async function forAll<T>(all: readonly T[], act: (one: T) => Promise<unknown>): Promise<void> {
  for (let i = 0; i < all.length; i += atOnce) {
    const failed = (await Promise.allSettled(all.slice(i, i + atOnce).map(act))).find(({ status }) => status === 'rejected');
    if (failed?.status === 'rejected') throw failed.reason;
  }
}

/** Every object that moves. */
export async function readAll(store: Store): Promise<Kept[]> {
  const found: Kept[] = [];
  for (const kind of moving) found.push(...(await readKind(store, kind)));
  return found;
}

/** The objects of a kind, in one namespace or in all that there are. */
export async function readKind(store: Store, kind: Kind, namespace?: string): Promise<Kept[]> {
  const found: Kept[] = [];
  let after: ObjectName | undefined;
  do {
    const query = { limit: 500, ...(namespace !== undefined && { namespace }), ...(after !== undefined && { after }) };
    const page = await store.list(kind, query);
    found.push(...page.items.map((object) => ({ kind, object })));
    after = page.next;
  } while (after !== undefined);
  return found;
}

/** Changes an object for as long as it is the same; nothing is written when it is gone, or the change leaves it as it is. */
export async function change(store: Store, { kind, object }: Kept, changed: (object: KubeObject) => KubeObject, clock: Clock) {
  for (;;) {
    const found = await store.get(kind, nameOf(object));
    if (found === undefined || found.metadata.uid !== object.metadata.uid) return;
    const next = changed(found);
    if (next === found) return;
    try {
      return await store.update(kind, next, kind.reconciled ? { dueAt: clock.now() } : {});
    } catch (error) {
      if (!(error instanceof Conflict)) throw error;
    }
  }
}

/** Takes the pause of an export off these, and has all that they hold back looked at. Returns what went on. */
export async function letGo(store: Store, paused: readonly Kept[], clock: Clock): Promise<Kept[]> {
  const resumed: Kept[] = [];
  for (const one of paused.filter(({ object }) => isPausedByExport(object)))
    if ((await change(store, one, resume, clock)) !== undefined) resumed.push(one);
  await lookAtAll(store, clock);
  return resumed;
}

/** Everything becomes due, since what is written past the plane's own process wakes nobody there. */
export async function lookAtAll(store: Store, clock: Clock): Promise<void> {
  for (const kind of moving.filter(({ reconciled }) => reconciled))
    await forAll(await readKind(store, kind), ({ object }) =>
      store.settle(kind, nameOf(object), object.metadata.resourceVersion ?? '', clock.now()),
    );
}
