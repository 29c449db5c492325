import { Conflict } from '../../../shared/errors.ts';
import type { Kind } from '../../../shared/kinds/define-kind.ts';
import { type KubeObject, nameOf } from '../../../shared/kinds/object.ts';
import type { Store } from '../../../shared/store/store.ts';

/** Reads, changes and writes until nobody wrote between. Nothing is written when nothing changes or the object is gone. */
export async function change<T extends KubeObject>(
  store: Store,
  kind: Kind<T>,
  object: Pick<KubeObject, 'metadata'>,
  changed: (known: T) => T,
): Promise<void> {
  for (;;) {
    const known = await store.get(kind, nameOf(object as KubeObject));
    if (known === undefined) return;
    const next = changed(known);
    if (next === known) return;
    try {
      await store.update(kind, next);
      return;
    } catch (error) {
      if (!(error instanceof Conflict)) throw error;
    }
  }
}
