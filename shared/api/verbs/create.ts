import { AlreadyExists } from '../../errors.ts';
import { firstGeneration } from '../../kinds/built-in.ts';
import { namespace as namespaceKind } from '../../kinds/core/namespace.ts';
import type { Kind } from '../../kinds/define-kind.ts';
import { type KubeObject, type ObjectMeta, timestamp } from '../../kinds/object.ts';
import { ownersOfNew } from '../apply/record-update.ts';
import { writerOf } from '../apply/writer.ts';
import { namedIn } from '../audit.ts';
import type { ApiOptions, Call } from '../call.ts';
import { asText, decodeObject } from '../objects/decode.ts';
import { validate, validateNew } from '../objects/validate.ts';
import { readBody } from '../request/body.ts';
import { writeOptions } from '../request/query.ts';
import { alreadyExists, badRequest, forbidden, notFound, resourceName } from '../status.ts';
import { presentObject, respond, viewOf } from '../view/present.ts';
import { withOwners, withoutEmpty, withStatus, writeOf } from './write.ts';

/** POST to a collection. */
export async function createObject(api: ApiOptions, call: Call): Promise<Response> {
  const view = viewOf(call);
  const { dryRun, fieldValidation } = writeOptions(call.query, 'Create');
  const body = await readBody(call.request);
  call.note(namedIn(body?.value));
  const { object, warnings } = decodeObject(call.kind, body, fieldValidation, api.unknownFields);
  const writer = writerOf(call, 'main', api.clock.now());
  const created = await createFrom(api, call, object, { dryRun, owners: (sound) => ownersOfNew(call.kind, sound, writer) });
  call.note({ name: created.metadata.name });
  return respond(presentObject(call, view, api.clock.now(), created), 201, warnings);
}

/** How an object is created. */
export interface Creation {
  readonly dryRun: boolean;
  /** Its managedFields, once it is sound. */
  owners(sound: KubeObject): readonly unknown[] | undefined;
}

/** Stores a new object. Throws 400, 403, 404 and 422 for what cannot be created, 409 AlreadyExists. */
export async function createFrom(api: ApiOptions, call: Call, object: KubeObject, creation: Creation): Promise<KubeObject> {
  const asked = forCreation(call, object);
  await checkNamespace(api, call);
  return createNamed(api, call.kind, asked, creation);
}

/** Without what only the server writes. */
function forCreation({ kind, namespace }: Call, object: KubeObject): KubeObject {
  const { metadata } = object;
  if (metadata.resourceVersion) throw badRequest('resourceVersion should not be set on objects to be created');
  if (namespace !== undefined && metadata.namespace && metadata.namespace !== namespace)
    throw badRequest(
      `the namespace of the provided object does not match the namespace sent on the request: ${asText(metadata.namespace)} is not ${namespace || 'cluster-scoped'}`,
    );
  const { name, generateName, labels, annotations, ownerReferences, finalizers } = metadata;
  const kept: ObjectMeta = {
    name,
    ...(namespace && { namespace }),
    generateName,
    labels,
    annotations,
    ownerReferences,
    finalizers,
  } as ObjectMeta;
  const asked = { ...object, metadata: withoutEmpty(kept) };
  return kind.subresources.status ? withStatus(asked, undefined) : asked;
}

/** Throws 404 where there is no such namespace, 403 where it is on its way out. */
async function checkNamespace({ store }: ApiOptions, { kind, namespace }: Call): Promise<void> {
  if (kind.scope === 'Cluster') return;
  if (namespace === undefined) throw badRequest('an empty namespace may not be set during creation');
  const found = await store.get(namespaceKind, { namespace: '', name: namespace });
  if (found === undefined) throw notFound(namespaceKind, namespace);
  if (found.metadata.deletionTimestamp !== undefined)
    throw forbidden(
      `${resourceName(kind)} is forbidden: unable to create new content in namespace ${namespace} because it is being terminated`,
      {
        kind: kind.plural,
        causes: [{ reason: 'NamespaceTerminating', field: 'metadata.namespace', message: `namespace ${namespace} is being terminated` }],
      },
    );
}

/** How often another name is generated when one is taken. */
const tries = 8;

async function createNamed(api: ApiOptions, kind: Kind, asked: KubeObject, { dryRun, owners }: Creation): Promise<KubeObject> {
  const { generateName } = asked.metadata;
  // What is no text is for validation to refuse.
  const prefix = asked.metadata.name || typeof generateName !== 'string' ? undefined : generateName;
  for (let attempt = 1; ; attempt++) {
    const name = prefix === undefined ? asked.metadata.name : generatedName(prefix, api);
    const sound = await validate(kind, { ...asked, metadata: { ...asked.metadata, name } }, api.admit);
    validateNew(kind, sound);
    try {
      return await store(api, kind, withOwners(sound, owners(sound)), dryRun);
    } catch (error) {
      if (!(error instanceof AlreadyExists)) throw error;
      if (prefix === undefined || attempt === tries) throw alreadyExists(kind, name);
    }
  }
}

async function store(api: ApiOptions, kind: Kind, object: KubeObject, dryRun: boolean): Promise<KubeObject> {
  if (!dryRun) return api.store.create(kind, object, writeOf(api, kind, object));
  const { namespace = '', name } = object.metadata;
  if ((await api.store.get(kind, { namespace, name })) !== undefined) throw new AlreadyExists(`${kind.kind} ${name} exists`);
  const creationTimestamp = timestamp(api.clock.now());
  const generation = firstGeneration(kind);
  return { ...object, metadata: { ...object.metadata, uid: api.random.uuid(), creationTimestamp, ...(generation && { generation }) } };
}

/** No vowels, so that no words are spelt. */
const letters = 'bcdfghjklmnpqrstvwxz2456789';

/** The prefix, cut so that 63 characters suffice, and five random ones. */
function generatedName(prefix: string, { random }: ApiOptions): string {
  const suffix = Array.from(random.bytes(5), (byte) => letters[byte % letters.length]).join('');
  return prefix.slice(0, 58) + suffix;
}
