import { Conflict, NotFound } from '../../errors.ts';
import type { Kind } from '../../kinds/define-kind.ts';
import type { KubeObject, ObjectMeta } from '../../kinds/object.ts';
import type { Write } from '../../store/store.ts';
import type { ApiOptions, ItemCall } from '../call.ts';
import { sameJson } from '../objects/same-json.ts';
import { validate, validateChange } from '../objects/validate.ts';
import { conflict, outdated } from '../status.ts';
import { readObject } from './get.ts';

/** What update, patch, status and scale have in common: from the live object to the next, and into the store. */

/** A write by anybody but the reconciler makes the object due. */
export const dueNow = (api: ApiOptions, kind: Kind): Write => (kind.reconciled ? { dueAt: api.clock.now() } : {});

/** How often a write is tried again when somebody else was faster, and the client named no version. */
const tries = 5;

/**
 * Reads the object, lets `change` make the next one of it, and stores that. When somebody else wrote in between it
 * starts over, unless the client had named the version that it wanted to replace.
 */
export async function changeObject(
  api: ApiOptions,
  call: ItemCall,
  dryRun: boolean,
  change: (live: KubeObject) => KubeObject | Promise<KubeObject>,
): Promise<KubeObject> {
  for (let attempt = 1; ; attempt++) {
    const live = await readObject(api, call);
    const next = await change(live);
    checkPreconditions(call.kind, live, next);
    try {
      return await store(api, call.kind, live, next, dryRun);
    } catch (error) {
      if (!(error instanceof Conflict) && !(error instanceof NotFound)) throw error;
      const named = next.metadata.resourceVersion;
      if (named || attempt === tries) throw outdated(call.kind, call.name, named, undefined);
    }
  }
}

/** uid and resourceVersion of the request, where it has them, must be those of the live object. */
function checkPreconditions(kind: Kind, live: KubeObject, { metadata }: KubeObject): void {
  const { name, uid, resourceVersion } = live.metadata;
  if (metadata.uid && metadata.uid !== uid)
    throw conflict(
      kind,
      name,
      `Precondition failed: UID in precondition: ${metadata.uid}, UID in object meta: ${uid}. The object might have been deleted and then recreated`,
    );
  if (metadata.resourceVersion && metadata.resourceVersion !== resourceVersion)
    throw outdated(kind, name, metadata.resourceVersion, resourceVersion);
}

async function store(api: ApiOptions, kind: Kind, live: KubeObject, wanted: KubeObject, dryRun: boolean): Promise<KubeObject> {
  const kept = { ...wanted, metadata: keepSystemFields(live.metadata, wanted.metadata) };
  const sound = await validate(kind, kept, api.admit);
  validateChange(kind, live, sound);
  if (sameJson(sound, { ...live, metadata: withoutEmpty(live.metadata) })) return live;
  const next = raiseGeneration(kind, live, sound);
  const isGone = live.metadata.deletionTimestamp !== undefined && (next.metadata.finalizers ?? []).length === 0;
  if (dryRun) return next;
  return isGone ? api.store.remove(kind, next) : api.store.update(kind, next, dueNow(api, kind));
}

/** What only the server writes stays as it is. */
function keepSystemFields(live: ObjectMeta, wanted: ObjectMeta): ObjectMeta {
  const { selfLink: _, managedFields: __, ...rest } = wanted as ObjectMeta & { selfLink?: string };
  const kept: Record<string, unknown> = { ...rest };
  for (const field of systemFields) {
    if (live[field] === undefined) delete kept[field];
    else kept[field] = live[field];
  }
  return withoutEmpty(kept as unknown as ObjectMeta);
}

const systemFields = [
  'name',
  'namespace',
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'managedFields',
] as const;

/** Empty maps and lists mean nothing was set: whether they are written or left out is no change. */
export function withoutEmpty(metadata: ObjectMeta): ObjectMeta {
  const kept = Object.entries(metadata).filter(
    ([, value]) => value !== null && value !== undefined && !(typeof value === 'object' && Object.keys(value).length === 0),
  );
  return Object.fromEntries(kept) as unknown as ObjectMeta;
}

/** Up by one when anything but metadata and status changed. */
function raiseGeneration(kind: Kind, live: KubeObject, next: KubeObject): KubeObject {
  if (sameJson(desired(kind, live), desired(kind, next))) return next;
  return { ...next, metadata: { ...next.metadata, generation: (live.metadata.generation ?? 1) + 1 } };
}

function desired(kind: Kind, { metadata: _, status, ...fields }: KubeObject): Record<string, unknown> {
  return kind.subresources.status ? fields : { ...fields, status };
}

/** The object with another status, or with none. */
export function withStatus(object: KubeObject, status: unknown): KubeObject {
  const { status: _, ...rest } = object;
  return (status === undefined ? rest : { ...rest, status }) as KubeObject;
}
