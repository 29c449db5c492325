import { DescribeInstancesCommand, type Instance as Ec2Instance, type Filter } from '@aws-sdk/client-ec2';
import { RetryLater } from '../../errors.ts';
import type { Instance, InstanceRef, InstanceState, MachineAddress, Memo } from '../provisioner.ts';
import { type Api, unless } from './api.ts';
import type { AwsConfig } from './config.ts';
import { mayBeHidden, readMemo } from './memo.ts';
import { byMachine, instanceIdOf, providerID, tagKeys } from './names.ts';

/** The machine's instances, the one to keep first: by its id if that is known, else, or if EC2 knows no such id, by the uid. */
export async function findInstances(api: Api, where: InstanceRef<AwsConfig>, known: string | undefined): Promise<Instance[]> {
  const { region } = where.config;
  if (known !== undefined) {
    const InstanceIds = [instanceIdOf(known)];
    const reply = await unless(
      ['InvalidInstanceID.NotFound'],
      api.ask(`look for ${InstanceIds[0]}`, region, (ec2) => ec2.send(new DescribeInstancesCommand({ InstanceIds }))),
    );
    if (reply !== undefined) return toInstances(reply.Reservations);
  }
  return findAll(api, `look for the instance of ${where.machine.name}`, region, [byMachine(where)]);
}

/** All pages. */
export async function findAll(api: Api, doing: string, region: string, Filters: Filter[]): Promise<Instance[]> {
  const found: Instance[] = [];
  let NextToken: string | undefined;
  do {
    const command = new DescribeInstancesCommand({ Filters, MaxResults: 1000, NextToken });
    const reply = await api.ask(doing, region, (ec2) => ec2.send(command));
    found.push(...toInstances(reply.Reservations));
    NextToken = reply.NextToken;
  } while (NextToken);
  return found.sort(bestFirst);
}

/** The machine's instance. Undefined: there is none; throws RetryLater while a new one may still be hidden. */
export async function getInstance(api: Api, where: InstanceRef<AwsConfig>, memo: Memo | undefined): Promise<Instance | undefined> {
  const written = readMemo(memo);
  const [instance] = await findInstances(api, where, where.providerID ?? idIn(written));
  if (instance === undefined && written !== undefined && mayBeHidden(written, api.settlingMs, api.clock.now()))
    throw new RetryLater(`EC2 shows no instance of ${where.machine.name}, but may not show a new one yet`, { retryAfter: 5 });
  return instance;
}

/** The providerID that was written down. */
export const idIn = (memo: ReturnType<typeof readMemo>): string | undefined =>
  memo !== undefined && 'providerID' in memo ? memo.providerID : undefined;

export const isAlive = (instance: Instance): boolean => instance.state !== 'Deleting' && instance.state !== 'Deleted';

const rank: Readonly<Record<InstanceState, number>> = { Running: 0, Pending: 0, Stopped: 0, Deleting: 1, Deleted: 2 };

/** Living ones first, and of those the oldest: a twin is the younger one. */
const bestFirst = (a: Instance, b: Instance): number =>
  rank[a.state] - rank[b.state] || (a.createdAt ?? 0) - (b.createdAt ?? 0) || (a.id < b.id ? -1 : 1);

const toInstances = (reservations: { Instances?: Ec2Instance[] }[] | undefined): Instance[] =>
  (reservations ?? []).flatMap((reservation) => reservation.Instances ?? []).map(toInstance);

const states: Readonly<Record<string, InstanceState>> = {
  pending: 'Pending',
  running: 'Running',
  stopping: 'Stopped',
  stopped: 'Stopped',
  'shutting-down': 'Deleting',
  terminated: 'Deleted',
};

export function toInstance(instance: Ec2Instance): Instance {
  const id = instance.InstanceId ?? '';
  const tag = (key: string): string | undefined => instance.Tags?.find((one) => one.Key === key)?.Value;
  const [machineUid, clusterUid] = [tag(tagKeys.machineUid), tag(tagKeys.clusterUid)];
  const machineName = tag(tagKeys.machine)?.split('/')[1];
  return {
    id,
    providerID: providerID(instance.Placement?.AvailabilityZone ?? '', id),
    state: states[instance.State?.Name ?? ''] ?? 'Pending',
    addresses: addressesOf(instance),
    ...(machineUid !== undefined && { machineUid }),
    ...(machineName !== undefined && { machineName }),
    ...(clusterUid !== undefined && { clusterUid }),
    ...(instance.LaunchTime !== undefined && { createdAt: instance.LaunchTime.getTime() }),
  };
}

function addressesOf(instance: Ec2Instance): MachineAddress[] {
  const addresses: MachineAddress[] = [];
  const add = (type: MachineAddress['type'], address: string | undefined): void => {
    if (address && !addresses.some((known) => known.type === type && known.address === address)) addresses.push({ type, address });
  };
  for (const { PrivateIpAddress, Association, Ipv6Addresses } of instance.NetworkInterfaces ?? []) {
    add('InternalIP', PrivateIpAddress);
    add('ExternalIP', Association?.PublicIp);
    for (const { Ipv6Address } of Ipv6Addresses ?? []) add('InternalIP', Ipv6Address);
  }
  add('InternalIP', instance.PrivateIpAddress);
  add('ExternalIP', instance.PublicIpAddress);
  // What Talos calls the node: ip-172-31-36-224 of ip-172-31-36-224.us-west-2.compute.internal.
  add('Hostname', instance.PrivateDnsName?.split('.')[0]);
  add('InternalDNS', instance.PrivateDnsName);
  add('ExternalDNS', instance.PublicDnsName);
  return addresses;
}
