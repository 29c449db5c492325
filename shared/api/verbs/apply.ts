import { AlreadyExists } from '../../errors.ts';
import type { KubeObject } from '../../kinds/object.ts';
import { requireAllowed } from '../allow.ts';
import { applyConfiguration } from '../apply/configuration.ts';
import { duplicateCauses } from '../apply/duplicates.ts';
import { type Writer, writerOf } from '../apply/writer.ts';
import type { ApiOptions, ItemCall } from '../call.ts';
import { asText, type Decoded, decodeObject, isRecord } from '../objects/decode.ts';
import { readApplied } from '../request/body.ts';
import { type FieldValidation, flag, invalidOptions, type WriteOptions, writeOptions } from '../request/query.ts';
import { alreadyExists, badRequest, conflict, invalid, StatusError } from '../status.ts';
import { presentObject, respond, viewOf } from '../view/present.ts';
import { createFrom } from './create.ts';
import { checkIdentity, type Part, takePart, withoutUnchangedVersion } from './update.ts';
import { changeObject, withOwners } from './write.ts';

/** PATCH by server-side apply: the fields that a manager wants, all of them, of an object that may not be there yet. */
export async function applyObject(api: ApiOptions, call: ItemCall, part: Part): Promise<Response> {
  const view = viewOf(call);
  const { dryRun, fieldValidation, force } = readApplyOptions(call);
  const { object, warnings } = await readConfiguration(api, call, fieldValidation);
  const application = {
    configuration: object,
    part,
    dryRun,
    force,
    writer: writerOf(call, part, api.clock.now()),
  };
  const { applied, code } = await changeOrCreate(api, call, application);
  return respond(presentObject(call, view, api.clock.now(), applied), code, warnings);
}

/** What an apply may be told. */
export function readApplyOptions({ query }: ItemCall): WriteOptions & { readonly force: boolean } {
  const options = writeOptions(query, 'Patch');
  if (!query.get('fieldManager'))
    throw invalidOptions('PatchOptions', [{ field: 'fieldManager', reason: 'FieldValueRequired', message: 'is required for apply patch' }]);
  return { ...options, force: flag(query, 'force') ?? false };
}

interface Application {
  readonly configuration: KubeObject;
  readonly part: Part;
  readonly dryRun: boolean;
  readonly force: boolean;
  readonly writer: Writer;
}

/** The body of an apply. Throws 400 and 422 for what cannot be applied. */
export async function readConfiguration(api: ApiOptions, call: ItemCall, fieldValidation: FieldValidation): Promise<Decoded> {
  const body = await readApplied(call.request);
  const given = isRecord(body.value) ? body.value : {};
  if (given.apiVersion === undefined || given.kind === undefined) throw badRequest('an applied object has apiVersion and kind: write both');
  const { object, warnings } = decodeObject(call.kind, body, fieldValidation, api.unknownFields);
  if (object.metadata.managedFields !== undefined) throw badRequest('metadata.managedFields must be nil');
  const named = { ...object, metadata: { ...object.metadata, name: object.metadata.name ?? call.name } };
  checkIdentity(call, named);
  const causes = duplicateCauses(call.kind, named);
  if (causes.length > 0) throw invalid(call.kind, call.name, causes);
  return { object: named, warnings };
}

/** How often it is looked again whether the object is there. */
const tries = 5;

async function changeOrCreate(
  api: ApiOptions,
  call: ItemCall,
  application: Application,
): Promise<{ applied: KubeObject; code: 200 | 201 }> {
  for (let attempt = 1; ; attempt++) {
    try {
      return { applied: await change(api, call, application), code: 200 };
    } catch (error) {
      if (application.part !== 'main' || !(error instanceof StatusError) || error.code !== 404) throw error;
    }
    try {
      return { applied: await create(api, call, application), code: 201 };
    } catch (error) {
      // Somebody else made it meanwhile.
      if (!isTaken(error)) throw error;
      if (attempt === tries) throw alreadyExists(call.kind, call.name);
    }
  }
}

const isTaken = (error: unknown): boolean =>
  error instanceof AlreadyExists || (error instanceof StatusError && error.reason === 'AlreadyExists');

function change(api: ApiOptions, call: ItemCall, { configuration, part, dryRun, force, writer }: Application): Promise<KubeObject> {
  return changeObject(api, call, {
    dryRun,
    next(live) {
      const { object, managedFields } = applyConfiguration(call.kind, live, configuration, writer, force);
      return withOwners(takePart(call.kind, part, live, withoutUnchangedVersion(object, live)), managedFields);
    },
    owners: (_live, _sound, given) => given,
  });
}

/** Who may patch may not yet create. */
async function create(api: ApiOptions, call: ItemCall, { configuration, dryRun, force, writer }: Application): Promise<KubeObject> {
  const { user, kind, name } = call;
  const namespace = kind.group === '' && kind.kind === 'Namespace' ? name : call.namespace;
  const attributes = { user, verb: 'create', group: kind.group, resource: kind.plural, name, ...(namespace !== '' && { namespace }) };
  await requireAllowed(api, attributes);
  const { uid } = configuration.metadata;
  if (uid) throw conflict(kind, name, `uid mismatch: the provided object specified uid ${asText(uid)}, and no existing object was found`);
  const { object, managedFields } = applyConfiguration(kind, undefined, configuration, writer, force);
  return createFrom(api, call, object, { dryRun, owners: () => managedFields });
}
