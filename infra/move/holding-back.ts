import { Conflict } from '../../shared/errors.ts';
import { namespace } from '../../shared/kinds/core/namespace.ts';
import { keys } from '../../shared/kinds/fields.ts';
import type { KubeObject } from '../../shared/kinds/object.ts';
import type { Clock } from '../../shared/ports.ts';
import type { Store } from '../../shared/store/store.ts';
import { change } from './objects.ts';
import type { Kept, Place } from './place.ts';

/*
 * What is owned is restored before its owner. Lest the plane's collector take it for garbage, a mark on the Namespace `default`, which
 * every plane has, holds the collector back from before the first write of an import until after the last.
 */

const marked: Kept = { kind: namespace, object: { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'default' } } };

const markOf = ({ metadata }: KubeObject): string | undefined => metadata.annotations?.[keys.importing];

/** Throws Conflict while another import is not complete. */
export async function holdCollectorBack({ store, describe }: Place, from: string, clock: Clock): Promise<void> {
  await changeDefault(store, clock, (found) => {
    const other = markOf(found);
    if (other === from) return found;
    if (other !== undefined)
      throw new Conflict(
        `nothing was imported into ${describe}: another import was interrupted; run it again, or give it up with ` +
          `"kubectl annotate namespace default ${keys.importing}-"`,
      );
    return { ...found, metadata: { ...found.metadata, annotations: { ...found.metadata.annotations, [keys.importing]: from } } };
  });
}

/** All is there that owns something. */
export async function letCollectorGo({ store }: Place, from: string, clock: Clock): Promise<void> {
  await changeDefault(store, clock, (found) => {
    if (markOf(found) !== from) return found;
    const { [keys.importing]: _, ...annotations } = found.metadata.annotations ?? {};
    const { annotations: __, ...metadata } = found.metadata;
    return { ...found, metadata: { ...metadata, ...(Object.keys(annotations).length > 0 && { annotations }) } };
  });
}

/** @throws Error when there is no such Namespace: every plane is opened with it. */
async function changeDefault(store: Store, clock: Clock, next: (found: KubeObject) => KubeObject): Promise<void> {
  const found = await store.get(namespace, { namespace: '', name: marked.object.metadata.name });
  if (found === undefined) throw new Error('the plane has no Namespace "default"');
  await change(store, { ...marked, object: found }, next, clock);
}
