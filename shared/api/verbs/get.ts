import type { KubeObject } from '../../kinds/object.ts';
import type { ApiOptions, ItemCall } from '../call.ts';
import { notFound } from '../status.ts';
import { presentObject, respond, viewOf } from '../view/present.ts';

/** The stored object. Throws 404. */
export async function readObject(api: ApiOptions, { kind, namespace, name }: ItemCall): Promise<KubeObject> {
  const object = await api.store.get(kind, { namespace, name });
  if (object === undefined) throw notFound(kind, name);
  return object;
}

/** GET of one object. Every answer is the freshest state, which any `resourceVersion` parameter allows. */
export async function getObject(api: ApiOptions, call: ItemCall): Promise<Response> {
  const view = viewOf(call);
  return respond(presentObject(call, view, api.clock.now(), await readObject(api, call)));
}
