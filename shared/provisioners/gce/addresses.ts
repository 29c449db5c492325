import { RetryLater } from '../../errors.ts';
import type { InstanceRef, Provisioner } from '../provisioner.ts';
import { type Api, throwIfFailed, undefinedIfGone } from './api.ts';
import type { GceInstance } from './clients.ts';
import type { GceConfig } from './config.ts';
import { accessConfig } from './instance.ts';
import { findOurs, requireFree } from './lookups.ts';
import { type Place, placeOf, requestId, spell } from './names.ts';

type Attached = Awaited<ReturnType<Provisioner['addresses']['attach']>>;

/**
 * An instance gets its reserved address when it is inserted, so this only looks; one that has another address (an
 * operator took it away) loses that first, since an interface has room for one.
 */
export async function attachAddress(api: Api, address: string, where: InstanceRef<GceConfig>): Promise<Attached> {
  const place = placeOf(where);
  const found = await findOurs(api, where);
  if (found === undefined) throw new RetryLater(`address ${address} waits for instance ${spell(place)}, which is not there`);
  const current = accessOf(found);
  if (current?.natIP === address) return { settled: true, says: `${spell(place)} has address ${address}`, checkAgainIn: 0 };
  await requireFree(api, address, where);
  if (current !== undefined) await takeAccess(api, place, found, current.name);
  else await giveAccess(api, place, found, address);
  return { settled: false, says: `gives address ${address} to ${spell(place)}`, checkAgainIn: 2 };
}

/** Takes the address from the instance if it has it; it stays reserved. */
export async function detachAddress(api: Api, address: string, where: InstanceRef<GceConfig>): Promise<void> {
  const place = placeOf(where);
  const found = await findOurs(api, where);
  const current = found && accessOf(found);
  if (found === undefined || current?.natIP !== address) return;
  await takeAccess(api, place, found, current.name).catch(undefinedIfGone);
}

const accessOf = (found: GceInstance) => found.networkInterfaces?.[0]?.accessConfigs?.[0];

const nic = (found: GceInstance): string => found.networkInterfaces?.[0]?.name ?? 'nic0';

async function takeAccess(api: Api, { project, zone, name }: Place, found: GceInstance, access: string | null | undefined) {
  const request = {
    project,
    zone,
    instance: name,
    networkInterface: nic(found),
    accessConfig: access ?? 'External NAT',
    requestId: changeKey(api, found.id, 'take'),
  };
  const what = `take the external address from ${name}`;
  throwIfFailed(what, await api.begin(what, (clients, options) => clients.instances.deleteAccessConfig(request, options)));
}

async function giveAccess(api: Api, { project, zone, name }: Place, found: GceInstance, address: string) {
  const request = {
    project,
    zone,
    instance: name,
    networkInterface: nic(found),
    accessConfigResource: accessConfig(address),
    requestId: changeKey(api, found.id, address),
  };
  const what = `give address ${address} to ${name}`;
  throwIfFailed(what, await api.begin(what, (clients, options) => clients.instances.addAccessConfig(request, options)));
}

/** The same for a minute, so that repeated calls find their one operation while it runs. */
const changeKey = (api: Api, id: unknown, change: string): string =>
  requestId('access', String(id), change, Math.floor(api.clock.now() / 60_000));
