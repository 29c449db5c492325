import { Conflict } from '../../shared/errors.ts';
import { canonical } from '../../shared/kinds/canonical.ts';
import type { Kind } from '../../shared/kinds/define-kind.ts';
import type { KubeObject, ObjectName } from '../../shared/kinds/object.ts';
import type { Clock } from '../../shared/ports.ts';
import { beginDeletion } from '../../shared/reconcile/deletion.ts';
import type { Store } from '../../shared/store/store.ts';

/** What a user does through the API: each deed is one write. A plain name is one in `default`. */
export interface User {
  apply<T extends KubeObject>(kind: Kind<T>, object: T): Promise<T>;
  change<T extends KubeObject>(kind: Kind<T>, name: string | ObjectName, change: (object: T) => T): Promise<T>;
  remove(kind: Kind, name: string | ObjectName): Promise<void>;
  /** Throws when there is none. */
  get<T extends KubeObject>(kind: Kind<T>, name: string | ObjectName): Promise<T>;
}

export function userOf(store: Store, clock: Clock): User {
  const dueNow = (kind: Kind) => (kind.reconciled ? { dueAt: clock.now() } : {});

  async function get<T extends KubeObject>(kind: Kind<T>, name: string | ObjectName): Promise<T> {
    const at = typeof name === 'string' ? { namespace: 'default', name } : name;
    const object = await store.get(kind, at);
    if (object === undefined) throw new Error(`there is no ${kind.kind} ${at.namespace}/${at.name}`);
    return object;
  }

  return {
    get,
    apply: (kind, object) => store.create(kind, object, dueNow(kind)),
    change: (kind, name, change) =>
      untilQuickest(async () => {
        const object = await get(kind, name);
        const changed = change(object);
        const { generation = 1 } = object.metadata;
        const raised = canonical(changed.spec) === canonical(object.spec) ? generation : generation + 1;
        return store.update(kind, { ...changed, metadata: { ...changed.metadata, generation: raised } }, dueNow(kind));
      }),
    remove: async (kind, name) => {
      await untilQuickest(async () => beginDeletion(store, kind, await get(kind, name), clock.now()));
    },
  };
}

/** Again, for as long as somebody else writes first. */
async function untilQuickest<T>(write: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await write();
    } catch (error) {
      if (!(error instanceof Conflict)) throw error;
    }
  }
}
