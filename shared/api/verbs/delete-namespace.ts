import { NotFound } from '../../errors.ts';
import type { Kind } from '../../kinds/define-kind.ts';
import { systemNamespace } from '../../kinds/fields.ts';
import { type KubeObject, type ObjectName, timestamp } from '../../kinds/object.ts';
import type { ApiOptions, ItemCall } from '../call.ts';
import { conflict, forbidden } from '../status.ts';
import { readObject } from './get.ts';

/** They always exist. */
const permanent = new Set(['default', systemNamespace]);

/**
 * Makes a namespace ready to go: closes it for new content, and removes what nobody reconciles. A namespace that still
 * holds objects which stand for something outside (clusters, machines) is refused, not emptied: 409 says what to delete.
 */
export async function deleteNamespaceContent(api: ApiOptions, call: ItemCall, dryRun: boolean): Promise<void> {
  const namespace = call.name;
  if (permanent.has(namespace))
    throw forbidden(`namespaces "${namespace}" is forbidden: this namespace may not be deleted`, { name: namespace, kind: 'namespaces' });
  const live = await readObject(api, call);
  const kinds = (api.allKinds ?? api.kinds).filter((kind) => kind.scope === 'Namespaced');
  await refuseWhileInUse(api, kinds, call, namespace);
  if (dryRun) return;
  await close(api, call.kind, live);
  // Once more: what came in between stays, in a closed namespace, and the delete can be repeated.
  await refuseWhileInUse(api, kinds, call, namespace);
  for (const kind of kinds) {
    for (const object of await everything(api, kind, namespace)) await removeQuietly(api, kind, object);
  }
}

async function refuseWhileInUse(api: ApiOptions, kinds: readonly Kind[], call: ItemCall, namespace: string): Promise<void> {
  const held: string[] = [];
  for (const kind of kinds) {
    const staying = (await everything(api, kind, namespace)).filter(
      (object) => kind.reconciled || (object.metadata.finalizers ?? []).length > 0,
    );
    if (staying.length > 0) held.push(`${staying.length} ${kind.plural}`);
  }
  if (held.length > 0) throw conflict(call.kind, namespace, `it still holds ${held.join(', ')}; delete them first`);
}

async function everything(api: ApiOptions, kind: Kind, namespace: string): Promise<KubeObject[]> {
  const objects: KubeObject[] = [];
  let after: ObjectName | undefined;
  do {
    const page = await api.store.list(kind, { namespace, ...(after !== undefined && { after }) });
    objects.push(...page.items);
    after = page.next;
  } while (after !== undefined);
  return objects;
}

/** No more content is created in a terminating namespace. */
async function close(api: ApiOptions, kind: Kind, live: KubeObject): Promise<void> {
  if (live.metadata.deletionTimestamp !== undefined) return;
  const metadata = {
    ...live.metadata,
    deletionTimestamp: timestamp(api.clock.now()),
    deletionGracePeriodSeconds: 0,
    generation: (live.metadata.generation ?? 1) + 1,
  };
  await api.store.update(kind, { ...live, metadata, status: { ...(live.status as object | undefined), phase: 'Terminating' } });
}

async function removeQuietly(api: ApiOptions, kind: Kind, object: KubeObject): Promise<void> {
  try {
    await api.store.remove(kind, object);
  } catch (error) {
    if (!(error instanceof NotFound)) throw error;
  }
}
