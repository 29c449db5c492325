import type { Creation } from '../cloud-state.ts';
import type { Account, InstanceRecord, Tags } from './account.ts';
import { externalAddressOf, hostnameOf, stateOf, volumesOf } from './lifecycle.ts';

/** All that the fake holds, as `GET /_state` answers it. No user data: it is secret. */
export interface AwsState {
  readonly instances: readonly InstanceState[];
  /** Those that EC2 still shows though they are no more. */
  readonly terminated: readonly InstanceState[];
  readonly addresses: readonly { address: string; allocationId: string; tags: Tags; usedBy?: string }[];
  readonly securityGroups: readonly { id: string; name: string; region: string; tags: Tags; ports: readonly number[] }[];
  readonly disks: readonly { id: string; sizeGb: number; type: string; tags: Tags; attachedTo?: string }[];
  readonly networkInterfaces: readonly { id: string; attachedTo: string; tags: Tags }[];
  readonly keyPairs: readonly { id: string; name: string }[];
  readonly creations: readonly Creation[];
}

interface InstanceState {
  readonly id: string;
  readonly name: string;
  readonly state: string;
  readonly tags: Tags;
  /** External. */
  readonly address?: string;
  readonly privateAddress: string;
  readonly hostname: string;
  readonly zone: string;
  readonly type: string;
  readonly image: string;
  readonly keyName?: string;
  readonly groups: readonly string[];
  readonly launchedAt: string;
  readonly diskGb: readonly number[];
}

export function describeAccount(account: Account): AwsState {
  const instances = account.instances.all().map((instance) => describeInstance(account, instance));
  return {
    instances: instances.filter((instance) => instance.state !== 'terminated'),
    terminated: instances.filter((instance) => instance.state === 'terminated'),
    addresses: account.addresses
      .all()
      .map(({ publicIp, allocationId, tags, instanceId }) => ({ address: publicIp, allocationId, tags, usedBy: instanceId })),
    securityGroups: account.groups
      .all()
      .map(({ id, name, region, tags, ingress }) => ({ id, name, region, tags, ports: ingress.map((rule) => rule.from) })),
    disks: account.volumes.all().map(({ id, sizeGb, type, tags, instanceId }) => ({ id, sizeGb, type, tags, attachedTo: instanceId })),
    networkInterfaces: account.interfaces.all().map(({ id, instanceId, tags }) => ({ id, attachedTo: instanceId, tags })),
    keyPairs: account.keyPairs.all().map(({ id, name }) => ({ id, name })),
    creations: account.state.creations(),
  };
}

const describeInstance = (account: Account, instance: InstanceRecord): InstanceState => ({
  id: instance.id,
  name: instance.tags.Name ?? instance.id,
  state: stateOf(account, instance),
  tags: instance.tags,
  address: externalAddressOf(account, instance),
  privateAddress: instance.privateAddress,
  hostname: hostnameOf(instance),
  zone: instance.zone,
  type: instance.type,
  image: instance.imageId,
  keyName: instance.keyName,
  groups: instance.groups,
  launchedAt: new Date(instance.launchedAt).toISOString(),
  diskGb: volumesOf(account, instance).map((volume) => volume.sizeGb),
});
