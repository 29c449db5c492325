import { alreadyExists, inUse, invalid, notFound, notReady } from './errors.ts';
import { type InstanceBody, readInstanceBody } from './instance-body.ts';
import { type ApiRequest, lastPart, pathOf, requestIdOf } from './routes.ts';
import { anyProject, type DiskRow, type InstanceRow, type World } from './world.ts';

export type Failure = { readonly code: string; readonly message: string } | undefined;

/** Begins to insert an instance: it shows at once as PROVISIONING, unless the operation is to fail. */
export function insertInstance(world: World, request: ApiRequest, failure: Failure, hideFor = 0): Record<string, unknown> {
  const { project, scope } = request;
  const body = readInstanceBody(request);
  const path = pathOf(project, scope, 'instances', body.name);
  const requestId = requestIdOf(request);
  const before = world.operations.repeated(requestId, 'insert', path);
  if (before !== undefined) return before;
  if (world.instances.get(path) !== undefined) throw alreadyExists(path);

  const id = world.newId();
  if (failure === undefined) create(world, { path, id, project, scope }, body);
  if (hideFor > 0) world.hidden.set(path, hideFor);
  return world.operations.begin({ project, scope, type: 'insert', target: { path, id }, requestId, failure });
}

type Place = Pick<InstanceRow, 'path' | 'id' | 'project' | 'scope'>;

function create(world: World, place: Place, body: InstanceBody): void {
  const now = world.clock.now();
  const disks = body.disks.map((disk, index) => newDisk(world, place, body.name, disk, index));
  for (const { path } of disks) if (world.disks.get(path) !== undefined) throw alreadyExists(path);
  const access = accessOf(world, place, body);
  const [nic] = body.networkInterfaces;
  const instance: InstanceRow = {
    ...place,
    name: body.name,
    createdAt: now,
    labels: body.labels,
    machineType: lastPart(body.machineType),
    tags: body.tags.items,
    canIpForward: body.canIpForward,
    disks: disks.map((disk) => disk.name),
    network: lastPart(nic?.network ?? 'default'),
    subnetwork: nic?.subnetwork,
    privateAddress: world.internal.take(),
    access,
    metadata: body.metadata.items,
    runsAt: now + world.operationMs,
    deleting: false,
  };
  world.instances.put(place.path, instance);
  for (const disk of disks) world.disks.put(disk.path, disk);
  if (access !== undefined) useAddress(world, access.address, place.path);
  world.state.recordCreation({ at: now, id: body.name, name: body.name, tags: body.labels });
  powerOn(world, instance);
}

/** Also for what runs already when the fake starts. */
export function powerOn(world: World, instance: InstanceRow): void {
  world.nodes.powerOn({
    cloud: 'gce',
    id: instance.id,
    instanceName: instance.name,
    hostname: instance.name,
    privateAddress: instance.privateAddress,
    ...(instance.access && { externalAddress: instance.access.address }),
    userData: instance.metadata.find((item) => item.key === 'user-data')?.value ?? '',
    bootedAt: instance.runsAt,
  });
}

function newDisk(
  world: World,
  { project, scope, path: user }: Place,
  instance: string,
  disk: InstanceBody['disks'][number],
  index: number,
): DiskRow {
  const { diskName, diskSizeGb, sourceImage = '', labels } = disk.initializeParams;
  const name = diskName ?? (index === 0 ? instance : `${instance}-${index}`);
  return {
    path: pathOf(project, scope, 'disks', name),
    id: world.newId(),
    name,
    project,
    scope,
    createdAt: world.clock.now(),
    labels,
    // An image that does not say its size is taken for one of 10 GB.
    sizeGb: diskSizeGb ?? 10,
    sourceImage,
    autoDelete: disk.autoDelete,
    user,
  };
}

/** The external address that the insert asks for: the reserved one that it names, any, or none. */
function accessOf(world: World, { project, scope }: Place, body: InstanceBody): InstanceRow['access'] {
  const wanted = body.networkInterfaces[0]?.accessConfigs[0];
  if (wanted === undefined) return undefined;
  const address = wanted.natIP === undefined ? world.external.take() : requireReserved(world, project, scope, wanted.natIP);
  return { name: wanted.name ?? 'External NAT', address, networkTier: 'PREMIUM' };
}

export function requireReserved(world: World, project: string, zoneScope: string, address: string): string {
  const zone = lastPart(zoneScope);
  const region = `regions/${zone.slice(0, zone.lastIndexOf('-'))}`;
  const row = world.addresses
    .all()
    .find((candidate) => candidate.address === address && candidate.scope === region && [project, anyProject].includes(candidate.project));
  if (row === undefined) {
    const field = 'networkInterfaces[0].accessConfigs[0].natIP';
    throw invalid(field, address, `The specified external IP address '${address}' was not found in region '${lastPart(region)}'.`);
  }
  if (row.user !== undefined) throw inUse(`External IP address: ${address} is already in-use.`);
  return address;
}

/** A reserved address shows its user; one that is not reserved needs no note. */
export function useAddress(world: World, address: string, user: string | undefined): boolean {
  const row = world.addresses.all().find((candidate) => candidate.address === address);
  if (row === undefined) return false;
  world.addresses.put(row.path, { ...row, user });
  return true;
}

/** Begins to delete: the machine stops now, and what it has goes at the end of the operation. */
export function deleteInstance(world: World, request: ApiRequest, failure: Failure): Record<string, unknown> {
  const { project, scope } = request;
  const path = pathOf(project, scope, 'instances', request.name ?? '');
  const requestId = requestIdOf(request);
  const before = world.operations.repeated(requestId, 'delete', path);
  if (before !== undefined) return before;
  const instance = seenInstance(world, path);
  if (world.operations.changes(path)) throw notReady(path);
  if (failure === undefined) {
    world.instances.put(path, { ...instance, deleting: true });
    world.nodes.powerOff(instance.id);
  }
  const effect = { table: 'instances', key: path };
  return world.operations.begin({ project, scope, type: 'delete', target: { path, id: instance.id }, requestId, failure, effect });
}

/** What the end of a deletion does. */
export function removeInstance(world: World, path: string): void {
  const instance = world.instances.get(path);
  if (instance === undefined) return;
  world.instances.delete(path);
  world.hidden.delete(path);
  world.internal.giveBack(instance.privateAddress);
  if (instance.access !== undefined && !useAddress(world, instance.access.address, undefined)) {
    world.external.giveBack(instance.access.address);
  }
  for (const disk of world.disks.all().filter((candidate) => candidate.user === path)) {
    if (disk.autoDelete) world.disks.delete(disk.path);
    else world.disks.put(disk.path, { ...disk, user: undefined });
  }
}

/** The instance, unless there is none, or a fault hides it still. */
export function seenInstance(world: World, path: string): InstanceRow {
  const instance = world.instances.get(path);
  if (instance === undefined || isHidden(world, path)) throw notFound(path);
  return instance;
}

/** Each look brings what is hidden nearer to the light. */
export function isHidden(world: World, path: string): boolean {
  const looks = world.hidden.get(path) ?? 0;
  if (looks > 0) world.hidden.set(path, looks - 1);
  return looks > 0;
}
