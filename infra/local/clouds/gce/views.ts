import { pathOf, urlOf } from './routes.ts';
import { type AddressRow, anyProject, type DiskRow, type FirewallRow, type InstanceRow, type Resource } from './world.ts';

/** Resources as Compute Engine shows them: full URLs, ids and sizes as strings. */

type Wire = Record<string, unknown> & { readonly name: string };

const common = (kind: string, { path, id, name, createdAt }: Resource) => ({
  kind: `compute#${kind}`,
  id,
  name,
  creationTimestamp: new Date(createdAt).toISOString(),
  selfLink: urlOf(path),
});

const placeUrl = ({ project, scope }: Resource): string => urlOf(`projects/${project}/${scope}`);

/** A running instance that is being deleted shows as STOPPING. */
export function statusOf({ runsAt, createdAt, deleting }: InstanceRow, now: number): string {
  if (deleting) return 'STOPPING';
  if (now >= runsAt) return 'RUNNING';
  return now < (createdAt + runsAt) / 2 ? 'PROVISIONING' : 'STAGING';
}

export function instanceView(
  row: InstanceRow,
  now: number,
): Wire & { readonly status: string; readonly labels: Readonly<Record<string, string>> } {
  return {
    ...common('instance', row),
    status: statusOf(row, now),
    zone: placeUrl(row),
    machineType: `${placeUrl(row)}/machineTypes/${row.machineType}`,
    labels: row.labels ?? {},
    tags: { items: row.tags },
    canIpForward: row.canIpForward,
    disks: row.disks.map((name, index) => ({
      kind: 'compute#attachedDisk',
      type: 'PERSISTENT',
      mode: 'READ_WRITE',
      index,
      boot: index === 0,
      deviceName: `persistent-disk-${index}`,
      source: urlOf(pathOf(row.project, row.scope, 'disks', name)),
    })),
    networkInterfaces: [networkInterfaceView(row)],
    metadata: { kind: 'compute#metadata', items: row.metadata },
  };
}

function networkInterfaceView({ project, network, subnetwork, privateAddress, access }: InstanceRow) {
  return {
    kind: 'compute#networkInterface',
    name: 'nic0',
    network: urlOf(`projects/${project}/global/networks/${network}`),
    ...(subnetwork !== undefined && { subnetwork }),
    networkIP: privateAddress,
    accessConfigs:
      access === undefined
        ? []
        : [
            {
              kind: 'compute#accessConfig',
              type: 'ONE_TO_ONE_NAT',
              name: access.name,
              natIP: access.address,
              networkTier: access.networkTier,
            },
          ],
  };
}

export const diskView = (row: DiskRow): Wire => ({
  ...common('disk', row),
  status: 'READY',
  zone: placeUrl(row),
  sizeGb: String(row.sizeGb),
  sourceImage: row.sourceImage,
  labels: row.labels ?? {},
  users: row.user === undefined ? [] : [urlOf(row.user)],
});

/** `project`: who asks, for addresses that are in any project. */
export function addressView(row: AddressRow, project: string): Wire & { readonly address: string } {
  const owned = row.project === anyProject ? { ...row, project, path: pathOf(project, row.scope, 'addresses', row.name) } : row;
  return {
    ...common('address', owned),
    address: row.address,
    addressType: 'EXTERNAL',
    networkTier: 'PREMIUM',
    region: placeUrl(owned),
    status: row.user === undefined ? 'RESERVED' : 'IN_USE',
    users: row.user === undefined ? [] : [urlOf(row.user)],
  };
}

export const firewallView = (row: FirewallRow): Wire => ({ ...row.rule, ...common('firewall', row) });
