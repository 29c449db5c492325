import { createHash } from 'node:crypto';
import type { Filter, Tag } from '@aws-sdk/client-ec2';
import type { ClusterRef, DesiredInstance, InstanceRef } from '../provisioner.ts';

/** Tag keys by which all that we made is found again. */
export const tagKeys = {
  clusterUid: 'plastron.dev/cluster-uid',
  machineUid: 'plastron.dev/machine-uid',
  machine: 'plastron.dev/machine',
  role: 'plastron.dev/role',
} as const;

/** The tags of a machine's instance, volumes and interface. */
export function machineTags({ cluster, machine, role }: Pick<DesiredInstance, 'cluster' | 'machine' | 'role'>): Tag[] {
  return toTags({
    Name: machine.name,
    [`kubernetes.io/cluster/${cluster.name}`]: 'owned',
    [tagKeys.clusterUid]: cluster.uid,
    [tagKeys.machineUid]: machine.uid,
    [tagKeys.machine]: `${machine.namespace}/${machine.name}`,
    [tagKeys.role]: role,
  });
}

export const clusterTags = (cluster: ClusterRef): Tag[] =>
  toTags({
    Name: firewallName(cluster),
    [`kubernetes.io/cluster/${cluster.name}`]: 'owned',
    [tagKeys.clusterUid]: cluster.uid,
  });

const toTags = (tags: Readonly<Record<string, string>>): Tag[] => Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));

export const byTag = (key: string, value: string): Filter => ({ Name: `tag:${key}`, Values: [value] });
/** By uid alone: a machine is found though its Cluster is gone, or its name was used before. */
export const byMachine = ({ machine }: Pick<InstanceRef, 'machine'>): Filter => byTag(tagKeys.machineUid, machine.uid);
export const byCluster = (cluster: ClusterRef): Filter => byTag(tagKeys.clusterUid, cluster.uid);

/** The security group of a cluster's masters: `plastron-talos-7d6b9a52`. */
export const firewallName = (cluster: ClusterRef): string => `plastron-${cluster.name}-${cluster.uid.slice(0, 8)}`;

/** EC2 takes a client token of 64 characters at most: a pure function of the machine and the attempt. */
export const clientToken = (machineUid: string, attempt: number): string =>
  createHash('sha256').update(`${machineUid}/${attempt}`).digest('hex');

/** `aws:///us-west-2a/i-0123456789abcdef0` */
export const providerID = (zone: string, instanceId: string): string => `aws:///${zone}/${instanceId}`;
export const instanceIdOf = (id: string): string => id.slice(id.lastIndexOf('/') + 1);
