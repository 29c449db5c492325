import { type Account, type GroupRecord, newId, type Rule } from './account.ts';
import { filtersOf, page, tagsFor } from './filters.ts';
import { defaultGroup, defaultVpc } from './geography.ts';
import { isHidden, stateOf } from './lifecycle.ts';
import type { Action } from './protocol.ts';
import { Ec2Error, type Params, tagSet } from './wire.ts';

export const describeSecurityGroups: Action = (account, { params, region }) => {
  const ids = params.list('GroupId');
  const passes = filtersOf(params);
  const found = [defaultOf(region), ...account.groups.all().filter((group) => group.region === region)]
    .filter((group) => ids.length === 0 || ids.includes(group.id))
    .filter((group) => passes(group.tags, { 'group-id': group.id, 'group-name': group.name, 'vpc-id': group.vpcId }))
    .filter((group) => !isHidden(account, group.id));
  const missing = ids.find((id) => !found.some((group) => group.id === id));
  if (missing !== undefined) throw notFound(missing);
  const { rows, nextToken } = page(params, found);
  return {
    securityGroupInfo: rows.map((group) => ({
      groupId: group.id,
      groupName: group.name,
      groupDescription: group.description,
      vpcId: group.vpcId,
      tagSet: tagSet(group.tags),
      ipPermissions: group.ingress.map((rule) => ({
        ipProtocol: rule.protocol,
        fromPort: rule.from,
        toPort: rule.to,
        ipRanges: [{ cidrIp: rule.cidr }],
      })),
    })),
    nextToken,
  };
};

export const createSecurityGroup: Action = (account, { params, region, hideFor }) => {
  const name = params.required('GroupName');
  const vpcId = params.text('VpcId') ?? defaultVpc(region);
  if (vpcId !== defaultVpc(region)) throw new Ec2Error(400, 'InvalidVpcID.NotFound', `The vpc ID '${vpcId}' does not exist`);
  if (name.length > 255 || name.startsWith('sg-') || !/^[\w .:/()#,@[\]+=&;{}!$*-]+$/.test(name))
    throw new Ec2Error(400, 'InvalidParameterValue', `Value (${name}) for parameter groupName is invalid.`);
  if (name === 'default' || account.groups.all().some((group) => group.region === region && group.name === name))
    throw new Ec2Error(400, 'InvalidGroup.Duplicate', `The security group '${name}' already exists for VPC '${vpcId}'`);
  const id = newId(account, 'sg');
  const description = params.required('GroupDescription');
  account.groups.put(id, { id, region, vpcId, name, description, tags: tagsFor(params, 'security-group'), ingress: [] });
  if (hideFor > 0) account.hidden.set(id, hideFor);
  return { return: true, groupId: id };
};

export const authorizeSecurityGroupIngress: Action = (account, { params, region }) => {
  const group = requireGroup(account, region, params);
  const rules = params.each('IpPermissions').flatMap(rulesOf);
  const twice = rules.find((rule) => group.ingress.some((there) => JSON.stringify(there) === JSON.stringify(rule)));
  if (twice !== undefined)
    throw new Ec2Error(
      400,
      'InvalidPermission.Duplicate',
      `the specified rule "peer: ${twice.cidr}, ${twice.protocol}, from port: ${twice.from}" already exists`,
    );
  account.groups.put(group.id, { ...group, ingress: [...group.ingress, ...rules] });
  return { return: true };
};

export const deleteSecurityGroup: Action = (account, { params, region }) => {
  const group = requireGroup(account, region, params);
  const user = account.instances.all().find((one) => one.groups.includes(group.id) && stateOf(account, one) !== 'terminated');
  if (user !== undefined) throw new Ec2Error(400, 'DependencyViolation', `resource ${group.id} has a dependent object`);
  account.groups.delete(group.id);
  return { return: true };
};

function rulesOf(permission: Params): Rule[] {
  const [from, to] = [Number(permission.required('FromPort')), Number(permission.required('ToPort'))];
  if (!(from >= 0 && from <= to && to <= 65_535)) throw new Ec2Error(400, 'InvalidParameterValue', `Invalid port range ${from}-${to}`);
  const protocol = permission.required('IpProtocol');
  return permission.each('IpRanges').map((range) => ({ protocol, from, to, cidr: range.required('CidrIp') }));
}

function requireGroup(account: Account, region: string, params: Params): GroupRecord {
  const id = params.required('GroupId');
  const group = account.groups.get(id);
  if (group === undefined || group.region !== region || isHidden(account, id)) throw notFound(id);
  return group;
}

const notFound = (id: string): Ec2Error => new Ec2Error(400, 'InvalidGroup.NotFound', `The security group '${id}' does not exist`);

const defaultOf = (region: string): GroupRecord => ({
  id: defaultGroup(region),
  region,
  vpcId: defaultVpc(region),
  name: 'default',
  description: 'default VPC security group',
  tags: {},
  ingress: [],
});
