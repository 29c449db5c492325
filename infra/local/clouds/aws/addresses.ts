import { type Account, type AddressRecord, newId } from './account.ts';
import { filtersOf, tagsFor } from './filters.ts';
import { requireInstance } from './instances.ts';
import { elasticAddressOf, externalAddressOf, stateOf } from './lifecycle.ts';
import type { Action } from './protocol.ts';
import { Ec2Error, type Params, tagSet } from './wire.ts';

/** Elastic IPs. */

export const describeAddresses: Action = (account, { params, region }) => {
  const [ips, ids] = [params.list('PublicIp'), params.list('AllocationId')];
  const known = ofRegion(account, region);
  for (const ip of ips) {
    if (!known.some((address) => address.publicIp === ip)) throw new Ec2Error(400, 'InvalidAddress.NotFound', `Address '${ip}' not found.`);
  }
  const passes = filtersOf(params);
  const found = known
    .filter((address) => ips.length === 0 || ips.includes(address.publicIp))
    .filter((address) => ids.length === 0 || ids.includes(address.allocationId))
    .filter((address) => passes(address.tags, filterable(address)));
  return {
    addressesSet: found.map((address) => ({
      publicIp: address.publicIp,
      allocationId: address.allocationId,
      domain: 'vpc',
      instanceId: address.instanceId,
      associationId: address.associationId,
      networkInterfaceId: account.instances.get(address.instanceId ?? '')?.interfaceId,
      privateIpAddress: account.instances.get(address.instanceId ?? '')?.privateAddress,
      tagSet: tagSet(address.tags),
    })),
  };
};

export const allocateAddress: Action = (account, { params, region }) => {
  const address: AddressRecord = {
    allocationId: newId(account, 'eipalloc'),
    publicIp: account.externalPool.take(),
    region,
    tags: tagsFor(params, 'elastic-ip'),
  };
  account.addresses.put(address.allocationId, address);
  return { publicIp: address.publicIp, domain: 'vpc', allocationId: address.allocationId };
};

export const associateAddress: Action = (account, { params, region }) => {
  const address = requireAddress(account, region, params);
  const instance = requireInstance(account, region, params.required('InstanceId'));
  if (stateOf(account, instance) !== 'running')
    throw new Ec2Error(
      400,
      'InvalidInstanceID',
      `The ${stateOf(account, instance)} instance '${instance.id}' is not in a valid state for this operation.`,
    );
  if (address.instanceId === instance.id) return { return: true, associationId: address.associationId };
  const mayTake = (params.text('AllowReassociation') ?? 'true') === 'true';
  if (address.instanceId !== undefined && !mayTake)
    throw new Ec2Error(
      400,
      'Resource.AlreadyAssociated',
      `resource ${address.allocationId} is already associated with associate-id ${address.associationId}`,
    );

  const associationId = newId(account, 'eipassoc');
  account.state.atomically(() => {
    if (address.instanceId !== undefined) freeFrom(account, address);
    const other = elasticAddressOf(account, instance.id);
    if (other !== undefined) account.addresses.put(other.allocationId, { ...other, associationId: undefined, instanceId: undefined });
    account.addresses.put(address.allocationId, { ...address, associationId, instanceId: instance.id });
    if (instance.publicAddress !== undefined) account.externalPool.giveBack(instance.publicAddress);
    account.instances.put(instance.id, { ...instance, publicAddress: undefined });
  });
  account.nodes.setExternalAddress(instance.id, address.publicIp);
  return { return: true, associationId };
};

export const disassociateAddress: Action = (account, { params, region }) => {
  const associationId = params.required('AssociationId');
  const address = ofRegion(account, region).find((one) => one.associationId === associationId);
  if (address === undefined)
    throw new Ec2Error(400, 'InvalidAssociationID.NotFound', `The association ID '${associationId}' does not exist`);
  account.state.atomically(() => freeFrom(account, address));
  return { return: true };
};

/** Takes the address from its instance, which gets one of EC2's own instead. */
function freeFrom(account: Account, address: AddressRecord): void {
  account.addresses.put(address.allocationId, { ...address, associationId: undefined, instanceId: undefined });
  const instance = account.instances.get(address.instanceId ?? '');
  if (instance === undefined || instance.terminatedAt !== undefined) return;
  const now = { ...instance, publicAddress: account.externalPool.take() };
  account.instances.put(instance.id, now);
  account.nodes.setExternalAddress(instance.id, externalAddressOf(account, now));
}

export const releaseAddress: Action = (account, { params, region }) => {
  const address = requireAddress(account, region, params);
  if (address.associationId !== undefined) throw new Ec2Error(400, 'InvalidIPAddress.InUse', `Address '${address.publicIp}' is in use.`);
  account.addresses.delete(address.allocationId);
  account.externalPool.giveBack(address.publicIp);
  return { return: true };
};

function requireAddress(account: Account, region: string, params: Params): AddressRecord {
  const id = params.required('AllocationId');
  const address = ofRegion(account, region).find((one) => one.allocationId === id);
  if (address === undefined) throw new Ec2Error(400, 'InvalidAllocationID.NotFound', `The allocation ID '${id}' does not exist`);
  return address;
}

const ofRegion = (account: Account, region: string): AddressRecord[] =>
  account.addresses.all().filter((address) => (address.region ?? region) === region);

const filterable = (address: AddressRecord) => ({
  'public-ip': address.publicIp,
  'allocation-id': address.allocationId,
  'instance-id': address.instanceId,
  'association-id': address.associationId,
});
