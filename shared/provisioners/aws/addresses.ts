import {
  AssociateAddressCommand,
  DescribeAddressesCommand,
  DisassociateAddressCommand,
  type Address as Ec2Address,
} from '@aws-sdk/client-ec2';
import { Invalid } from '../../errors.ts';
import type { Address, InstanceRef } from '../provisioner.ts';
import { type Api, unless } from './api.ts';
import type { AwsConfig } from './config.ts';
import { findAll, findInstances } from './find.ts';
import { byMachine, instanceIdOf } from './names.ts';

/** Elastic IPs that the user has reserved: used and given back, never released. */

export async function getAddress(api: Api, address: string, { region }: AwsConfig): Promise<Address | undefined> {
  const found = await findAddress(api, address, region);
  if (found === undefined) return undefined;
  return { address, ...(found.InstanceId && { usedBy: found.InstanceId }) };
}

interface Attached {
  readonly settled: boolean;
  readonly says: string;
  readonly checkAgainIn: number;
}

export async function attachAddress(api: Api, address: string, where: InstanceRef<AwsConfig>): Promise<Attached> {
  const { region } = where.config;
  const [instance] = await findInstances(api, where, where.providerID);
  if (instance?.state !== 'Running') return { settled: false, says: `${address} waits for ${where.machine.name} to run`, checkAgainIn: 2 };
  const found = await findAddress(api, address, region);
  if (found === undefined)
    throw new Invalid(`${address} is not an Elastic IP of this account in ${region}: reserve it, or write one that is`);
  if (found.InstanceId === instance.id) return { settled: true, says: `${instance.id} has ${address}`, checkAgainIn: 0 };
  // A master that is being replaced keeps its address until it is gone: it is waited for, not robbed.
  if (found.InstanceId) return { settled: false, says: `${address} is still used by ${found.InstanceId}`, checkAgainIn: 5 };
  const command = new AssociateAddressCommand({ AllocationId: found.AllocationId, InstanceId: instance.id, AllowReassociation: false });
  await api.ask(`give ${address} to ${instance.id}`, region, (ec2) => ec2.send(command));
  return { settled: false, says: `gives ${address} to ${instance.id}`, checkAgainIn: 1 };
}

export async function detachAddress(api: Api, address: string, where: InstanceRef<AwsConfig>): Promise<void> {
  const { region } = where.config;
  const found = await findAddress(api, address, region);
  const { InstanceId, AssociationId } = found ?? {};
  if (!InstanceId || !AssociationId || !(await isOurs(api, where, InstanceId))) return;
  await unless(
    ['InvalidAssociationID.NotFound'],
    api.ask(`take ${address} from ${InstanceId}`, region, (ec2) => ec2.send(new DisassociateAddressCommand({ AssociationId }))),
  );
}

async function isOurs(api: Api, where: InstanceRef<AwsConfig>, instanceId: string): Promise<boolean> {
  if (where.providerID !== undefined) return instanceIdOf(where.providerID) === instanceId;
  const ours = await findAll(api, `look for instances of ${where.machine.name}`, where.config.region, [byMachine(where)]);
  return ours.some((instance) => instance.id === instanceId);
}

/** By a filter, which answers nothing where the address given by itself would be an error. */
async function findAddress(api: Api, address: string, region: string): Promise<Ec2Address | undefined> {
  const command = new DescribeAddressesCommand({ Filters: [{ Name: 'public-ip', Values: [address] }] });
  const { Addresses } = await api.ask(`look up address ${address}`, region, (ec2) => ec2.send(command));
  return Addresses?.[0];
}
