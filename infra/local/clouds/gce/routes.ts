import type { Call } from '../fake-server.ts';
import { ApiError } from './errors.ts';

/** Where a resource lives: `zones/us-central1-c`, `regions/us-central1` or `global`. */
export type Scope = string;

/** A request to the Compute Engine API, taken apart. */
export interface ApiRequest {
  readonly method: string;
  readonly project: string;
  readonly scope: Scope;
  /** `instances`, `operations`, ... */
  readonly collection: string;
  /** Absent: the collection itself. */
  readonly name: string | undefined;
  /** `addAccessConfig`; absent: the resource itself. */
  readonly action: string | undefined;
  readonly query: URLSearchParams;
  readonly body: string;
}

const path =
  /^\/compute\/v1\/projects\/(?<project>[^/]+)\/(?<scope>global|zones\/[^/]+|regions\/[^/]+)\/(?<collection>[a-zA-Z]+)(?:\/(?<name>[^/]+)(?:\/(?<action>[a-zA-Z]+))?)?$/;

/** Undefined: no such path. */
export function readRequest(call: Call): ApiRequest | undefined {
  const groups = path.exec(decodeURIComponent(call.url.pathname))?.groups;
  if (groups === undefined) return undefined;
  const { project = '', scope = '', collection = '', name, action } = groups;
  return { method: call.method, project, scope, collection, name, action, query: call.url.searchParams, body: call.body };
}

/** What faults match: `POST instances`, `GET operations`, `POST addAccessConfig`, `POST token`. */
export function nameOfCall(call: Call): string {
  const request = readRequest(call);
  if (request === undefined) return `${call.method} ${call.url.pathname.slice(1)}`;
  return `${request.method} ${request.action ?? request.collection}`;
}

/** The key of a handler, a star for the name: `POST zones/instances`, `GET regions/addresses/*`. */
export function routeOf({ method, scope, collection, name, action }: ApiRequest): string {
  const [kind] = scope.split('/');
  return [`${method} ${kind}/${collection}`, ...(name === undefined ? [] : ['*']), ...(action === undefined ? [] : [action])].join('/');
}

/** The JSON of the request. Throws 400. */
export function bodyOf({ body }: ApiRequest): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new ApiError(400, 'parseError', 'Parse Error');
  }
}

/** The key by which a request that was sent before is known. Throws 400 for what is no UUID, or the zero UUID. */
export function requestIdOf({ query }: ApiRequest): string | undefined {
  const id = query.get('requestId') ?? undefined;
  if (id === undefined || (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id) && /[1-9a-f]/i.test(id))) return id;
  throw new ApiError(400, 'invalid', `Invalid value for field 'requestId': '${id}'. It must be a UUID, and not the zero UUID.`);
}

const host = 'https://www.googleapis.com/compute/v1/';

/** `projects/talos-testbed/zones/us-central1-c/instances/a` */
export const pathOf = (project: string, scope: Scope, collection: string, name: string): string =>
  `projects/${project}/${scope}/${collection}/${name}`;

export const urlOf = (resource: string): string => `${host}${resource}`;

export const lastPart = (url: string): string => url.slice(url.lastIndexOf('/') + 1);
