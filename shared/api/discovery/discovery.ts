import type { Kind } from '../../kinds/define-kind.ts';
import type { Subresource } from '../call.ts';
import { accepts, type Form, negotiateVersion } from '../request/negotiate.ts';
import { prefixOf } from '../request/prefix.ts';
import { methodNotAllowed } from '../status.ts';
import { respond } from '../view/present.ts';
import { aggregatedDiscovery, aggregatedType } from './aggregated.ts';
import { healthAt } from './health.ts';
import { type OpenApi, openApiOf } from './openapi.ts';
import { apiGroup, apiGroupList, apiResourceList, apiVersions, rootPaths } from './plain.ts';
import { tagged } from './tagged.ts';

/** kubectl warns about servers that are more than one minor version away from it. */
export const version = {
  major: '1',
  minor: '35',
  gitVersion: 'v1.35.0+plastron',
  gitCommit: '',
  gitTreeState: 'clean',
  buildDate: '1970-01-01T00:00:00Z',
  goVersion: '',
  compiler: '',
  platform: '',
} as const;

/** What answers questions about the API itself. Undefined: the path is not one of these. */
export type Discovery = (request: Request, url: URL) => Response | undefined;

/** Everything here follows from the kinds, is made when it is first asked for, and then kept. */
export function createDiscoveryRoutes(kinds: readonly Kind[], subresources: readonly Subresource[]): Discovery {
  const core = kinds.filter((kind) => kind.group === '');
  const groups = kinds.filter((kind) => kind.group !== '');
  let made: OpenApi | undefined;
  const openApi = () => (made ??= openApiOf(kinds));

  const answer: Discovery = (request, { pathname, searchParams }) => {
    const path = pathname.replace(/\/+/g, '/').replace(/\/$/, '') || '/';
    const health = healthAt(path, searchParams);
    if (health !== undefined) return health;
    if (path === '/') return respond(rootPaths(kinds));
    if (path === '/version') return respond(version);
    if (path === '/api') return aggregated(request, core, subresources) ?? respond(apiVersions);
    if (path === '/apis') return aggregated(request, groups, subresources) ?? respond(apiGroupList(kinds));
    if (path === '/openapi/v2') return openApiV2(request);
    if (path === '/openapi/v3') return tagged(request, openApi().indexAt(prefixOf(request)), json);
    if (path.startsWith('/openapi/v3/')) return openApiDocument(openApi(), path.slice('/openapi/v3/'.length), request);
    const [root, first = '', second, ...more] = path.split('/').slice(1);
    if (more.length > 0) return undefined;
    if (root === 'api' && second === undefined) return found(apiResourceList(kinds, subresources, '', first));
    if (root === 'apis') return found(second === undefined ? apiGroup(kinds, first) : apiResourceList(kinds, subresources, first, second));
    return undefined;
  };

  return (request, url) => {
    const response = answer(request, url);
    if (response !== undefined && request.method !== 'GET' && request.method !== 'HEAD') throw methodNotAllowed();
    return response;
  };
}

const discoveryForms: readonly Form[] = ['Object', 'APIGroupDiscoveryList'];

/** Undefined: it is not asked for in this form. */
function aggregated(request: Request, kinds: readonly Kind[], subresources: readonly Subresource[]): Response | undefined {
  const { form, version } = negotiateVersion(request.headers.get('accept'), discoveryForms);
  if (form !== 'APIGroupDiscoveryList') return undefined;
  const body = JSON.stringify(aggregatedDiscovery(kinds, subresources, version));
  return tagged(request, body, { 'content-type': aggregatedType(version) });
}

const found = (document: Record<string, unknown> | undefined): Response | undefined => document && respond(document);

const json = { 'content-type': 'application/json' };

const v2Type = 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf';

/** Clients before 1.28 fail without it and are content with an empty one. JSON in its place would be fatal to them. */
function openApiV2(request: Request): Response | undefined {
  const offered = ['application/com.github.proto-openapi.spec.v2@v1.0+protobuf', v2Type];
  if (!offered.some((type) => accepts(request.headers.get('accept'), type))) return undefined;
  return new Response(new Uint8Array(), { headers: { 'content-type': v2Type } });
}

/** A document that is asked for by its hash never changes: kubectl keeps it on disk. */
function openApiDocument({ documents }: OpenApi, path: string, request: Request): Response | undefined {
  const document = documents.get(path);
  if (document === undefined) return undefined;
  const forever = new URL(request.url).searchParams.get('hash') === document.hash;
  const caching = forever && { 'cache-control': 'public, immutable', expires: 'Fri, 31 Dec 2100 23:59:59 GMT' };
  return tagged(request, document.text, { ...json, ...caching }, document.hash);
}
