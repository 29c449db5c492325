import { Conflict, NotFound } from '../../errors.ts';
import type { Kind } from '../../kinds/define-kind.ts';
import { type KubeObject, timestamp } from '../../kinds/object.ts';
import type { ApiOptions, Call, ItemCall } from '../call.ts';
import { sameJson } from '../objects/same-json.ts';
import { readSelector } from '../selectors.ts';
import { conflict, notFound, outdated } from '../status.ts';
import { presentList, presentObject, respond, viewOf } from '../view/present.ts';
import { deleteNamespaceContent } from './delete-namespace.ts';
import { type DeleteOptions, type Propagation, readDeleteOptions } from './delete-options.ts';
import { readObject } from './get.ts';
import { collect } from './list.ts';
import { dueNow, withoutEmpty } from './write.ts';

/** DELETE of one object: gone at once when nobody has a finalizer on it, else marked and left to those who have. */
export async function deleteObject(api: ApiOptions, call: ItemCall): Promise<Response> {
  const view = viewOf(call);
  const options = await readDeleteOptions(call);
  if (options.dryRun) call.note({ dryRun: true });
  if (isNamespace(call.kind)) await deleteNamespaceContent(api, call, options.dryRun);
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
      if (isNamespace(call.kind)) await deleteNamespaceContent(api, item, options.dryRun);
      deleted.push((await deleteOne(api, item, options)).object);
      call.note({ objects: deleted.length });
    } catch (error) {
      // Somebody else deleted it meanwhile: it is as it was wanted.
      if (!(error instanceof NotFound)) throw error;
    }
  }
  return respond(presentList(call, view, api.clock.now(), deleted, { resourceVersion }));
}

const isNamespace = ({ group, kind }: Kind): boolean => group === '' && kind === 'Namespace';

const tries = 5;

async function deleteOne(api: ApiOptions, call: ItemCall, options: DeleteOptions): Promise<{ object: KubeObject; gone: boolean }> {
  for (let attempt = 1; ; attempt++) {
    const live = await readObject(api, call);
    checkPreconditions(call.kind, live, options);
    const finalizers = finalizersAfter(call.kind, live, options.propagation);
    const gone = finalizers.length === 0;
    try {
      if (options.dryRun) return { object: live, gone };
      if (gone) return { object: await api.store.remove(call.kind, live), gone };
      const next = terminating(live, finalizers, api.clock.now());
      if (sameJson(next, live)) return { object: live, gone };
      return { object: await api.store.update(call.kind, next, dueNow(api, call.kind)), gone };
    } catch (error) {
      if (error instanceof NotFound) throw notFound(call.kind, call.name);
      if (!(error instanceof Conflict)) throw error;
      if (options.resourceVersion !== undefined || attempt === tries)
        throw outdated(call.kind, call.name, options.resourceVersion, undefined);
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

const foreground = 'foregroundDeletion';
const orphan = 'orphan';

/**
 * How dependents go is kept as a finalizer, which the reconciler of the kind takes away when it is done. A kind without
 * a reconciler has nobody who would, and its objects have no dependents.
 */
function finalizersAfter(kind: Kind, { metadata }: KubeObject, propagation: Propagation | undefined): string[] {
  const present = metadata.finalizers ?? [];
  if (propagation === undefined) return present;
  const others = present.filter((finalizer) => finalizer !== foreground && finalizer !== orphan);
  if (!kind.reconciled || propagation === 'Background') return others;
  return [...others, propagation === 'Foreground' ? foreground : orphan];
}

/** A repeated delete keeps the time of the first. */
function terminating(live: KubeObject, finalizers: string[], now: number): KubeObject {
  const { metadata } = live;
  const marked = metadata.deletionTimestamp !== undefined;
  return {
    ...live,
    metadata: withoutEmpty({
      ...metadata,
      finalizers,
      deletionTimestamp: metadata.deletionTimestamp ?? timestamp(now),
      deletionGracePeriodSeconds: 0,
      generation: (metadata.generation ?? 1) + (marked ? 0 : 1),
    }),
  };
}

/** kubectl reads the uid and waits until it is gone. */
const successOf = (kind: Kind, { metadata }: KubeObject): Record<string, unknown> => ({
  kind: 'Status',
  apiVersion: 'v1',
  metadata: {},
  status: 'Success',
  details: { name: metadata.name, ...(kind.group !== '' && { group: kind.group }), kind: kind.plural, uid: metadata.uid },
});
