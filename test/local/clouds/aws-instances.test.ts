import {
  CreateSecurityGroupCommand,
  DeleteSecurityGroupCommand,
  DescribeInstancesCommand,
  DescribeVolumesCommand,
  type EC2Client,
  RunInstancesCommand,
  type RunInstancesCommandInput,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type AwsFake, createAwsFake } from '../../../infra/local/clouds/aws/aws-fake.ts';
import { noNodes, type PoweredMachine } from '../../../infra/local/clouds/node-host.ts';
import { seededRandom, type VirtualClock, virtualClock } from '../../clock.ts';
import { ec2, oneInstance } from './aws-client.ts';

describe('instances of the EC2 fake', () => {
  let clock: VirtualClock;
  let fake: AwsFake;
  let client: EC2Client;
  let on: PoweredMachine[];
  let off: string[];

  beforeEach(async () => {
    clock = virtualClock();
    [on, off] = [[], []];
    const nodes = { ...noNodes, powerOn: (machine: PoweredMachine) => void on.push(machine), powerOff: (id: string) => void off.push(id) };
    fake = await createAwsFake({ clock, random: seededRandom(3), nodes, timing: { pendingMs: 1_000, shuttingDownMs: 1_000 } });
    client = ec2(fake.url);
  });
  afterEach(async () => {
    client.destroy();
    await fake.close();
  });

  const run = async (input: Partial<RunInstancesCommandInput> = {}) =>
    (await client.send(new RunInstancesCommand({ ...oneInstance, ...input }))).Instances![0]!;
  const describeOne = async (id: string) =>
    (await client.send(new DescribeInstancesCommand({ InstanceIds: [id] }))).Reservations![0]!.Instances![0]!;
  const ids = async (input: object): Promise<(string | undefined)[]> =>
    (await client.send(new DescribeInstancesCommand(input))).Reservations!.flatMap((r) => r.Instances!.map((i) => i.InstanceId));
  const tagged = (value: string): RunInstancesCommandInput['TagSpecifications'] => [
    { ResourceType: 'instance', Tags: [{ Key: 'who', Value: value }] },
  ];

  it('start, run, shut down, end, and are forgotten after an hour', async () => {
    const { InstanceId: id } = await run();
    const state = async (): Promise<string | undefined> => (await describeOne(id!)).State?.Name;
    expect(await state()).toBe('pending');
    await clock.advance(1_000);
    expect(await state()).toBe('running');
    await client.send(new TerminateInstancesCommand({ InstanceIds: [id!] }));
    expect(await state()).toBe('shutting-down');
    expect((await client.send(new DescribeVolumesCommand({}))).Volumes).toHaveLength(1);
    await clock.advance(1_000);
    expect(await state()).toBe('terminated');
    expect((await client.send(new DescribeVolumesCommand({}))).Volumes).toEqual([]);
    expect((await client.send(new TerminateInstancesCommand({ InstanceIds: [id!] }))).TerminatingInstances![0]!.CurrentState!.Name).toBe(
      'terminated',
    );
    await clock.advance(3_600_000);
    await expect(state()).rejects.toMatchObject({ name: 'InvalidInstanceID.NotFound' });
    expect(fake.state().creations.map((creation) => creation.id)).toEqual([id]);
  });

  it('boot with their user data, under the name that AWS gives, at an address of loopback', async () => {
    const made = await run({ UserData: Buffer.from('machine: {}').toString('base64') });
    expect(made.PrivateIpAddress).toMatch(/^172\.31\./);
    expect(on).toEqual([
      {
        cloud: 'aws',
        id: made.InstanceId,
        instanceName: made.InstanceId,
        hostname: `ip-${made.PrivateIpAddress!.replaceAll('.', '-')}`,
        privateAddress: made.PrivateIpAddress,
        externalAddress: made.PublicIpAddress,
        userData: 'machine: {}',
        bootedAt: clock.now(),
      },
    ]);
    expect(made.PublicIpAddress).toMatch(/^127\.64\./);
    expect(made.PrivateDnsName).toBe(`${on[0]!.hostname}.us-west-2.compute.internal`);
    expect(JSON.stringify(fake.state())).not.toContain('machine: {}');
    await client.send(new TerminateInstancesCommand({ InstanceIds: [made.InstanceId!] }));
    expect(off).toEqual([made.InstanceId]);
  });

  it('are made once per client token, and not at all for other parameters', async () => {
    const first = await run({ ClientToken: 'one' });
    const again = await run({ ClientToken: 'one' });
    expect(again.InstanceId).toBe(first.InstanceId);
    await expect(run({ ClientToken: 'one', InstanceType: 't3.micro' })).rejects.toMatchObject({ name: 'IdempotentParameterMismatch' });
    expect((await run({ ClientToken: 'two' })).InstanceId).not.toBe(first.InstanceId);
    await client.send(new TerminateInstancesCommand({ InstanceIds: [first.InstanceId!] }));
    await expect(run({ ClientToken: 'one' })).rejects.toMatchObject({ name: 'IdempotentInstanceTerminated' });
    expect(fake.state().creations).toHaveLength(2);
  });

  it.each<[string, Partial<RunInstancesCommandInput>, string]>([
    ['an image id of another form', { ImageId: 'talos' }, 'InvalidAMIID.Malformed'],
    ['an image that is not there', { ImageId: 'ami-00000000' }, 'InvalidAMIID.NotFound'],
    ['a key pair that is not there', { KeyName: 'mine' }, 'InvalidKeyPair.NotFound'],
    ['a type that is none', { InstanceType: 'huge' as 't2.micro' }, 'InvalidParameterValue'],
    ['a security group that is not there', { SecurityGroupIds: ['sg-00000000'] }, 'InvalidGroup.NotFound'],
    ['a subnet that is not there', { SubnetId: 'subnet-00000000' }, 'InvalidSubnetID.NotFound'],
    ['too much user data', { UserData: Buffer.alloc(16_385, 'x').toString('base64') }, 'InvalidParameterValue'],
    ['user data that are not base64', { UserData: 'machine: {}' }, 'InvalidParameterValue'],
    ['a client token that is too long', { ClientToken: 'x'.repeat(65) }, 'InvalidParameterValue'],
    [
      'a disk smaller than the image',
      { BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { VolumeSize: 4 } }] },
      'InvalidBlockDeviceMapping',
    ],
    [
      'a tag that AWS keeps to itself',
      { TagSpecifications: [{ ResourceType: 'instance', Tags: [{ Key: 'aws:x', Value: '' }] }] },
      'InvalidParameterValue',
    ],
    ['metadata by other means', { MetadataOptions: { HttpTokens: 'never' as 'required' } }, 'InvalidParameterValue'],
    ['a dry run', { DryRun: true }, 'DryRunOperation'],
  ])('are not made of %s', async (_, input, code) => {
    await expect(run(input)).rejects.toMatchObject({ name: code });
    expect(fake.state()).toMatchObject({ instances: [], disks: [], networkInterfaces: [], creations: [] });
  });

  it('are hidden for as many reads as ordered, by id and by filter', async () => {
    fake.faults.add({ match: 'RunInstances', hideFor: 2 });
    const { InstanceId: id } = await run({ TagSpecifications: tagged('me') });
    await expect(describeOne(id!)).rejects.toMatchObject({ name: 'InvalidInstanceID.NotFound' });
    expect(await ids({ Filters: [{ Name: 'tag:who', Values: ['me'] }] })).toEqual([]);
    expect(await ids({ Filters: [{ Name: 'tag:who', Values: ['me'] }] })).toEqual([id]);
  });

  it('are found by filters, with wildcards, and in pages', async () => {
    const made: (string | undefined)[] = [];
    for (const who of ['a.b', 'axb', 'c', 'c', 'c'])
      made.push((await run({ ClientToken: `t${made.length}`, TagSpecifications: tagged(who) })).InstanceId);
    const by = (Name: string, ...Values: string[]) => ids({ Filters: [{ Name, Values }] });
    expect(await by('tag:who', 'a.b', 'c')).toEqual([made[0], made[2], made[3], made[4]]);
    expect(await by('tag:who', 'a*')).toEqual([made[0], made[1]]);
    expect(await by('tag:who', 'a.?')).toEqual([made[0]]);
    expect(await by('client-token', 't1')).toEqual([made[1]]);
    expect(await by('tag-key', 'who')).toHaveLength(5);
    expect(await by('instance-state-name', 'running', 'pending')).toHaveLength(5);
    await expect(by('colour', 'red')).rejects.toMatchObject({ name: 'InvalidParameterValue' });
    const first = await client.send(new DescribeInstancesCommand({ MaxResults: 3 }));
    const second = await client.send(new DescribeInstancesCommand({ MaxResults: 3, NextToken: first.NextToken }));
    expect([...first.Reservations!, ...second.Reservations!].map((r) => r.Instances![0]!.InstanceId)).toEqual(made);
    expect(second.NextToken).toBeUndefined();
  });

  it('hold their security group until they have ended', async () => {
    const group = { GroupName: 'masters', Description: 'd' };
    const { GroupId } = await client.send(new CreateSecurityGroupCommand(group));
    await expect(client.send(new CreateSecurityGroupCommand(group))).rejects.toMatchObject({ name: 'InvalidGroup.Duplicate' });
    const { InstanceId } = await run({ SecurityGroupIds: [GroupId!] });
    await client.send(new TerminateInstancesCommand({ InstanceIds: [InstanceId!] }));
    const remove = () => client.send(new DeleteSecurityGroupCommand({ GroupId }));
    await expect(remove()).rejects.toMatchObject({ name: 'DependencyViolation' });
    await clock.advance(1_000);
    await remove();
    expect(fake.state().securityGroups).toEqual([]);
  });

  it('are those of one region only', async () => {
    const { InstanceId } = await run();
    const elsewhere = ec2(fake.url, 'eu-west-1');
    expect((await elsewhere.send(new DescribeInstancesCommand({}))).Reservations).toEqual([]);
    await expect(elsewhere.send(new TerminateInstancesCommand({ InstanceIds: [InstanceId!] }))).rejects.toMatchObject({
      name: 'InvalidInstanceID.NotFound',
    });
    elsewhere.destroy();
  });
});
