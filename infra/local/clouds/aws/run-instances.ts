import { createHash } from 'node:crypto';
import { type Account, type InstanceRecord, newId, type Tags, type VolumeRecord } from './account.ts';
import { tagsFor } from './filters.ts';
import { defaultGroup, defaultSubnets, type Image, imageNamed, type Subnet } from './geography.ts';
import { describeReservation } from './instances.ts';
import { poweredMachine, privatePoolOf, stateOf } from './lifecycle.ts';
import type { Action, ActionRequest } from './protocol.ts';
import { Ec2Error, type Params } from './wire.ts';

/** RunInstances: all or nothing, once per client token. */
export const runInstances: Action = (account, request) => {
  const { params, region } = request;
  const token = params.text('ClientToken');
  const tokenKey = `${region}/${token}`;
  const parametersHash = createHash('sha256')
    .update(params.canonical(['Action', 'Version', 'ClientToken']))
    .digest('hex');
  const before = token === undefined ? undefined : account.tokens.get(tokenKey);
  if (before !== undefined) return answerAgain(account, before, parametersHash);

  const plan = validate(account, request);
  const instance = account.state.atomically(() => {
    const launched = launch(account, request, plan);
    if (token !== undefined) account.tokens.put(tokenKey, { instanceId: launched.id, parametersHash });
    return launched;
  });
  if (request.hideFor > 0) account.hidden.set(instance.id, request.hideFor);
  account.nodes.powerOn(poweredMachine(account, instance));
  return describeReservation(account, instance);
};

function answerAgain(account: Account, before: { instanceId: string; parametersHash: string }, parametersHash: string) {
  if (before.parametersHash !== parametersHash)
    throw new Ec2Error(
      400,
      'IdempotentParameterMismatch',
      'The request uses the same client token as a previous, but non-identical request.',
    );
  const instance = account.instances.get(before.instanceId);
  if (instance === undefined || ['shutting-down', 'terminated'].includes(stateOf(account, instance)))
    throw new Ec2Error(400, 'IdempotentInstanceTerminated', 'The request uses the client token of an instance that was terminated.');
  return describeReservation(account, instance);
}

/** What the call asks for, found good. */
interface Plan {
  readonly image: Image;
  readonly type: string;
  readonly keyName: string | undefined;
  readonly subnet: Subnet;
  readonly groups: readonly string[];
  readonly userData: string;
  readonly httpTokens: string;
  readonly tags: { readonly instance: Tags; readonly volume: Tags; readonly interface: Tags };
  readonly volumes: readonly Pick<VolumeRecord, 'device' | 'sizeGb' | 'type' | 'deleteOnTermination'>[];
}

function validate(account: Account, { params, region }: ActionRequest): Plan {
  if (params.required('MinCount') !== '1' || params.required('MaxCount') !== '1')
    throw new Ec2Error(400, 'InvalidParameterValue', 'This fake makes one instance per call: MinCount and MaxCount must be 1');
  if ((params.text('ClientToken') ?? '').length > 64)
    throw new Ec2Error(400, 'InvalidParameterValue', 'ClientToken is limited to 64 characters');
  const type = params.text('InstanceType') ?? 'm1.small';
  if (!/^[a-z][a-z0-9-]*\.(nano|micro|small|medium|large|metal|metal-\d+xl|\d*xlarge)$/.test(type))
    throw new Ec2Error(400, 'InvalidParameterValue', `Invalid value '${type}' for InstanceType.`);
  const image = requireImage(params.required('ImageId'));
  return {
    image,
    type,
    keyName: requireKeyPair(account, region, params.text('KeyName')),
    subnet: requireSubnet(account, region, params.text('SubnetId')),
    groups: requireGroups(account, region, params),
    userData: decodeUserData(params.text('UserData')),
    httpTokens: requireOneOf(params, 'MetadataOptions.HttpTokens', ['optional', 'required']),
    tags: { instance: tagsFor(params, 'instance'), volume: tagsFor(params, 'volume'), interface: tagsFor(params, 'network-interface') },
    volumes: disks(params, image),
  };
}

export function requireImage(id: string): Image {
  if (!/^ami-([0-9a-f]{8}|[0-9a-f]{17})$/.test(id)) throw new Ec2Error(400, 'InvalidAMIID.Malformed', `Invalid id: "${id}"`);
  const image = imageNamed(id);
  if (image === undefined) throw new Ec2Error(400, 'InvalidAMIID.NotFound', `The image id '[${id}]' does not exist`);
  return image;
}

function requireKeyPair(account: Account, region: string, name: string | undefined): string | undefined {
  if (name === undefined) return undefined;
  const found = account.keyPairs.all().some((pair) => pair.name === name && (pair.region ?? region) === region);
  if (!found) throw new Ec2Error(400, 'InvalidKeyPair.NotFound', `The key pair '${name}' does not exist`);
  return name;
}

function requireSubnet(account: Account, region: string, id: string | undefined): Subnet {
  const subnets = defaultSubnets(region);
  // EC2 picks a zone when the call names no subnet.
  const subnet = id === undefined ? subnets[account.random.bytes(1)[0]! % subnets.length] : subnets.find((one) => one.id === id);
  if (subnet === undefined) throw new Ec2Error(400, 'InvalidSubnetID.NotFound', `The subnet ID '${id}' does not exist`);
  return subnet;
}

function requireGroups(account: Account, region: string, params: Params): string[] {
  const known = new Map([['default', defaultGroup(region)]]);
  for (const group of account.groups.all()) if (group.region === region) known.set(group.name, group.id);
  const ids = new Set(known.values());
  const byId = params.list('SecurityGroupId');
  const byName = params.list('SecurityGroup').map((name) => known.get(name) ?? name);
  for (const id of [...byId, ...byName]) {
    if (!ids.has(id)) throw new Ec2Error(400, 'InvalidGroup.NotFound', `The security group '${id}' does not exist in the default VPC`);
  }
  return byId.length + byName.length > 0 ? [...byId, ...byName] : [defaultGroup(region)];
}

function decodeUserData(base64: string | undefined): string {
  const text = Buffer.from(base64 ?? '', 'base64');
  if (text.toString('base64') !== (base64 ?? '')) throw new Ec2Error(400, 'InvalidParameterValue', 'Invalid BASE64 encoding of user data.');
  if (text.length > 16_384) throw new Ec2Error(400, 'InvalidParameterValue', 'User data is limited to 16384 bytes');
  return text.toString('utf8');
}

function requireOneOf(params: Params, name: string, allowed: readonly [string, ...string[]]): string {
  const value = params.text(name) ?? allowed[0];
  if (!allowed.includes(value)) throw new Ec2Error(400, 'InvalidParameterValue', `Value (${value}) for parameter ${name} is invalid.`);
  return value;
}

/** The root disk as the image has it, changed and added to by the call's mappings. */
function disks(params: Params, image: Image): Plan['volumes'] {
  const root = { device: image.rootDevice, sizeGb: image.sizeGb, type: 'gp2', deleteOnTermination: true };
  const asked = params.each('BlockDeviceMapping').map((mapping) => {
    const device = mapping.required('DeviceName');
    const isRoot = device === root.device;
    const sizeGb = Number(mapping.text('Ebs.VolumeSize') ?? (isRoot ? root.sizeGb : Number.NaN));
    if (!Number.isInteger(sizeGb) || sizeGb < (isRoot ? root.sizeGb : 1) || sizeGb > 16_384)
      throw new Ec2Error(
        400,
        'InvalidBlockDeviceMapping',
        `Volume of size ${sizeGb}GB for ${device} must be from ${root.sizeGb} to 16384GB`,
      );
    const deleteOnTermination = (mapping.text('Ebs.DeleteOnTermination') ?? 'true') === 'true';
    return { device, sizeGb, type: mapping.text('Ebs.VolumeType') ?? 'gp2', deleteOnTermination };
  });
  return asked.some((volume) => volume.device === root.device) ? asked : [root, ...asked];
}

function launch(account: Account, { params, region }: ActionRequest, plan: Plan): InstanceRecord {
  const { subnet, image, tags } = plan;
  const id = newId(account, 'i');
  const instance: InstanceRecord = {
    ...{ id, region, tags: tags.instance, type: plan.type, groups: plan.groups, httpTokens: plan.httpTokens },
    ...{ zone: subnet.zone, subnetId: subnet.id, imageId: image.id, rootDevice: image.rootDevice },
    keyName: plan.keyName,
    reservationId: newId(account, 'r'),
    interfaceId: newId(account, 'eni'),
    volumeIds: plan.volumes.map(() => newId(account, 'vol')),
    privateAddress: privatePoolOf(account, { region, subnetId: subnet.id }).take(),
    publicAddress: account.externalPool.take(),
    clientToken: params.text('ClientToken'),
    launchedAt: account.clock.now(),
  };
  account.instances.put(id, instance);
  account.userData.put(id, plan.userData);
  account.interfaces.put(instance.interfaceId, { id: instance.interfaceId, region, instanceId: id, tags: tags.interface });
  for (const [index, volume] of plan.volumes.entries()) {
    const volumeId = instance.volumeIds[index]!;
    account.volumes.put(volumeId, { ...volume, id: volumeId, region, zone: subnet.zone, instanceId: id, tags: tags.volume });
  }
  account.state.recordCreation({ at: instance.launchedAt, id, name: instance.tags.Name ?? id, tags: instance.tags });
  return instance;
}
