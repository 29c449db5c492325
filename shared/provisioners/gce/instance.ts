import type { DesiredInstance, Instance, InstanceState, MachineAddress } from '../provisioner.ts';
import type { GceInstance } from './clients.ts';
import type { GceConfig } from './config.ts';
import { labelKeys, lastPart, type Place, providerID, regionOf, ruleName } from './names.ts';

/** The body of the one request that makes the instance with everything it needs. */
export function instanceBody(desired: DesiredInstance<GceConfig>, userData: string): GceInstance {
  const { cluster, machine, config, role } = desired;
  const { type, image, disks, tags = [] } = config.instances;
  const labels = {
    [labelKeys.cluster]: cluster.uid,
    [labelKeys.clusterName]: cluster.name,
    [labelKeys.machine]: machine.uid,
    [labelKeys.role]: role,
  };
  return {
    name: machine.name,
    description: `Machine ${machine.namespace}/${machine.name} of cluster ${cluster.name}`,
    machineType: `zones/${config.zone}/machineTypes/${type}`,
    labels,
    tags: { items: role === 'master' ? [...tags, ruleName(cluster)] : tags },
    // Pods have addresses that are not the instance's own.
    canIpForward: true,
    disks: [
      {
        boot: true,
        autoDelete: true,
        initializeParams: { sourceImage: image, labels, ...(disks?.size !== undefined && { diskSizeGb: String(disks.size) }) },
      },
    ],
    networkInterfaces: [{ ...networkOf(config), accessConfigs: [accessConfig(desired.address)] }],
    metadata: { items: [{ key: 'user-data', value: userData }] },
  };
}

/** Gives an instance its external address: this reserved one, or any. */
export const accessConfig = (address: string | undefined) => ({
  type: 'ONE_TO_ONE_NAT',
  name: 'External NAT',
  ...(address !== undefined && { natIP: address }),
});

/** The URL of the network on which instances of this config are. */
export const networkUrl = ({ network = 'default' }: GceConfig['instances']): string =>
  network.includes('/') ? network : `global/networks/${network}`;

function networkOf({ zone, instances }: GceConfig): { network?: string; subnetwork?: string } {
  const { network, subnetwork } = instances;
  if (subnetwork === undefined) return { network: networkUrl(instances) };
  return {
    // A subnetwork says its network by itself.
    ...(network !== undefined && { network: networkUrl(instances) }),
    subnetwork: subnetwork.includes('/') ? subnetwork : `regions/${regionOf(zone)}/subnetworks/${subnetwork}`,
  };
}

const stateOf: Readonly<Record<string, InstanceState>> = {
  PENDING: 'Pending',
  PROVISIONING: 'Pending',
  STAGING: 'Pending',
  REPAIRING: 'Pending',
  RUNNING: 'Running',
  PENDING_STOP: 'Stopped',
  // Also what an instance shows that is being deleted: Compute Engine does not tell the two apart.
  STOPPING: 'Stopped',
  STOPPED: 'Stopped',
  SUSPENDING: 'Stopped',
  SUSPENDED: 'Stopped',
  TERMINATED: 'Stopped',
  DEPROVISIONING: 'Deleting',
};

/** What Compute Engine shows, in our words. A status that we do not know counts as Pending: it may become anything. */
export function readInstance(found: GceInstance, place: Place): Instance {
  const createdAt = Date.parse(found.creationTimestamp ?? '');
  const machineUid = found.labels?.[labelKeys.machine];
  const clusterUid = found.labels?.[labelKeys.cluster];
  return {
    id: place.name,
    providerID: providerID(place),
    state: stateOf[String(found.status)] ?? 'Pending',
    addresses: addressesOf(found, place),
    // Instances are named after their Machines.
    ...(machineUid !== undefined && { machineUid, machineName: place.name }),
    ...(clusterUid !== undefined && { clusterUid }),
    ...(Number.isFinite(createdAt) && { createdAt }),
  };
}

export const placeOfInstance = (found: GceInstance, project: string): Place => ({
  project,
  zone: lastPart(found.zone ?? ''),
  name: found.name ?? '',
});

function addressesOf(found: GceInstance, { project, zone, name }: Place): MachineAddress[] {
  const internal = (found.networkInterfaces ?? []).flatMap((nic) => nic.networkIP ?? []);
  const external = (found.networkInterfaces ?? []).flatMap((nic) => (nic.accessConfigs ?? []).flatMap((access) => access.natIP ?? []));
  // The project example.com:talos is talos.example.com in names.
  const domain = project.split(':').reverse().join('.');
  return [
    ...internal.map((address) => ({ type: 'InternalIP' as const, address })),
    ...external.filter((address) => address !== '').map((address) => ({ type: 'ExternalIP' as const, address })),
    { type: 'Hostname', address: name },
    { type: 'InternalDNS', address: `${name}.${zone}.c.${domain}.internal` },
  ];
}
