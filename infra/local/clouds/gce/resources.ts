import * as z from 'zod';
import { alreadyExists, inUse, invalid, notFound } from './errors.ts';
import { type Filterable, filterOf } from './filter.ts';
import type { Failure } from './instances.ts';
import { type ApiRequest, bodyOf, pathOf, requestIdOf, urlOf } from './routes.ts';
import { type AddressRow, anyProject, type FirewallRow, type Resource, type World } from './world.ts';

const name = z.string().regex(/^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/);
const addressBody = z.looseObject({ name, address: z.never('an address of your choice cannot be reserved here').optional() });
const firewallBody = z.looseObject({
  name,
  network: z.string().regex(/global\/networks\/[a-z][-a-z0-9]*$/),
  direction: z.enum(['INGRESS', 'EGRESS']).default('INGRESS'),
  sourceRanges: z.array(z.string().regex(/^[0-9a-f.:]+\/\d{1,3}$/)).min(1),
  allowed: z.array(z.looseObject({ IPProtocol: z.string(), ports: z.array(z.string().regex(/^\d+(-\d+)?$/)).optional() })).min(1),
  targetTags: z.array(name).optional(),
});

/** Reserves a new address; it is the caller's, in this project and region. */
export function insertAddress(world: World, request: ApiRequest, failure: Failure): Record<string, unknown> {
  const body = readBody(addressBody, request);
  return insert(world, request, failure, body.name, (row) => ({ ...row, address: world.external.take(), user: undefined }));
}

export function insertFirewall(world: World, request: ApiRequest, failure: Failure): Record<string, unknown> {
  const body = readBody(firewallBody, request);
  return insert(world, request, failure, body.name, (row) => ({ ...row, rule: body }));
}

function readBody<S extends z.ZodObject>(schema: S, request: ApiRequest): z.output<S> {
  const parsed = schema.safeParse(bodyOf(request));
  if (parsed.success) return parsed.data;
  const { path, message } = parsed.error.issues[0]!;
  throw invalid(path.join('.'), '', message);
}

function insert(
  world: World,
  request: ApiRequest,
  failure: Failure,
  named: string,
  complete: (row: Resource) => AddressRow | FirewallRow,
): Record<string, unknown> {
  const { project, scope, collection } = request;
  const path = pathOf(project, scope, collection, named);
  const requestId = requestIdOf(request);
  const before = world.operations.repeated(requestId, 'insert', path);
  if (before !== undefined) return before;
  if (world.state.table(collection).get(path) !== undefined || world.operations.changes(path)) throw alreadyExists(path);
  const row = complete({ path, id: world.newId(), name: named, project, scope, createdAt: world.clock.now() });
  // It shows when the operation has ended.
  const effect = { table: collection, key: path, row };
  return world.operations.begin({ project, scope, type: 'insert', target: { path, id: row.id }, requestId, failure, effect });
}

/** Begins to delete a disk, an address or a firewall rule; one that an instance uses stays. */
export function remove(world: World, request: ApiRequest, failure: Failure): Record<string, unknown> {
  const { project, scope, collection } = request;
  const path = pathOf(project, scope, collection, request.name ?? '');
  const requestId = requestIdOf(request);
  const before = world.operations.repeated(requestId, 'delete', path);
  if (before !== undefined) return before;
  const row = find(world, request);
  if (row.user !== undefined) {
    throw inUse(`The ${collection} resource '${path}' is already being used by '${row.user}'`);
  }
  const effect = { table: collection, key: row.path };
  return world.operations.begin({ project, scope, type: 'delete', target: { path, id: row.id }, requestId, failure, effect });
}

type Found = Resource & { readonly user?: string | undefined };

/** The resource that the request names. Throws 404. */
export function find<T extends Found>(world: World, { project, scope, collection, name: named = '' }: ApiRequest): T {
  const table = world.state.table<T>(collection);
  const path = pathOf(project, scope, collection, named);
  const row = table.get(path) ?? table.get(pathOf(anyProject, scope, collection, named));
  if (row === undefined) throw notFound(path);
  return row;
}

/** One page of a list: filtered, in order of name. A page token is the name that the page begins after. */
export function list<T extends Resource, W extends Filterable>(
  world: World,
  { project, scope, collection, query }: ApiRequest,
  view: (row: T) => W | undefined,
): Record<string, unknown> {
  const matches = filterOf(query.get('filter'));
  const after = query.get('pageToken') ?? '';
  const limit = Math.min(Number(query.get('maxResults') ?? world.pageSize), world.pageSize);
  const found = world.state
    .table<T>(collection)
    .all()
    .filter((row) => row.scope === scope && [project, anyProject].includes(row.project))
    .flatMap((row) => view(row) ?? [])
    .filter((wire) => matches(wire) && wire.name > after)
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const items = found.slice(0, limit);
  return {
    kind: `compute#${collection}List`,
    id: `projects/${project}/${scope}/${collection}`,
    items,
    selfLink: urlOf(`projects/${project}/${scope}/${collection}`),
    ...(found.length > limit && { nextPageToken: items.at(-1)?.name }),
  };
}
