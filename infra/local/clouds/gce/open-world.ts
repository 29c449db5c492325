import { openCloudState } from '../cloud-state.ts';
import { addressPool, externalAddresses, externalNetworks } from '../loopback.ts';
import type { GceFakeOptions } from './gce-fake.ts';
import { removeInstance } from './instances.ts';
import { type Effect, openOperations } from './operations.ts';
import { pathOf } from './routes.ts';
import { type AddressRow, anyProject, type DiskRow, type FirewallRow, type InstanceRow, type World } from './world.ts';

/** Opens the stored state, with the addresses that the user has reserved before anything happened. */
export function openWorld(options: GceFakeOptions): { readonly world: World; readonly reservedAddresses: readonly string[] } {
  const { clock, random, nodes, operationMs = 1000, pageSize = 500, region = 'us-central1' } = options;
  const state = openCloudState('gce', options.dataDir);
  const instances = state.table<InstanceRow>('instances');
  const addresses = state.table<AddressRow>('addresses');
  const used = [...instances.all().flatMap((row) => row.access?.address ?? []), ...addresses.all().map((row) => row.address)];
  const { reserved, pool } = externalAddresses(options.network ?? externalNetworks.gce, options.reservedAddresses ?? 3, used);
  // Ids exceed 2^53, as the real ones do: they travel as strings.
  const newId = (): string => String(Buffer.from(random.bytes(8)).readBigUInt64BE() | (1n << 62n));
  const internalInUse = instances.all().map((row) => row.privateAddress);
  const world: World = {
    state,
    instances,
    disks: state.table<DiskRow>('disks'),
    addresses,
    firewalls: state.table<FirewallRow>('firewalls'),
    operations: openOperations({ state, clock, operationMs, newId, onEnd: (effect) => carryOut(world, effect) }),
    nodes,
    clock,
    external: pool,
    internal: addressPool('10.128.0.2', '10.128.255.254', internalInUse),
    operationMs,
    pageSize,
    hidden: new Map(),
    newId,
  };
  for (const [index, address] of reserved.entries()) reserve(world, address, `reserved-${index}`, region);
  return { world, reservedAddresses: reserved };
}

/** What an operation does at its end. */
function carryOut(world: World, { table, key, row }: Effect): void {
  if (row !== undefined) world.state.table(table).put(key, row);
  else if (table === 'instances') removeInstance(world, key);
  else removeRow(world, table, key);
}

function removeRow(world: World, table: string, key: string): void {
  if (table === 'addresses') world.external.giveBack(world.addresses.get(key)!.address);
  world.state.table(table).delete(key);
}

function reserve(world: World, address: string, name: string, region: string): void {
  const scope = `regions/${region}`;
  const path = pathOf(anyProject, scope, 'addresses', name);
  if (world.addresses.get(path) !== undefined) return;
  const createdAt = world.clock.now();
  world.addresses.put(path, { path, id: world.newId(), name, project: anyProject, scope, createdAt, address, user: undefined });
}
