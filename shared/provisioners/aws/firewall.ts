import {
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  DeleteSecurityGroupCommand,
  DescribeSecurityGroupsCommand,
  type Filter,
  type SecurityGroup,
} from '@aws-sdk/client-ec2';
import { Invalid } from '../../errors.ts';
import type { ClusterRef } from '../provisioner.ts';
import { type Api, unless } from './api.ts';
import type { AwsConfig } from './config.ts';
import { byCluster, clusterTags, firewallName, tagKeys } from './names.ts';
import { vpcOf } from './render.ts';

/** The Kubernetes API, the Talos API, and trustd, from which joining nodes get their certificates. */
const ports = [6443, 50000, 50001];

interface Opened {
  readonly settled: boolean;
  readonly says: string;
  readonly checkAgainIn: number;
}

/** A security group of the cluster's own, unless the user names others. */
export async function ensureFirewall(api: Api, cluster: ClusterRef, config: AwsConfig): Promise<Opened> {
  const { region, instances } = config;
  if (instances.securitygroups !== undefined && instances.securitygroups.length > 0)
    return { settled: true, says: `masters use the security groups ${instances.securitygroups.join(', ')}`, checkAgainIn: 0 };
  const name = firewallName(cluster);
  const vpcId = await vpcOf(api, config);
  const [group] = await findGroups(api, region, [
    { Name: 'group-name', Values: [name] },
    { Name: 'vpc-id', Values: [vpcId] },
  ]);
  if (group === undefined) {
    await createGroup(api, cluster, region, vpcId);
    return { settled: false, says: `makes security group ${name}`, checkAgainIn: 1 };
  }
  if (!group.Tags?.some((tag) => tag.Key === tagKeys.clusterUid && tag.Value === cluster.uid))
    throw new Invalid(`security group ${name} in ${vpcId} is not ours: rename it, or write instances.securitygroups`);
  const closed = ports.filter((port) => !isOpen(group, port));
  if (closed.length === 0) return { settled: true, says: `security group ${name} opens ${ports.join(', ')}`, checkAgainIn: 0 };
  await openPorts(api, region, group, closed);
  return { settled: false, says: `opens ${closed.join(', ')} in security group ${name}`, checkAgainIn: 1 };
}

/** A group that is made already, but not shown yet, is a duplicate. */
async function createGroup(api: Api, cluster: ClusterRef, region: string, VpcId: string): Promise<void> {
  const command = new CreateSecurityGroupCommand({
    GroupName: firewallName(cluster),
    Description: `Masters of the cluster ${cluster.namespace}/${cluster.name}`.slice(0, 255),
    VpcId,
    TagSpecifications: [{ ResourceType: 'security-group', Tags: clusterTags(cluster) }],
  });
  await unless(
    ['InvalidGroup.Duplicate'],
    api.ask('make a security group', region, (ec2) => ec2.send(command)),
  );
}

async function openPorts(api: Api, region: string, { GroupId, GroupName }: SecurityGroup, closed: readonly number[]): Promise<void> {
  const command = new AuthorizeSecurityGroupIngressCommand({
    GroupId,
    IpPermissions: closed.map((port) => ({ IpProtocol: 'tcp', FromPort: port, ToPort: port, IpRanges: [{ CidrIp: '0.0.0.0/0' }] })),
  });
  await unless(
    ['InvalidPermission.Duplicate'],
    api.ask(`open ports in ${GroupName}`, region, (ec2) => ec2.send(command)),
  );
}

const isOpen = (group: SecurityGroup, port: number): boolean =>
  (group.IpPermissions ?? []).some(
    (rule) =>
      rule.IpProtocol === 'tcp' &&
      rule.FromPort === port &&
      rule.ToPort === port &&
      rule.IpRanges?.some((range) => range.CidrIp === '0.0.0.0/0'),
  );

/** Deletes every group that carries the cluster's uid. */
export async function removeFirewall(
  api: Api,
  cluster: ClusterRef,
  { region }: AwsConfig,
): Promise<{ readonly gone: boolean; readonly says: string; readonly checkAgainIn: number }> {
  const groups = await findGroups(api, region, [byCluster(cluster)]);
  if (groups.length === 0) return { gone: true, says: `${cluster.name} has no security group in ${region}`, checkAgainIn: 0 };
  for (const { GroupId, GroupName } of groups) {
    // DependencyViolation: an instance that shuts down has it still. That passes, as RetryLater says.
    await unless(
      ['InvalidGroup.NotFound'],
      api.ask(`delete security group ${GroupName}`, region, (ec2) => ec2.send(new DeleteSecurityGroupCommand({ GroupId }))),
    );
  }
  return { gone: false, says: `deletes security group ${groups.map((group) => group.GroupName).join(', ')}`, checkAgainIn: 1 };
}

async function findGroups(api: Api, region: string, Filters: Filter[]): Promise<SecurityGroup[]> {
  const command = new DescribeSecurityGroupsCommand({ Filters });
  const { SecurityGroups } = await api.ask('look for the security group', region, (ec2) => ec2.send(command));
  return SecurityGroups ?? [];
}
