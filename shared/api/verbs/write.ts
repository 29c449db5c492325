import { Conflict, NotFound } from '../../errors.ts';
import { firstGeneration } from '../../kinds/built-in.ts';
import type { Kind } from '../../kinds/define-kind.ts';
import { isBeingDeleted, isHeld } from '../../kinds/deletion.ts';
import type { KubeObject, ObjectMeta } from '../../kinds/object.ts';
import type { Write } from '../../store/store.ts';
import { ownersOfUpdated, sameOwners } from '../apply/record-update.ts';
import type { Writer } from '../apply/writer.ts';
import type { ApiOptions, ItemCall } from '../call.ts';
import { asText } from '../objects/decode.ts';
import { sameJson } from '../objects/same-json.ts';
import { validate, validateChange } from '../objects/validate.ts';
import { conflict, outdated } from '../status.ts';
import { readObject } from './get.ts';

/** What update, patch, status and scale have in common: from the live object to the next, and into the store. */

/** A write by anybody but the reconciler makes the object due. */
export const dueNow = (api: ApiOptions, kind: Kind): Write => (kind.reconciled ? { dueAt: api.clock.now() } : {});

/** How a client's object is stored. Whoever names owners may name some that are gone already. */
export const writeOf = (api: ApiOptions, kind: Kind, next: KubeObject, live?: KubeObject): Write => ({
  ...dueNow(api, kind),
  ...(namesNewOwner(next, live) && { owned: true }),
});

function namesNewOwner({ metadata }: KubeObject, live: KubeObject | undefined): boolean {
  const known = new Set(live?.metadata.ownerReferences?.map(({ uid }) => uid));
  return (metadata.ownerReferences ?? []).some(({ uid }) => !known.has(uid));
}

/** How often a write is tried again when somebody else was faster, and the client named no version. */
const tries = 5;

/** How an object is changed. */
export interface Change {
  readonly dryRun: boolean;
  /** It may change what other updates leave as it was: the finalizers in the spec of a Namespace. */
  readonly finalizes?: true;
  /** The next object, as the client wants it. */
  next(live: KubeObject): KubeObject;
  /** The managedFields of the object once it is sound. `given` are those of the object that the client wants. */
  owners(live: KubeObject, sound: KubeObject, given: readonly unknown[] | undefined): readonly unknown[] | undefined;
}

/** The change of a write that is no apply: what it changes belongs to who writes. */
export const changeBy = (kind: Kind, writer: Writer, dryRun: boolean, next: Change['next']): Change => ({
  dryRun,
  next,
  owners: (live, sound, given) => ownersOfUpdated(kind, live, sound, given, writer),
});

/**
 * Reads the object, makes the next one of it, and stores that. When somebody else wrote in between it starts over:
 * then it is seen whether the client had named the version that it wanted to replace.
 */
export async function changeObject(api: ApiOptions, call: ItemCall, change: Change): Promise<KubeObject> {
  for (let attempt = 1; ; attempt++) {
    const live = await readObject(api, call);
    const next = change.next(live);
    checkPreconditions(call.kind, live, next);
    try {
      return await store(api, call.kind, live, next, change);
    } catch (error) {
      if (!(error instanceof Conflict) && !(error instanceof NotFound)) throw error;
      if (attempt === tries) throw outdated(call.kind, call.name);
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
      `Precondition failed: UID in precondition: ${asText(metadata.uid)}, UID in object meta: ${uid}. The object might have been deleted and then recreated`,
    );
  if (metadata.resourceVersion && metadata.resourceVersion !== resourceVersion)
    throw outdated(kind, name, asText(metadata.resourceVersion), resourceVersion);
}

async function store(api: ApiOptions, kind: Kind, live: KubeObject, wanted: KubeObject, change: Change): Promise<KubeObject> {
  const asked = change.finalizes || kind.keep === undefined ? wanted : kind.keep(live, wanted);
  const kept = { ...asked, metadata: keepSystemFields(live.metadata, asked.metadata) };
  const sound = await validate(kind, kept, api.admit);
  validateChange(kind, live, sound);
  const owners = change.owners(live, sound, wanted.metadata.managedFields);
  const isSame = sameJson(sound, { ...live, metadata: withoutEmpty(live.metadata) });
  if (isSame && sameOwners(owners, live.metadata.managedFields)) return live;
  const next = withOwners(raiseGeneration(kind, live, sound), owners);
  const isGone = isBeingDeleted(live) && !isHeld(next);
  if (change.dryRun) return next;
  return isGone ? api.store.remove(kind, next) : api.store.update(kind, next, writeOf(api, kind, next, live));
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

/** The object with other managedFields, or with none. */
export function withOwners(object: KubeObject, owners: readonly unknown[] | undefined): KubeObject {
  const { managedFields: _, ...metadata } = object.metadata;
  return { ...object, metadata: { ...metadata, ...(owners !== undefined && { managedFields: [...owners] }) } };
}

/** Up by one when anything but metadata and status changed, where the kind counts. */
function raiseGeneration(kind: Kind, live: KubeObject, next: KubeObject): KubeObject {
  if (firstGeneration(kind) === undefined || sameJson(desired(kind, live), desired(kind, next))) return next;
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
