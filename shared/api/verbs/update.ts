import { isBuiltIn } from '../../kinds/built-in.ts';
import type { Kind } from '../../kinds/define-kind.ts';
import type { KubeObject } from '../../kinds/object.ts';
import { writerOf } from '../apply/writer.ts';
import type { ApiOptions, ItemCall } from '../call.ts';
import { asObject, asText, decodeObject, isRecord, mistakesIn } from '../objects/decode.ts';
import { prune } from '../objects/prune.ts';
import { schemaOf } from '../objects/schema.ts';
import { checkSize } from '../objects/size.ts';
import { type Patch, readPatch } from '../patch/patch.ts';
import { readBody } from '../request/body.ts';
import { type FieldValidation, writeOptions } from '../request/query.ts';
import { badRequest, invalid } from '../status.ts';
import { presentObject, respond, viewOf } from '../view/present.ts';
import { changeBy, changeObject, withStatus } from './write.ts';

/** Which part of the object a write may change. */
export type Part = 'main' | 'status';

/** PUT of an object, or of its status. */
export async function updateObject(api: ApiOptions, call: ItemCall, part: Part): Promise<Response> {
  const view = viewOf(call);
  const { dryRun, fieldValidation } = writeOptions(call.query, 'Update');
  const { object, warnings } = decodeObject(call.kind, await readBody(call.request), fieldValidation, api.unknownFields);
  checkIdentity(call, object);
  const writer = writerOf(call, part, api.clock.now());
  const change = changeBy(call.kind, writer, dryRun, (live) => {
    requireVersion(call.kind, object);
    return takePart(call.kind, part, live, object);
  });
  const updated = await changeObject(api, call, change);
  return respond(presentObject(call, view, api.clock.now(), updated), 200, warnings);
}

/** PATCH of an object, or of its status. */
export async function patchObject(api: ApiOptions, call: ItemCall, part: Part): Promise<Response> {
  const view = viewOf(call);
  const { dryRun, fieldValidation } = writeOptions(call.query, 'Patch');
  if (call.query.has('force'))
    throw invalid({ group: 'meta.k8s.io', kind: 'PatchOptions' }, '', [
      { field: 'force', reason: 'FieldValueForbidden', message: 'may not be specified for non-apply patch' },
    ]);
  const patch = await readPatch(call.request, call.kind);
  let warnings: readonly string[] = [];
  const change = changeBy(call.kind, writerOf(call, part, api.clock.now()), dryRun, (live) => {
    const result = applyPatch(api, call, patch, live, fieldValidation);
    warnings = result.warnings;
    return takePart(call.kind, part, live, result.object);
  });
  const patched = await changeObject(api, call, change);
  return respond(presentObject(call, view, api.clock.now(), patched), 200, warnings);
}

/** The object as the patch would have it, and what the client should be told of the patch. */
export function applyPatch(
  { unknownFields = () => [] }: ApiOptions,
  call: ItemCall,
  patch: Patch,
  live: KubeObject,
  fieldValidation: FieldValidation,
): { object: KubeObject; warnings: string[] } {
  const { value, unknown } = prune(patch.apply(live), schemaOf(call.kind));
  if (!isRecord(value) || (value.metadata !== undefined && !isRecord(value.metadata))) throw badRequest('the patch leaves no object');
  // Of a text, only what the patch brought: what it finds there was let pass before.
  const former = new Set(unknownFields(call.kind, live));
  const brought = unknownFields(call.kind, asObject(call.kind, value)).filter((field) => !former.has(field));
  const warnings = mistakesIn([...unknown, ...brought], patch.duplicates, fieldValidation);
  if (fieldValidation === 'Strict' && warnings.length > 0)
    throw invalid(call.kind, call.name, [{ field: 'patch', message: `strict decoding error: ${warnings.join(', ')}` }]);
  if (value.apiVersion !== live.apiVersion || value.kind !== live.kind) throw badRequest('a patch may not change apiVersion or kind');
  const object = asObject(call.kind, value);
  checkIdentity(call, object);
  checkSize(call.kind, object);
  return { object: withoutUnchangedVersion(object, live), warnings };
}

/** A patch that says nothing of the version takes over the live one: that is no version the client has named. */
export function withoutUnchangedVersion(object: KubeObject, live: KubeObject): KubeObject {
  if (object.metadata.resourceVersion !== live.metadata.resourceVersion) return object;
  const { resourceVersion: _, ...metadata } = object.metadata;
  return { ...object, metadata };
}

/** The other part stays as it is: the main resource never writes status, `/status` nothing else. */
export function takePart(kind: Kind, part: Part, live: KubeObject, wanted: KubeObject): KubeObject {
  if (!kind.subresources.status) return wanted;
  if (part === 'main') return withStatus(wanted, live.status);
  const { uid, resourceVersion } = wanted.metadata;
  const { resourceVersion: _, ...metadata } = live.metadata;
  const named = { ...metadata, ...(uid !== undefined && { uid }), ...(resourceVersion !== undefined && { resourceVersion }) };
  return withStatus({ ...live, metadata: named }, wanted.status);
}

export function checkIdentity({ name, namespace }: ItemCall, { metadata }: KubeObject): void {
  if (metadata.name !== name)
    throw badRequest(`the name of the object (${asText(metadata.name ?? 'none')}) does not match the name on the URL (${name})`);
  if (metadata.namespace && metadata.namespace !== namespace)
    throw badRequest(
      `the namespace of the provided object does not match the namespace sent on the request: ${asText(metadata.namespace)} is not ${namespace || 'cluster-scoped'}`,
    );
}

/** As upstream: only Kubernetes' own kinds may be overwritten blindly. */
function requireVersion(kind: Kind, { metadata }: KubeObject): void {
  if (!metadata.resourceVersion && !isBuiltIn(kind))
    throw invalid(kind, metadata.name, [{ field: 'metadata.resourceVersion', message: '0x0: must be specified for an update' }]);
}
