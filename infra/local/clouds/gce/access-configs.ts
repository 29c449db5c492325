import * as z from 'zod';
import { ApiError, invalid } from './errors.ts';
import { requireReserved, seenInstance, useAddress } from './instances.ts';
import { type ApiRequest, bodyOf, pathOf, requestIdOf } from './routes.ts';
import type { InstanceRow, World } from './world.ts';

const schema = z.looseObject({ type: z.literal('ONE_TO_ONE_NAT'), name: z.string().default('External NAT'), natIP: z.string().optional() });

/** Gives an instance an external address. The change can be seen at once; the operation takes its time all the same. */
export function addAccessConfig(world: World, request: ApiRequest): Record<string, unknown> {
  return change(world, request, 'addAccessConfig', (instance) => {
    const parsed = schema.safeParse(bodyOf(request));
    if (!parsed.success) throw invalid('accessConfig', '', parsed.error.issues[0]!.message);
    if (instance.access !== undefined) {
      throw new ApiError(400, 'invalid', 'At most one access config currently supported.');
    }
    const { name, natIP } = parsed.data;
    const address = natIP === undefined ? world.external.take() : requireReserved(world, request.project, request.scope, natIP);
    useAddress(world, address, instance.path);
    return { ...instance, access: { name, address, networkTier: 'PREMIUM' } };
  });
}

/** Takes the external address away: a reserved one is free again, another goes back to the cloud. */
export function deleteAccessConfig(world: World, request: ApiRequest): Record<string, unknown> {
  return change(world, request, 'deleteAccessConfig', (instance) => {
    const name = request.query.get('accessConfig') ?? '';
    const { access } = instance;
    if (access?.name !== name)
      throw new ApiError(400, 'invalid', `Invalid value for field 'accessConfig': '${name}'. No such access config.`);
    if (!useAddress(world, access.address, undefined)) world.external.giveBack(access.address);
    return { ...instance, access: undefined };
  });
}

function change(world: World, request: ApiRequest, type: string, apply: (instance: InstanceRow) => InstanceRow): Record<string, unknown> {
  const { project, scope, query } = request;
  const path = pathOf(project, scope, 'instances', request.name ?? '');
  const requestId = requestIdOf(request);
  const before = world.operations.repeated(requestId, type, path);
  if (before !== undefined) return before;
  const instance = seenInstance(world, path);
  const nic = query.get('networkInterface') ?? '';
  if (nic !== 'nic0') throw new ApiError(400, 'invalid', `Invalid value for field 'networkInterface': '${nic}'.`);
  const changed = apply(instance);
  world.instances.put(path, changed);
  world.nodes.setExternalAddress(instance.id, changed.access?.address);
  return world.operations.begin({ project, scope, type, target: { path, id: instance.id }, requestId });
}
