import { Conflict, NotFound } from '../../errors.ts';
import { namespace } from '../../kinds/core/namespace.ts';
import type { Kind } from '../../kinds/define-kind.ts';
import { finalizersFor, isHeld, terminating } from '../../kinds/deletion.ts';
import { systemNamespace } from '../../kinds/fields.ts';
import type { KubeObject } from '../../kinds/object.ts';
import type { ApiOptions, Call, ItemCall } from '../call.ts';
import { sameJson } from '../objects/same-json.ts';
import { readSelector } from '../selectors.ts';
import { conflict, forbidden, notFound, outdated } from '../status.ts';
import { presentList, presentObject, respond, viewOf } from '../view/present.ts';
import { type DeleteOptions, readDeleteOptions } from './delete-options.ts';
import { readObject } from './get.ts';
import { collect } from './list.ts';
import { dueNow } from './write.ts';

/**
 * DELETE of one object: gone at once when nobody has a finalizer on it, else marked and left to those who have. What becomes of its
 * dependents is kept as a finalizer, which the collector takes away; what is in a Namespace is the collector's as well.
 */
export async function deleteObject(api: ApiOptions, call: ItemCall): Promise<Response> {
  const view = viewOf(call);
  const options = await readDeleteOptions(call);
  if (options.dryRun) call.note({ dryRun: true });
  refusePermanent(call);
  const { object, gone } = await deleteOne(api, call, options);
  return respond(gone ? successOf(call.kind, object) : presentObject(call, view, api.clock.now(), object));
}

/** DELETE of a collection: the same for every selected object. Answers with the objects. */
export async function deleteCollection(api: ApiOptions, call: Call): Promise<Response> {
  const view = viewOf(call);
  const options = await readDeleteOptions(call);
  if (options.dryRun) call.note({ dryRun: true });
  const { objects, resourceVersion } = await collect(api, call, readSelector(call.query, call.kind));
  const deleted: KubeObject[] = [];
  call.note({ objects: 0 });
  for (const { metadata } of objects) {
    const item = { ...call, namespace: metadata.namespace ?? '', name: metadata.name };
    try {
      refusePermanent(item);
      deleted.push((await deleteOne(api, item, options)).object);
      call.note({ objects: deleted.length });
    } catch (error) {
      // Somebody else deleted it meanwhile: it is as it was wanted.
      if (!(error instanceof NotFound)) throw error;
    }
  }
  return respond(presentList(call, view, api.clock.now(), deleted, { resourceVersion }));
}

/** They always exist. */
const permanent = new Set(['default', systemNamespace]);

function refusePermanent({ kind, name }: ItemCall): void {
  if (kind === namespace && permanent.has(name))
    throw forbidden(`namespaces "${name}" is forbidden: this namespace may not be deleted`, { name, kind: 'namespaces' });
}

const tries = 5;

async function deleteOne(api: ApiOptions, call: ItemCall, options: DeleteOptions): Promise<{ object: KubeObject; gone: boolean }> {
  for (let attempt = 1; ; attempt++) {
    const live = await readObject(api, call);
    checkPreconditions(call.kind, live, options);
    const next = terminating(live, finalizersFor(call.kind, live, options.propagation), api.clock.now());
    const gone = !isHeld(next);
    try {
      if (options.dryRun) return { object: live, gone };
      if (gone) return { object: await api.store.remove(call.kind, live), gone };
      if (sameJson(next, live)) return { object: live, gone };
      return { object: await api.store.update(call.kind, next, dueNow(api, call.kind)), gone };
    } catch (error) {
      if (error instanceof NotFound) throw notFound(call.kind, call.name);
      if (!(error instanceof Conflict)) throw error;
      // A version that the client named is compared with what is stored now.
      if (attempt === tries) throw outdated(call.kind, call.name);
    }
  }
}

function checkPreconditions(kind: Kind, { metadata }: KubeObject, { uid, resourceVersion }: DeleteOptions): void {
  if (uid !== undefined && uid !== metadata.uid)
    throw conflict(
      kind,
      metadata.name,
      `the UID in the precondition (${uid}) does not match the UID in record (${metadata.uid}). The object might have been deleted and then recreated`,
    );
  if (resourceVersion !== undefined && resourceVersion !== metadata.resourceVersion)
    throw conflict(
      kind,
      metadata.name,
      `the ResourceVersion in the precondition (${resourceVersion}) does not match the ResourceVersion in record (${metadata.resourceVersion}). The object might have been modified`,
    );
}

/** kubectl reads the uid and waits until it is gone. */
const successOf = (kind: Kind, { metadata }: KubeObject): Record<string, unknown> => ({
  kind: 'Status',
  apiVersion: 'v1',
  metadata: {},
  status: 'Success',
  details: { name: metadata.name, ...(kind.group !== '' && { group: kind.group }), kind: kind.plural, uid: metadata.uid },
});
