import { DeleteVolumeCommand, DescribeVolumesCommand, TerminateInstancesCommand } from '@aws-sdk/client-ec2';
import type { Instance, InstanceRef, Memo } from '../provisioner.ts';
import { type Api, unless } from './api.ts';
import type { AwsConfig } from './config.ts';
import { findAll, findInstances, idIn, isAlive } from './find.ts';
import { mayBeHidden, readMemo } from './memo.ts';
import { byMachine } from './names.ts';

interface Removal {
  readonly gone: boolean;
  readonly says: string;
  readonly checkAgainIn: number;
}

/** Terminates all instances of the machine, and deletes the disks that outlive them. */
export async function removeInstance(api: Api, where: InstanceRef<AwsConfig>, memo: Memo | undefined): Promise<Removal> {
  const { region } = where.config;
  const found = await findEvery(api, where, memo);
  const alive = found.filter(isAlive).map((instance) => instance.id);
  if (alive.length > 0) {
    const command = new TerminateInstancesCommand({ InstanceIds: alive });
    await api.ask(`terminate ${alive.join(', ')}`, region, (ec2) => ec2.send(command));
    return { gone: false, says: `terminates ${alive.join(', ')}`, checkAgainIn: 1 };
  }
  const ending = found.filter((instance) => instance.state === 'Deleting').map((instance) => instance.id);
  if (ending.length > 0) return { gone: false, says: `${ending.join(', ')} shuts down`, checkAgainIn: 5 };
  const written = readMemo(memo);
  if (found.length === 0 && written !== undefined && mayBeHidden(written, api.settlingMs, api.clock.now()))
    return { gone: false, says: `waits until EC2 would show an instance of ${where.machine.name} if there were one`, checkAgainIn: 5 };
  return removeDisks(api, where);
}

/** By id and by uid: the one shows a new instance before the other does, the other shows twins. */
async function findEvery(api: Api, where: InstanceRef<AwsConfig>, memo: Memo | undefined): Promise<Instance[]> {
  const known = where.providerID ?? idIn(readMemo(memo));
  const doing = `look for instances of ${where.machine.name}`;
  const byId = known === undefined ? [] : await findInstances(api, where, known);
  const byUid = await findAll(api, doing, where.config.region, [byMachine(where)]);
  return [...new Map([...byId, ...byUid].map((instance) => [instance.id, instance])).values()];
}

/** An image may bring disks that do not go with their instance; they carry the machine's tags all the same. */
async function removeDisks(api: Api, where: InstanceRef<AwsConfig>): Promise<Removal> {
  const { region } = where.config;
  const Filters = [byMachine(where), { Name: 'status', Values: ['available'] }];
  const reply = await api.ask(`look for disks of ${where.machine.name}`, region, (ec2) =>
    ec2.send(new DescribeVolumesCommand({ Filters })),
  );
  const disks = (reply.Volumes ?? []).map((volume) => volume.VolumeId).filter((id) => id !== undefined);
  for (const VolumeId of disks) {
    await unless(
      ['InvalidVolume.NotFound'],
      api.ask(`delete ${VolumeId}`, region, (ec2) => ec2.send(new DeleteVolumeCommand({ VolumeId }))),
    );
  }
  if (disks.length > 0) return { gone: false, says: `deletes ${disks.join(', ')}`, checkAgainIn: 1 };
  return { gone: true, says: `nothing of ${where.machine.name} is left in EC2`, checkAgainIn: 0 };
}
