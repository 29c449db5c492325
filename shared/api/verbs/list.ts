import type { KubeObject, ObjectName } from '../../kinds/object.ts';
import type { ApiOptions, Call } from '../call.ts';
import { count } from '../request/query.ts';
import { readSelector, type Selector } from '../selectors.ts';
import { presentList, respond, viewOf } from '../view/present.ts';
import { type Continuation, decodeToken, encodeToken } from './continue-token.ts';
import { checkListOptions } from './list-options.ts';

/** GET of a collection. */
export async function listObjects(api: ApiOptions, call: Call): Promise<Response> {
  const view = viewOf(call);
  checkListOptions(call.query, api);
  const selector = readSelector(call.query, call.kind);
  const token = call.query.get('continue');
  const from = token ? decodeToken(token, api.clock.now()) : undefined;
  const page = await collect(api, call, selector, count(call.query, 'limit') || undefined, from);
  const metadata = { resourceVersion: page.resourceVersion, ...(page.next !== undefined && { continue: page.next }) };
  return respond(presentList(call, view, api.clock.now(), page.objects, metadata));
}

interface Collected {
  readonly objects: KubeObject[];
  readonly resourceVersion: string;
  /** The continue token; absent on the last page. */
  readonly next?: string;
}

/** Reads until `limit` objects match or there are no more: a page is as full as it can be, whatever is selected. */
export async function collect(api: ApiOptions, call: Call, selector: Selector, limit?: number, from?: Continuation): Promise<Collected> {
  if (selector.name !== undefined && call.namespace !== undefined) return readOne(api, call, selector, selector.name, call.namespace);
  const objects: KubeObject[] = [];
  let resourceVersion = from?.resourceVersion;
  let after: ObjectName | undefined = from?.after;
  do {
    const page = await api.store.list(call.kind, {
      ...(call.namespace !== undefined && { namespace: call.namespace }),
      ...(limit !== undefined && { limit }),
      ...(after !== undefined && { after }),
    });
    resourceVersion ??= page.resourceVersion;
    after = page.next;
    for (const [i, object] of page.items.entries()) {
      if (!selector.matches(object)) continue;
      objects.push(object);
      const more = i + 1 < page.items.length || page.next !== undefined;
      if (objects.length === limit) return { objects, resourceVersion, ...(more && { next: tokenAfter(object, resourceVersion) }) };
    }
  } while (after !== undefined);
  return { objects, resourceVersion };
}

const tokenAfter = ({ metadata }: KubeObject, resourceVersion: string): string =>
  encodeToken({ resourceVersion, after: { namespace: metadata.namespace ?? '', name: metadata.name } });

/** `fieldSelector=metadata.name=x`, as `kubectl get -w x` and `kubectl wait` list: a get, not a read of everything. */
async function readOne(api: ApiOptions, call: Call, selector: Selector, name: string, namespace: string): Promise<Collected> {
  const resourceVersion = api.store.version();
  const object = await api.store.get(call.kind, { namespace, name });
  return { resourceVersion, objects: object !== undefined && selector.matches(object) ? [object] : [] };
}
