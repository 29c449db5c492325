import type { Account, InstanceRecord } from './account.ts';
import { filtersOf, page } from './filters.ts';
import { defaultVpc } from './geography.ts';
import { elasticAddressOf, externalAddressOf, hostnameOf, isHidden, stateCodes, stateOf, terminate, volumesOf } from './lifecycle.ts';
import type { Action } from './protocol.ts';
import { Ec2Error, tagSet, type Xml } from './wire.ts';

export const describeInstances: Action = (account, { params, region }) => {
  const ids = params.list('InstanceId');
  if (ids.length > 0 && params.text('MaxResults') !== undefined)
    throw new Ec2Error(400, 'InvalidParameterCombination', 'The parameter instancesSet cannot be used with the parameter maxResults');
  const named = ids.length > 0 ? ids.map((id) => requireInstance(account, region, id)) : ofRegion(account, region);
  const passes = filtersOf(params);
  const found = named
    .filter((instance) => passes(instance.tags, filterable(account, instance)))
    .filter((instance) => ids.length > 0 || !isHidden(account, instance.id));
  const { rows, nextToken } = page(params, found);
  return { reservationSet: rows.map((instance) => describeReservation(account, instance)), nextToken };
};

export const terminateInstances: Action = (account, { params, region }) => {
  // All of them must be there before any of them ends.
  const named = params.list('InstanceId').map((id) => requireInstance(account, region, id));
  return {
    instancesSet: named.map((instance) => {
      const previousState = describeState(account, instance);
      terminate(account, instance);
      return { instanceId: instance.id, previousState, currentState: describeState(account, account.instances.get(instance.id)!) };
    }),
  };
};

/** The instance of this id, if this read sees it. */
export function requireInstance(account: Account, region: string, id: string): InstanceRecord {
  if (!/^i-([0-9a-f]{8}|[0-9a-f]{17})$/.test(id)) throw new Ec2Error(400, 'InvalidInstanceID.Malformed', `Invalid id: "${id}"`);
  const instance = account.instances.get(id);
  if (instance === undefined || instance.region !== region || isHidden(account, id))
    throw new Ec2Error(400, 'InvalidInstanceID.NotFound', `The instance ID '${id}' does not exist`);
  return instance;
}

const ofRegion = (account: Account, region: string): InstanceRecord[] => account.instances.all().filter((one) => one.region === region);

const filterable = (account: Account, instance: InstanceRecord) => ({
  'client-token': instance.clientToken,
  'instance-id': instance.id,
  'instance-state-name': stateOf(account, instance),
  'instance-type': instance.type,
  'image-id': instance.imageId,
  'ip-address': externalAddressOf(account, instance),
  'private-ip-address': instance.privateAddress,
  'vpc-id': defaultVpc(instance.region),
});

const describeState = (account: Account, instance: InstanceRecord): Xml => {
  const name = stateOf(account, instance);
  return { code: stateCodes[name], name };
};

/** EC2 answers a reservation per RunInstances call, with the instances in it. */
export const describeReservation = (account: Account, instance: InstanceRecord): { readonly [name: string]: Xml } => ({
  reservationId: instance.reservationId,
  ownerId: '000000000000',
  groupSet: [],
  instancesSet: [describeInstance(account, instance)],
});

function describeInstance(account: Account, instance: InstanceRecord): Xml {
  const external = externalAddressOf(account, instance);
  const internalDomain = instance.region === 'us-east-1' ? 'ec2.internal' : `${instance.region}.compute.internal`;
  const privateDnsName = `${hostnameOf(instance)}.${internalDomain}`;
  const shown = stateOf(account, instance) !== 'terminated';
  return {
    instanceId: instance.id,
    imageId: instance.imageId,
    instanceState: describeState(account, instance),
    privateDnsName: shown ? privateDnsName : '',
    privateIpAddress: shown ? instance.privateAddress : undefined,
    ipAddress: external,
    dnsName: external === undefined ? '' : `ec2-${external.replaceAll('.', '-')}.${instance.region}.compute.amazonaws.com`,
    keyName: instance.keyName,
    instanceType: instance.type,
    launchTime: new Date(instance.launchedAt).toISOString(),
    placement: { availabilityZone: instance.zone, tenancy: 'default' },
    clientToken: instance.clientToken,
    subnetId: shown ? instance.subnetId : undefined,
    vpcId: shown ? defaultVpc(instance.region) : undefined,
    rootDeviceName: instance.rootDevice,
    rootDeviceType: 'ebs',
    groupSet: instance.groups.map((groupId) => ({ groupId })),
    metadataOptions: { state: 'applied', httpTokens: instance.httpTokens },
    tagSet: tagSet(instance.tags),
    networkInterfaceSet: shown ? [describeInterface(account, instance, privateDnsName, external)] : [],
    blockDeviceMapping: volumesOf(account, instance).map((volume) => ({
      deviceName: volume.device,
      ebs: { volumeId: volume.id, status: 'attached', deleteOnTermination: volume.deleteOnTermination },
    })),
  };
}

function describeInterface(account: Account, instance: InstanceRecord, privateDnsName: string, external: string | undefined): Xml {
  const elastic = elasticAddressOf(account, instance.id);
  const association = external && { publicIp: external, allocationId: elastic?.allocationId, associationId: elastic?.associationId };
  return {
    networkInterfaceId: instance.interfaceId,
    subnetId: instance.subnetId,
    vpcId: defaultVpc(instance.region),
    status: 'in-use',
    privateIpAddress: instance.privateAddress,
    privateDnsName,
    groupSet: instance.groups.map((groupId) => ({ groupId })),
    attachment: { deviceIndex: 0, status: 'attached', deleteOnTermination: true },
    association,
    privateIpAddressesSet: [{ privateIpAddress: instance.privateAddress, privateDnsName, primary: true, association }],
  };
}
