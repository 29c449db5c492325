import type { DesiredInstance, InstanceRef, Provisioner } from '../../shared/provisioners/provisioner.ts';
import type { Config } from '../plane/cloud.ts';
import type { Stage } from './stage.ts';

/** The cloud of the stage, seen from its own side. */

export const config: Config = { zone: 'east-1', image: 'talos-1' };
/** What a Cluster writes down once it had a machine there. */
export const places = { 'east/east-1': { platform: 'east', config } };

export const provisioner = ({ east, clock, random }: Stage): Provisioner<Config> => east.open({ credentials: 'good', clock, random });

/** Makes an instance for a machine of this uid; it is shown a few seconds later. */
export async function instanceFor(
  plane: Stage,
  name: string,
  uid: string,
  { address, cluster = 'c' }: { address?: string; cluster?: string } = {},
) {
  const { metadata } = await plane.cluster();
  const ref: InstanceRef<Config> = {
    cluster: { namespace: 'default', name: cluster, uid: cluster === 'c' ? metadata.uid! : `${cluster}-uid` },
    machine: { namespace: 'default', name, uid },
    config,
  };
  const desired: DesiredInstance<Config> = {
    ...ref,
    role: 'worker',
    userData: async () => '{}',
    ...(address !== undefined && { address }),
  };
  const { machines } = provisioner(plane);
  const { memo } = await machines.ensure(desired, undefined);
  await machines.ensure(desired, memo);
}

/** Names of the machines whose instance nobody deletes. */
export const living = ({ east }: Stage): string[] =>
  east.instances.filter(({ goneAt }) => goneAt === Number.POSITIVE_INFINITY).map(({ machineName }) => machineName);
