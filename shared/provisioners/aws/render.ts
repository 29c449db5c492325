import {
  DescribeImagesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  DescribeVpcsCommand,
  type SecurityGroup,
} from '@aws-sdk/client-ec2';
import { Invalid, RetryLater } from '../../errors.ts';
import type { DesiredInstance } from '../provisioner.ts';
import { type Api, unless } from './api.ts';
import type { AwsConfig } from './config.ts';
import type { Parameters } from './memo.ts';
import { firewallName } from './names.ts';

/** Asks EC2 for what the config leaves open, so that the parameters can be written down before they are sent. */
export async function renderParameters(api: Api, desired: DesiredInstance<AwsConfig>): Promise<Parameters> {
  const { region, instances } = desired.config;
  const size = instances.disks?.size;
  const securityGroupIds = await groupsOf(api, desired);
  return {
    imageId: instances.ami,
    instanceType: instances.type,
    ...(instances.keypair !== undefined && { keyName: instances.keypair }),
    ...(instances.subnet !== undefined && { subnetId: instances.subnet }),
    ...(securityGroupIds !== undefined && { securityGroupIds }),
    ...(size !== undefined && { rootDisk: { device: await rootDeviceOf(api, region, instances.ami), size } }),
  };
}

/** A disk mapped to any other name would be a second disk. Asked once for all machines; an error is not kept. */
function rootDeviceOf(api: Api, region: string, ami: string): Promise<string> {
  const key = `${region}/${ami}`;
  const known = api.rootDevices.get(key) ?? askRootDevice(api, region, ami);
  api.rootDevices.set(key, known);
  known.catch(() => api.rootDevices.delete(key));
  return known;
}

async function askRootDevice(api: Api, region: string, ami: string): Promise<string> {
  const { Images } = await api.ask(`look up image ${ami}`, region, (ec2) => ec2.send(new DescribeImagesCommand({ ImageIds: [ami] })));
  const device = Images?.[0]?.RootDeviceName;
  if (device === undefined) throw new Invalid(`instances.ami: ${ami} is not an image with a root disk in ${region}: write one that is`);
  return device;
}

/** Undefined: EC2 takes the default group of the VPC, in which nodes reach each other. */
async function groupsOf(api: Api, { config, cluster, role }: DesiredInstance<AwsConfig>): Promise<string[] | undefined> {
  const configured = config.instances.securitygroups ?? [];
  if (configured.length === 0 && role === 'worker') return undefined;
  const vpcId = await vpcOf(api, config);
  const groups = await groupsIn(api, config.region, vpcId);
  const named = (name: string): string | undefined => groups.find((group) => group.GroupId === name || group.GroupName === name)?.GroupId;
  if (configured.length > 0) {
    const missing = configured.filter((name) => named(name) === undefined);
    if (missing.length > 0)
      throw new Invalid(
        `instances.securitygroups: ${missing.join(', ')} not found in ${vpcId} of ${config.region}: write ids or names of groups there`,
      );
    return configured.map((name) => named(name)!);
  }
  const own = named(firewallName(cluster));
  if (own === undefined) throw new RetryLater(`security group ${firewallName(cluster)} is not there yet`, { retryAfter: 2 });
  return [own, named('default')].filter((id) => id !== undefined);
}

async function groupsIn(api: Api, region: string, vpcId: string): Promise<SecurityGroup[]> {
  const groups: SecurityGroup[] = [];
  let NextToken: string | undefined;
  do {
    const command = new DescribeSecurityGroupsCommand({ Filters: [{ Name: 'vpc-id', Values: [vpcId] }], MaxResults: 1000, NextToken });
    const reply = await api.ask(`list the security groups of ${vpcId}`, region, (ec2) => ec2.send(command));
    groups.push(...(reply.SecurityGroups ?? []));
    NextToken = reply.NextToken;
  } while (NextToken);
  return groups;
}

/** The VPC in which the config's machines are. */
export async function vpcOf(api: Api, { region, instances }: AwsConfig): Promise<string> {
  const { subnet } = instances;
  if (subnet !== undefined) {
    const command = new DescribeSubnetsCommand({ SubnetIds: [subnet] });
    const reply = await unless(
      ['InvalidSubnetID.NotFound'],
      api.ask(`look up ${subnet}`, region, (ec2) => ec2.send(command)),
    );
    const vpcId = reply?.Subnets?.[0]?.VpcId;
    if (vpcId === undefined) throw new Invalid(`instances.subnet: there is no ${subnet} in ${region}: write the id of one that is there`);
    return vpcId;
  }
  const command = new DescribeVpcsCommand({ Filters: [{ Name: 'is-default', Values: ['true'] }] });
  const { Vpcs } = await api.ask('look up the default VPC', region, (ec2) => ec2.send(command));
  const vpcId = Vpcs?.[0]?.VpcId;
  if (vpcId === undefined) throw new Invalid(`${region} has no default VPC: write instances.subnet`);
  return vpcId;
}
