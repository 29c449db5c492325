import { Invalid, RetryLater } from '../../errors.ts';
import type { Address, InstanceRef, Memo } from '../provisioner.ts';
import { type Api, isDone } from './api.ts';
import { mayStillArrive, readAttempt } from './attempt.ts';
import type { GceInstance, GceOperation } from './clients.ts';
import type { GceConfig } from './config.ts';
import { labelKeys, lastPart, type Place, placeOf, regionOf } from './names.ts';

/** Whatever instance has the name. */
export const findInstance = (api: Api, { project, zone, name }: Place): Promise<GceInstance | undefined> =>
  api.find(`get instance ${name}`, (clients, options) => clients.instances.get({ project, zone, instance: name }, options));

/** The machine's own instance; a namesake is somebody else's, so that ours is not there. */
export async function findOurs(api: Api, where: InstanceRef<GceConfig>): Promise<GceInstance | undefined> {
  const found = await findInstance(api, placeOf(where));
  return found?.labels?.[labelKeys.machine] === where.machine.uid ? found : undefined;
}

/** Undefined: none was begun, or Compute Engine has forgotten it, as it does after some days. */
export async function findOperation(api: Api, { project, zone }: Place, name: string | undefined): Promise<GceOperation | undefined> {
  if (name === undefined) return undefined;
  return api.find(`get operation ${name}`, (clients, options) => clients.zoneOperations.get({ project, zone, operation: name }, options));
}

/** Why an instance that cannot be seen may be seen yet; undefined: nothing is on its way. */
export async function pendingInsert(api: Api, place: Place, memo: Memo | undefined): Promise<string | undefined> {
  const attempt = readAttempt(memo);
  if (attempt === undefined) return undefined;
  if (mayStillArrive(attempt, api.settlingMs, api.clock.now())) return 'may come of a request that was never answered';
  const operation = await findOperation(api, place, attempt.operation);
  return operation !== undefined && !isDone(operation) ? `is being inserted by operation ${operation.name}` : undefined;
}

/** The reserved address in the region of the config's zone; undefined: the project has none such there. */
export async function findReserved(api: Api, address: string, { project, zone }: GceConfig): Promise<Address | undefined> {
  const request = { project, region: regionOf(zone), filter: `address="${address}"` };
  const found = await api.find(`look up address ${address}`, (clients, options) => clients.addresses.list(request, options));
  const reserved = found?.find((candidate) => candidate.address === address);
  if (reserved === undefined) return undefined;
  const user = reserved.users?.[0];
  return { address, ...(user !== undefined && { usedBy: lastPart(user) }) };
}

/** Throws unless the address is reserved and no other instance has it. */
export async function requireFree(api: Api, address: string, where: InstanceRef<GceConfig>): Promise<void> {
  const { project, zone } = where.config;
  const reserved = await findReserved(api, address, where.config);
  if (reserved === undefined) {
    throw new Invalid(
      `project ${project} has reserved no address ${address} in ${regionOf(zone)}: reserve it, or put one that is reserved into masters.ips`,
    );
  }
  if (reserved.usedBy === undefined || reserved.usedBy === placeOf(where).name) return;
  throw new RetryLater(`address ${address} is in use by ${reserved.usedBy}`);
}
