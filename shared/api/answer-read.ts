import type { ApiOptions, Call, ItemCall, Verb } from './call.ts';
import { methodNotAllowed } from './status.ts';
import { getObject } from './verbs/get.ts';
import { listObjects } from './verbs/list.ts';
import { watchObjects } from './verbs/watch.ts';

/** Reads of a collection. Throws 405 for anything else. */
export async function readCollection(api: ApiOptions, call: Call, verb: Verb): Promise<Response> {
  switch (verb) {
    case 'list':
      return listObjects(api, call);
    case 'watch':
      return watchObjects(api, call);
    default:
      throw methodNotAllowed(call.kind);
  }
}

/** Reads of one object. Throws 405 for anything else. */
export async function readItem(api: ApiOptions, item: ItemCall, verb: Verb): Promise<Response> {
  switch (verb) {
    case 'get':
      return getObject(api, item);
    case 'watch':
      return watchObjects(api, { ...item, query: selecting(item) });
    default:
      throw methodNotAllowed(item.kind);
  }
}

/** The query for this one object, and for nothing else that its own selector may name. */
function selecting({ query, name }: ItemCall): URLSearchParams {
  const own = query.get('fieldSelector') ?? '';
  const only = `metadata.name=${name.replace(/[\\,=]/g, '\\$&')}`;
  const narrowed = new URLSearchParams(query);
  narrowed.set('fieldSelector', own === '' ? only : `${only},${own}`);
  return narrowed;
}
