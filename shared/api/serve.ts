import type { Kind } from '../kinds/define-kind.ts';
import { allowAll, requireAllowed } from './allow.ts';
import { impersonated } from './authorize/impersonate.ts';
import type { AllowedCall, Api, ApiOptions, Attributes, User, Verb } from './call.ts';
import { createDiscoveryRoutes } from './discovery/discovery.ts';
import { flag } from './request/query.ts';
import { parsePath, type ResourcePath, verbOf } from './request/route.ts';
import { methodNotAllowed, noSuchResource, StatusError, statusBody, toStatusError, unauthorized } from './status.ts';
import { servedKinds } from './stored-once.ts';

export type ServeOptions = Pick<ApiOptions, 'kinds' | 'authenticate' | 'authorize' | 'log' | 'subresources' | 'generated'>;

/** The kinds of which there are objects here. */
export interface Objects {
  readonly kinds: readonly Kind[];
  answer(call: AllowedCall): Promise<Response>;
}

/** Authenticates, authorises and routes; whatever is thrown becomes a Status. `kinds` exist; of those that `objects` has, it answers. */
export function serve(options: ServeOptions, objects: Objects): Api {
  const { authenticate, authorize = allowAll, log } = options;
  const served = servedKinds(objects.kinds);
  const generated = options.generated ?? [];
  const kinds = [...servedKinds(options.kinds), ...generated.map(({ kind }) => kind)];
  const discovery = createDiscoveryRoutes(kinds, options.subresources ?? []);

  async function answer(request: Request): Promise<Response> {
    const asker = await authenticate(request);
    if (asker === undefined) throw unauthorized();
    const user = await impersonated(request.headers, asker, allow);
    const url = new URL(request.url);
    const path = parsePath(url.pathname);
    if (path === undefined) return answerAbout(request, url, user);
    return answerObjects(request, url, user, path);
  }

  /** What is no resource: everybody who is known may read what the API is, but for the list of it all; anything else does not exist. */
  async function answerAbout(request: Request, url: URL, user: User): Promise<Response> {
    const response = discovery(request, url);
    if (response !== undefined && url.pathname !== '/') return response;
    await allow({ user, verb: request.method === 'HEAD' ? 'get' : request.method.toLowerCase(), path: url.pathname });
    if (response !== undefined) return response;
    throw noSuchResource();
  }

  async function answerObjects(request: Request, url: URL, user: User, path: ResourcePath): Promise<Response> {
    const verb = verbOf(request.method, path, flag(url.searchParams, 'watch') ?? false);
    if (verb === undefined) throw methodNotAllowed();
    const attributes = attributesOf(user, verb, path, url.searchParams);
    const isAsked = ({ group, version, plural }: Kind) => group === path.group && version === path.version && plural === path.resource;
    const made = generated.find(({ kind }) => isAsked(kind));
    if (made?.everybodyMay !== verb) await allow(attributes);
    const call = { request, query: url.searchParams, user, path, verb, attributes };
    if (made !== undefined) return made.answer({ ...call, kind: made.kind });
    const kind = served.find(isAsked);
    if (kind === undefined) throw noSuchResource();
    return objects.answer({ ...call, kind });
  }

  const allow = (attributes: Attributes): Promise<void> => requireAllowed({ authorize, log }, attributes);

  return async (request) => {
    const response = await answerOrRefuse(request);
    return request.method === 'HEAD' ? new Response(null, response) : response;
  };

  async function answerOrRefuse(request: Request): Promise<Response> {
    try {
      return await answer(request);
    } catch (error) {
      const known = toStatusError(error);
      if (known === undefined)
        log.error('a request failed', {
          method: request.method,
          path: new URL(request.url).pathname,
          error: String(error),
          stack: error instanceof Error ? error.stack : undefined,
        });
      return failure(known ?? new StatusError(500, 'InternalError', 'Internal error occurred'));
    }
  }
}

/** Verbs that do only what a field selector selects. */
const selects: ReadonlySet<Verb> = new Set(['list', 'watch', 'deletecollection']);

function attributesOf(user: User, verb: Verb, path: ResourcePath, query: URLSearchParams): Attributes {
  const { group, resource, subresource } = path;
  // A Role in a namespace can allow that Namespace itself.
  const namespace = path.namespace ?? (group === '' && resource === 'namespaces' ? path.name : undefined);
  const name = path.name ?? (selects.has(verb) ? /^metadata\.name==?([^,]+)$/.exec(query.get('fieldSelector') ?? '')?.[1] : undefined);
  return { user, verb, group, resource, ...(subresource && { subresource }), ...(namespace && { namespace }), ...(name && { name }) };
}

function failure(error: StatusError): Response {
  const retryAfter = error.details?.retryAfterSeconds;
  return new Response(JSON.stringify(statusBody(error)), {
    status: error.code,
    headers: { 'content-type': 'application/json', ...(retryAfter !== undefined && { 'retry-after': String(Math.ceil(retryAfter)) }) },
  });
}
