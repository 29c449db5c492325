import type { InstanceRef, Memo } from '../provisioner.ts';
import { type Api, throwIfFailed, undefinedIfGone } from './api.ts';
import { pace } from './attempt.ts';
import type { GceInstance } from './clients.ts';
import type { GceConfig } from './config.ts';
import { findOurs, pendingInsert } from './lookups.ts';
import { labelKeys, type Place, placeOf, requestId, spell } from './names.ts';

interface Removed {
  readonly gone: boolean;
  readonly says: string;
  readonly checkAgainIn: number;
}

/** Begins or continues the deletion of an instance and its disks. Gone: it is not there, and nothing on its way will make it. */
export async function removeInstance(api: Api, where: InstanceRef<GceConfig>, memo: Memo | undefined): Promise<Removed> {
  const place = placeOf(where);
  const found = await findOurs(api, where);
  if (found !== undefined) return deleteInstance(api, place, found);

  const pending = await pendingInsert(api, place, memo);
  if (pending !== undefined) return { gone: false, says: `${spell(place)} cannot be deleted yet: it ${pending}`, checkAgainIn: 5 };
  return removeDisks(api, place, where.machine.uid);
}

async function deleteInstance(api: Api, place: Place, found: GceInstance): Promise<Removed> {
  const { project, zone, name } = place;
  const key = deletionKey(api, found.id);
  const what = `delete instance ${name}`;
  const operation = await api
    .begin(what, (clients, options) => clients.instances.delete({ project, zone, instance: name, requestId: key }, options))
    .catch(undefinedIfGone);
  if (operation === undefined) return { gone: false, says: `instance ${spell(place)} is gone`, checkAgainIn: 1 };
  throwIfFailed(what, operation);
  const begun = Date.parse(operation.insertTime ?? '') || api.clock.now();
  return {
    gone: false,
    says: `waits for operation ${operation.name} to delete ${spell(place)}`,
    checkAgainIn: pace(api.clock.now() - begun),
  };
}

/** Boot disks go with their instances; one that was left over, by an insert that failed half-way, goes here. */
async function removeDisks(api: Api, { project, zone, name }: Place, machineUid: string): Promise<Removed> {
  const filter = `labels.${labelKeys.machine}=${machineUid}`;
  const disks =
    (await api.find(`list disks of ${name}`, (clients, options) => clients.disks.list({ project, zone, filter }, options))) ?? [];
  for (const disk of disks) {
    if (disk.users?.length) continue;
    const request = { project, zone, disk: disk.name ?? '', requestId: deletionKey(api, disk.id) };
    const what = `delete disk ${disk.name}`;
    const operation = await api.begin(what, (clients, options) => clients.disks.delete(request, options)).catch(undefinedIfGone);
    if (operation !== undefined) throwIfFailed(what, operation);
  }
  if (disks.length === 0) return { gone: true, says: `nothing is left of ${name}`, checkAgainIn: 0 };
  return { gone: false, says: `waits for disks to go: ${disks.map((disk) => disk.name).join(', ')}`, checkAgainIn: 2 };
}

/** The same for two minutes, so that repeated calls find their one operation, and a failed one is tried again. */
const deletionKey = (api: Api, id: unknown): string => requestId('delete', String(id), Math.floor(api.clock.now() / 120_000));
