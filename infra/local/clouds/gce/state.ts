import type { Creation } from '../cloud-state.ts';
import { lastPart } from './routes.ts';
import { statusOf } from './views.ts';
import type { InstanceRow, World } from './world.ts';

type Labels = Readonly<Record<string, string>>;

/** All that the fake holds, as `GET /_state` answers it. No metadata: user data is secret. */
export interface GceState {
  readonly instances: readonly InstanceState[];
  readonly addresses: readonly { address: string; name: string; region: string; status: 'RESERVED' | 'IN_USE'; usedBy?: string }[];
  readonly firewalls: readonly { name: string; project: string; rule: Readonly<Record<string, unknown>> }[];
  readonly disks: readonly { name: string; sizeGb: number; tags: Labels; attachedTo?: string }[];
  readonly creations: readonly Creation[];
}

interface InstanceState {
  readonly id: string;
  readonly name: string;
  readonly state: string;
  readonly tags: Labels;
  /** External. */
  readonly address?: string;
  readonly privateAddress: string;
  readonly project: string;
  readonly zone: string;
  readonly type: string;
  readonly image: string;
  readonly networkTags: readonly string[];
  readonly createdAt: string;
  readonly diskGb: readonly number[];
}

export function describeWorld(world: World): GceState {
  return {
    instances: world.instances.all().map((row) => describeInstance(world, row)),
    addresses: world.addresses.all().map(({ address, name, scope, user }) => ({
      address,
      name,
      region: lastPart(scope),
      status: user === undefined ? 'RESERVED' : 'IN_USE',
      ...(user !== undefined && { usedBy: lastPart(user) }),
    })),
    firewalls: world.firewalls.all().map(({ name, project, rule }) => ({ name, project, rule })),
    disks: world.disks.all().map(({ name, sizeGb, labels = {}, user }) => ({
      name,
      sizeGb,
      tags: labels,
      ...(user !== undefined && { attachedTo: lastPart(user) }),
    })),
    creations: world.state.creations(),
  };
}

function describeInstance(world: World, row: InstanceRow): InstanceState {
  const disks = world.disks.all().filter((disk) => disk.user === row.path);
  return {
    id: row.name,
    name: row.name,
    state: statusOf(row, world.clock.now()),
    tags: row.labels ?? {},
    ...(row.access && { address: row.access.address }),
    privateAddress: row.privateAddress,
    project: row.project,
    zone: lastPart(row.scope),
    type: row.machineType,
    image: disks[0]?.sourceImage ?? '',
    networkTags: row.tags,
    createdAt: new Date(row.createdAt).toISOString(),
    diskGb: disks.map((disk) => disk.sizeGb),
  };
}
