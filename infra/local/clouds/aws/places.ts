import { filtersOf, page } from './filters.ts';
import { defaultSubnets, defaultVpc } from './geography.ts';
import type { Action } from './protocol.ts';
import { requireImage } from './run-instances.ts';
import { Ec2Error, tagSet } from './wire.ts';

/** Images, disks and networks: what instances are made of and where they are. */

export const describeImages: Action = (_account, { params }) => ({
  imagesSet: params.list('ImageId').map((id) => {
    const image = requireImage(id);
    return {
      imageId: image.id,
      imageState: 'available',
      architecture: 'x86_64',
      rootDeviceType: 'ebs',
      rootDeviceName: image.rootDevice,
      blockDeviceMapping: [{ deviceName: image.rootDevice, ebs: { volumeSize: image.sizeGb, deleteOnTermination: true } }],
    };
  }),
});

export const describeVolumes: Action = (account, { params, region }) => {
  const ids = params.list('VolumeId');
  const passes = filtersOf(params);
  const found = account.volumes
    .all()
    .filter((volume) => volume.region === region && (ids.length === 0 || ids.includes(volume.id)))
    .filter((volume) =>
      passes(volume.tags, {
        status: volume.instanceId === undefined ? 'available' : 'in-use',
        'volume-id': volume.id,
        'attachment.instance-id': volume.instanceId,
      }),
    );
  const { rows, nextToken } = page(params, found);
  return {
    volumeSet: rows.map((volume) => ({
      volumeId: volume.id,
      size: volume.sizeGb,
      volumeType: volume.type,
      availabilityZone: volume.zone,
      status: volume.instanceId === undefined ? 'available' : 'in-use',
      tagSet: tagSet(volume.tags),
      attachmentSet: volume.instanceId && [
        { volumeId: volume.id, instanceId: volume.instanceId, device: volume.device, deleteOnTermination: volume.deleteOnTermination },
      ],
    })),
    nextToken,
  };
};

export const deleteVolume: Action = (account, { params, region }) => {
  const id = params.required('VolumeId');
  const volume = account.volumes.get(id);
  if (volume === undefined || volume.region !== region)
    throw new Ec2Error(400, 'InvalidVolume.NotFound', `The volume '${id}' does not exist.`);
  if (volume.instanceId !== undefined) throw new Ec2Error(400, 'VolumeInUse', `Volume ${id} is currently attached to ${volume.instanceId}`);
  account.volumes.delete(id);
  return { return: true };
};

export const describeVpcs: Action = (_account, { params, region }) => {
  const vpc = { id: defaultVpc(region), cidr: '172.31.0.0/16' };
  const there = filtersOf(params)({}, { 'vpc-id': vpc.id, 'is-default': 'true', cidr: vpc.cidr });
  return { vpcSet: there ? [{ vpcId: vpc.id, state: 'available', cidrBlock: vpc.cidr, isDefault: true }] : [] };
};

export const describeSubnets: Action = (_account, { params, region }) => {
  const ids = params.list('SubnetId');
  const subnets = defaultSubnets(region);
  const missing = ids.find((id) => !subnets.some((subnet) => subnet.id === id));
  if (missing !== undefined) throw new Ec2Error(400, 'InvalidSubnetID.NotFound', `The subnet ID '${missing}' does not exist`);
  const passes = filtersOf(params);
  const found = subnets
    .filter((subnet) => ids.length === 0 || ids.includes(subnet.id))
    .filter((subnet) =>
      passes({}, { 'subnet-id': subnet.id, 'vpc-id': subnet.vpcId, 'availability-zone': subnet.zone, 'default-for-az': 'true' }),
    );
  return {
    subnetSet: found.map((subnet) => ({
      subnetId: subnet.id,
      vpcId: subnet.vpcId,
      state: 'available',
      cidrBlock: subnet.cidr,
      availabilityZone: subnet.zone,
      defaultForAz: true,
      mapPublicIpOnLaunch: true,
    })),
  };
};
