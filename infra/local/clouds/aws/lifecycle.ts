import type { PoweredMachine } from '../node-host.ts';
import type { Account, AddressRecord, InstanceRecord, VolumeRecord } from './account.ts';
import { defaultSubnets } from './geography.ts';

/** What instances become as time passes. No timers: each look at the account first brings it up to the clock. */

export type InstanceState = 'pending' | 'running' | 'shutting-down' | 'terminated';
export const stateCodes: Readonly<Record<InstanceState, number>> = { pending: 0, running: 16, 'shutting-down': 32, terminated: 48 };

export function stateOf(account: Account, instance: InstanceRecord): InstanceState {
  const now = account.clock.now();
  if (instance.terminatedAt !== undefined) {
    return now < instance.terminatedAt + account.timing.shuttingDownMs ? 'shutting-down' : 'terminated';
  }
  return now < instance.launchedAt + account.timing.pendingMs ? 'pending' : 'running';
}

/** Terminated instances are shown for an hour. */
const shownMs = 3_600_000;

/** Lets go of what ended instances had, and forgets those that ended long ago. */
export function catchUp(account: Account): void {
  for (const instance of account.instances.all()) {
    if (instance.terminatedAt === undefined || stateOf(account, instance) !== 'terminated') continue;
    if (account.interfaces.get(instance.interfaceId) !== undefined) releaseHardware(account, instance);
    if (account.clock.now() >= instance.terminatedAt + shownMs) account.instances.delete(instance.id);
  }
}

function releaseHardware(account: Account, instance: InstanceRecord): void {
  account.state.atomically(() => {
    for (const volume of volumesOf(account, instance)) {
      if (volume.deleteOnTermination) account.volumes.delete(volume.id);
      else account.volumes.put(volume.id, { ...volume, instanceId: undefined });
    }
    account.interfaces.delete(instance.interfaceId);
    account.userData.delete(instance.id);
  });
  privatePoolOf(account, instance).giveBack(instance.privateAddress);
}

/** Begins the end of an instance: it is switched off and its addresses are free at once, its hardware when it has shut down. */
export function terminate(account: Account, instance: InstanceRecord): void {
  if (instance.terminatedAt !== undefined) return;
  account.state.atomically(() => {
    const elastic = elasticAddressOf(account, instance.id);
    if (elastic !== undefined) account.addresses.put(elastic.allocationId, { ...elastic, associationId: undefined, instanceId: undefined });
    account.instances.put(instance.id, { ...instance, publicAddress: undefined, terminatedAt: account.clock.now() });
  });
  if (instance.publicAddress !== undefined) account.externalPool.giveBack(instance.publicAddress);
  account.nodes.powerOff(instance.id);
}

export const elasticAddressOf = (account: Account, instanceId: string): AddressRecord | undefined =>
  account.addresses.all().find((address) => address.instanceId === instanceId);

export const externalAddressOf = (account: Account, instance: InstanceRecord): string | undefined =>
  elasticAddressOf(account, instance.id)?.publicIp ?? instance.publicAddress;

export const volumesOf = (account: Account, instance: InstanceRecord): VolumeRecord[] =>
  instance.volumeIds.map((id) => account.volumes.get(id)).filter((volume) => volume !== undefined);

/** `ip-172-31-36-224` */
export const hostnameOf = (instance: InstanceRecord): string => `ip-${instance.privateAddress.replaceAll('.', '-')}`;

export function privatePoolOf(account: Account, where: { readonly region: string; readonly subnetId: string }) {
  const subnet = defaultSubnets(where.region).find((one) => one.id === where.subnetId);
  return account.privatePools.get(subnet?.cidr ?? '')!;
}

export function poweredMachine(account: Account, instance: InstanceRecord): PoweredMachine {
  return {
    cloud: 'aws',
    id: instance.id,
    instanceName: instance.tags.Name ?? instance.id,
    hostname: hostnameOf(instance),
    privateAddress: instance.privateAddress,
    externalAddress: externalAddressOf(account, instance),
    userData: account.userData.get(instance.id) ?? '',
    bootedAt: instance.launchedAt,
  };
}

/** Consumes one read of an object that is still hidden; true: this read does not see it. */
export function isHidden(account: Account, id: string): boolean {
  const left = account.hidden.get(id) ?? 0;
  if (left > 1) account.hidden.set(id, left - 1);
  else account.hidden.delete(id);
  return left > 0;
}
