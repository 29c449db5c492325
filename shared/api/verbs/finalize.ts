import { namespace } from '../../kinds/core/namespace.ts';
import { writerOf } from '../apply/writer.ts';
import type { ApiOptions, ItemCall } from '../call.ts';
import { decodeObject } from '../objects/decode.ts';
import { readBody } from '../request/body.ts';
import { writeOptions } from '../request/query.ts';
import { presentObject, respond, viewOf } from '../view/present.ts';
import { checkIdentity } from './update.ts';
import { changeBy, changeObject, withStatus } from './write.ts';

/**
 * PUT of `namespaces/x/finalize`: the one write that changes `spec.finalizers` of a Namespace. One that is being deleted goes with the
 * last of them, whatever is in it: who sends this has seen to that, or gives it up.
 */
export async function finalizeNamespace(api: ApiOptions, call: ItemCall): Promise<Response> {
  const view = viewOf(call);
  const { dryRun, fieldValidation } = writeOptions(call.query, 'Update');
  const { object, warnings } = decodeObject(namespace, await readBody(call.request), fieldValidation, api.unknownFields);
  checkIdentity(call, object);
  const writer = writerOf(call, 'finalize', api.clock.now());
  const change = changeBy(namespace, writer, dryRun, (live) => withStatus(object, live.status));
  const finalized = await changeObject(api, call, { ...change, finalizes: true });
  return respond(presentObject(call, view, api.clock.now(), finalized), 200, warnings);
}
