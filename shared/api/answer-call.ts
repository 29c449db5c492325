import { namespace } from '../kinds/core/namespace.ts';
import { readCollection, readItem } from './answer-read.ts';
import { audited } from './audit.ts';
import { asUser } from './authorize/as-user.ts';
import { type AllowedCall, type ApiOptions, type Call, type ItemCall, isRead, type Verb } from './call.ts';
import { isApply } from './patch/patch.ts';
import { readBody } from './request/body.ts';
import type { ResourcePath } from './request/route.ts';
import { methodNotAllowed, noSuchResource } from './status.ts';
import { applyObject } from './verbs/apply.ts';
import { createObject } from './verbs/create.ts';
import { deleteCollection, deleteObject } from './verbs/delete.ts';
import { finalizeNamespace } from './verbs/finalize.ts';
import { applyScale, getScale, patchScale, updateScale } from './verbs/scale.ts';
import { type Part, patchObject, updateObject } from './verbs/update.ts';
import { respond } from './view/present.ts';

/** Carries it out, and logs who wrote what: never the body. */
export async function answerCall(plane: ApiOptions, { path, verb, attributes, ...rest }: AllowedCall): Promise<Response> {
  const { authorize } = plane;
  const api = authorize === undefined ? plane : asUser(plane, { authorize, attributes, kind: rest.kind });
  const isClusterScoped = rest.kind.scope === 'Cluster';
  if (isClusterScoped && path.namespace !== undefined) throw noSuchResource();
  const asked = { ...rest, namespace: isClusterScoped ? '' : path.namespace };
  if (isRead(verb)) return route(api, { ...asked, note: () => {} }, path, verb);
  return audited(api.log, { call: asked, path, verb }, (note) => route(api, { ...asked, note }, path, verb));
}

function route(api: ApiOptions, call: Call, { name, subresource }: ResourcePath, verb: Verb): Promise<Response> {
  if (name === undefined) return answerCollection(api, call, verb);
  // An object in no namespace: there is no such path.
  if (call.namespace === undefined) throw noSuchResource();
  const item: ItemCall = { ...call, namespace: call.namespace, name };
  if (subresource === undefined) return answerItem(api, item, verb, 'main');
  if (subresource === 'status' && call.kind.subresources.status) return answerItem(api, item, verb, 'status');
  if (subresource === 'scale' && call.kind.subresources.scale) return answerScale(api, item, verb);
  if (subresource === 'finalize' && call.kind === namespace) return answerFinalize(api, item, verb);
  return answerSubresource(api, item, verb, subresource);
}

async function answerCollection(api: ApiOptions, call: Call, verb: Verb): Promise<Response> {
  switch (verb) {
    case 'create':
      return createObject(api, call);
    case 'deletecollection':
      if (call.namespace === undefined) throw methodNotAllowed(call.kind);
      return deleteCollection(api, call);
    default:
      return readCollection(api, call, verb);
  }
}

async function answerItem(api: ApiOptions, item: ItemCall, verb: Verb, part: Part): Promise<Response> {
  switch (verb) {
    case 'update':
      return updateObject(api, item, part);
    case 'patch':
      return isApply(item.request) ? applyObject(api, item, part) : patchObject(api, item, part);
    case 'delete':
      if (part === 'main') return deleteObject(api, item);
      throw methodNotAllowed(item.kind);
    default:
      return readItem(api, item, verb);
  }
}

async function answerScale(api: ApiOptions, item: ItemCall, verb: Verb): Promise<Response> {
  switch (verb) {
    case 'get':
      return getScale(api, item);
    case 'update':
      return updateScale(api, item);
    case 'patch':
      return isApply(item.request) ? applyScale(api, item) : patchScale(api, item);
    default:
      throw methodNotAllowed(item.kind);
  }
}

async function answerFinalize(api: ApiOptions, item: ItemCall, verb: Verb): Promise<Response> {
  if (verb !== 'update') throw methodNotAllowed(item.kind);
  return finalizeNamespace(api, item);
}

async function answerSubresource(
  api: ApiOptions,
  { kind, namespace, name, user, request }: ItemCall,
  verb: Verb,
  subresource: string,
): Promise<Response> {
  const found = api.subresources?.find((s) => s.kind === kind && s.name === subresource);
  if (found === undefined) throw noSuchResource();
  if (verb !== 'create') throw methodNotAllowed(kind);
  const body = await readBody(request);
  return respond(await found.create({ namespace, name, user }, body?.value), 201);
}
