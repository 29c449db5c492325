import type { Fault } from '../faults.ts';
import { addAccessConfig, deleteAccessConfig } from './access-configs.ts';
import { notFound } from './errors.ts';
import { deleteInstance, insertInstance, isHidden, seenInstance } from './instances.ts';
import { find, insertAddress, insertFirewall, list, remove } from './resources.ts';
import { type ApiRequest, pathOf, routeOf } from './routes.ts';
import { addressView, diskView, firewallView, instanceView } from './views.ts';
import type { AddressRow, DiskRow, FirewallRow, InstanceRow, World } from './world.ts';

type Handler = (world: World, request: ApiRequest, fault: Fault | undefined) => unknown;

/** A fault with a code but no status lets the request be accepted, and its operation fail with that code. */
const failureOf = (fault: Fault | undefined) =>
  fault?.code === undefined ? undefined : { code: fault.code, message: fault.message ?? 'an injected failure' };

const removeResource: Handler = (world, request, fault) => remove(world, request, failureOf(fault));

const getOperation: Handler = (world, { project, scope, name = '' }) => {
  const operation = world.operations.find(project, scope, name);
  if (operation === undefined) throw notFound(pathOf(project, scope, 'operations', name));
  return operation;
};

/** All that the fake can do, by method, kind of place and collection; `*` is a name. */
const handlers: Readonly<Record<string, Handler>> = {
  'POST zones/instances': (world, request, fault) => insertInstance(world, request, failureOf(fault), fault?.hideFor),
  'GET zones/instances': (world, request) =>
    list(world, request, (row: InstanceRow) => (isHidden(world, row.path) ? undefined : instanceView(row, world.clock.now()))),
  'GET zones/instances/*': (world, { project, scope, name = '' }) =>
    instanceView(seenInstance(world, pathOf(project, scope, 'instances', name)), world.clock.now()),
  'DELETE zones/instances/*': (world, request, fault) => deleteInstance(world, request, failureOf(fault)),
  'POST zones/instances/*/addAccessConfig': addAccessConfig,
  'POST zones/instances/*/deleteAccessConfig': deleteAccessConfig,
  'GET zones/disks': (world, request) => list(world, request, diskView),
  'GET zones/disks/*': (world, request) => diskView(find<DiskRow>(world, request)),
  'DELETE zones/disks/*': removeResource,
  'POST regions/addresses': (world, request, fault) => insertAddress(world, request, failureOf(fault)),
  'GET regions/addresses': (world, request) => list(world, request, (row: AddressRow) => addressView(row, request.project)),
  'GET regions/addresses/*': (world, request) => addressView(find<AddressRow>(world, request), request.project),
  'DELETE regions/addresses/*': removeResource,
  'POST global/firewalls': (world, request, fault) => insertFirewall(world, request, failureOf(fault)),
  'GET global/firewalls': (world, request) => list(world, request, firewallView),
  'GET global/firewalls/*': (world, request) => firewallView(find<FirewallRow>(world, request)),
  'DELETE global/firewalls/*': removeResource,
  'GET zones/operations/*': getOperation,
  'GET regions/operations/*': getOperation,
  'GET global/operations/*': getOperation,
};

/** Carries a request out whole or not at all. Throws ApiError. */
export function handle(world: World, request: ApiRequest, fault: Fault | undefined): unknown {
  const handler = handlers[routeOf(request)];
  if (handler === undefined) throw notFound(`${request.method} ${request.collection}`);
  return world.state.atomically(() => handler(world, request, fault));
}
