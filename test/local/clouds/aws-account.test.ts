import { generateKeyPairSync } from 'node:crypto';
import {
  AllocateAddressCommand,
  AssociateAddressCommand,
  CreateKeyPairCommand,
  DescribeAddressesCommand,
  DescribeKeyPairsCommand,
  DescribeSubnetsCommand,
  DescribeVpcsCommand,
  DisassociateAddressCommand,
  type EC2Client,
  ImportKeyPairCommand,
  ReleaseAddressCommand,
  RunInstancesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type AwsFake, type AwsFakeOptions, createAwsFake, demoKeyPair } from '../../../infra/local/clouds/aws/aws-fake.ts';
import { demoAccessKeys } from '../../../infra/local/clouds/aws/signature.ts';
import { noNodes } from '../../../infra/local/clouds/node-host.ts';
import { seededRandom, type VirtualClock, virtualClock } from '../../clock.ts';
import { ec2, oneInstance } from './aws-client.ts';

describe('the account of the EC2 fake', () => {
  let clock: VirtualClock;
  let fake: AwsFake;
  let client: EC2Client;
  let addresses: (string | undefined)[];
  const start = (options: Partial<AwsFakeOptions> = {}): Promise<AwsFake> => {
    const nodes = { ...noNodes, setExternalAddress: (_id: string, address: string | undefined) => void addresses.push(address) };
    return createAwsFake({ clock, random: seededRandom(3), nodes, timing: { pendingMs: 1_000, shuttingDownMs: 0 }, ...options });
  };

  beforeEach(async () => {
    clock = virtualClock();
    addresses = [];
    fake = await start();
    client = ec2(fake.url);
  });
  afterEach(async () => {
    client.destroy();
    await fake.close();
  });

  it.each(['us-west-2', 'eu-central-1'])('has the key pair and the addresses of its user in %s from the start', async (region) => {
    const there = ec2(fake.url, region);
    expect((await there.send(new DescribeKeyPairsCommand({}))).KeyPairs?.map((pair) => pair.KeyName)).toEqual([demoKeyPair]);
    const { Addresses } = await there.send(new DescribeAddressesCommand({}));
    expect(Addresses?.map((address) => address.PublicIp)).toEqual(['127.64.0.10', '127.64.0.11', '127.64.0.12']);
    there.destroy();
  });

  it('has a default VPC with a subnet in each of three zones', async () => {
    const { Vpcs } = await client.send(new DescribeVpcsCommand({ Filters: [{ Name: 'is-default', Values: ['true'] }] }));
    const { Subnets } = await client.send(new DescribeSubnetsCommand({ Filters: [{ Name: 'vpc-id', Values: [Vpcs![0]!.VpcId!] }] }));
    expect(Subnets?.map((subnet) => subnet.AvailabilityZone)).toEqual(['us-west-2a', 'us-west-2b', 'us-west-2c']);
  });

  it('gives an Elastic IP to an instance that runs, and takes no other’s unless it may', async () => {
    const run = async () => (await client.send(new RunInstancesCommand(oneInstance))).Instances![0]!;
    const [one, two] = [await run(), await run()];
    const { AllocationId } = (await client.send(new DescribeAddressesCommand({}))).Addresses![0]!;
    const give = (InstanceId?: string) => client.send(new AssociateAddressCommand({ AllocationId, InstanceId, AllowReassociation: false }));
    await expect(give(one.InstanceId)).rejects.toMatchObject({ name: 'InvalidInstanceID' });
    await clock.advance(1_000);
    const { AssociationId } = await give(one.InstanceId);
    expect((await give(one.InstanceId)).AssociationId).toBe(AssociationId);
    await expect(give(two.InstanceId)).rejects.toMatchObject({ name: 'Resource.AlreadyAssociated' });
    await expect(client.send(new ReleaseAddressCommand({ AllocationId }))).rejects.toMatchObject({ name: 'InvalidIPAddress.InUse' });
    await client.send(new DisassociateAddressCommand({ AssociationId }));
    const own = fake.state().instances[0]?.address;
    expect(addresses).toEqual(['127.64.0.10', own]);
    expect(own).toMatch(/^127\.64\.1\./);
    await give(two.InstanceId);
    await client.send(new TerminateInstancesCommand({ InstanceIds: [two.InstanceId!] }));
    expect(fake.state().addresses[0]).toMatchObject({ address: '127.64.0.10', usedBy: undefined });
  });

  it('allocates and releases addresses', async () => {
    const { AllocationId, PublicIp } = await client.send(new AllocateAddressCommand({}));
    expect(PublicIp).toBe('127.64.1.1');
    await client.send(new ReleaseAddressCommand({ AllocationId }));
    expect(fake.state().addresses).toHaveLength(3);
    await expect(client.send(new DescribeAddressesCommand({ PublicIps: [PublicIp!] }))).rejects.toMatchObject({
      name: 'InvalidAddress.NotFound',
    });
  });

  it('takes key pairs in, makes them, and uses them', async () => {
    const { publicKey } = generateKeyPairSync('ed25519', {
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    });
    await client.send(new ImportKeyPairCommand({ KeyName: 'mine', PublicKeyMaterial: Buffer.from(publicKey) }));
    expect((await client.send(new CreateKeyPairCommand({ KeyName: 'theirs' }))).KeyMaterial).toContain('PRIVATE KEY');
    await expect(client.send(new CreateKeyPairCommand({ KeyName: 'mine' }))).rejects.toMatchObject({ name: 'InvalidKeyPair.Duplicate' });
    await client.send(new RunInstancesCommand({ ...oneInstance, KeyName: 'mine' }));
    expect(fake.state().instances[0]?.keyName).toBe('mine');
  });

  it.each([
    ['AuthFailure', 401, { accessKeyId: 'AKIASTRANGER', secretAccessKey: 'x' }],
    ['SignatureDoesNotMatch', 403, { accessKeyId: Object.keys(demoAccessKeys)[0]!, secretAccessKey: 'x' }],
  ])('answers %s (%s) to wrong credentials', async (code, status, credentials) => {
    const stranger = ec2(fake.url, 'us-west-2', credentials);
    await expect(stranger.send(new DescribeVpcsCommand({}))).rejects.toMatchObject({ name: code, $metadata: { httpStatusCode: status } });
    stranger.destroy();
  });

  it('lets strangers in where it is told to, but no one with a wrong secret', async () => {
    const open = await start({ acceptUnknownKeys: true });
    const stranger = ec2(open.url, 'us-west-2', { accessKeyId: 'AKIASTRANGER', secretAccessKey: 'x' });
    expect((await stranger.send(new DescribeVpcsCommand({}))).Vpcs).toHaveLength(1);
    const wrong = ec2(open.url, 'us-west-2', { accessKeyId: Object.keys(demoAccessKeys)[0]!, secretAccessKey: 'x' });
    await expect(wrong.send(new DescribeVpcsCommand({}))).rejects.toMatchObject({ name: 'SignatureDoesNotMatch' });
    for (const opened of [stranger, wrong]) opened.destroy();
    await open.close();
  });

  it('refuses what is unsigned, and what it does not know', async () => {
    const unsigned = await fetch(fake.url, { method: 'POST', body: 'Action=DescribeVpcs' });
    expect([unsigned.status, await unsigned.text()]).toEqual([401, expect.stringContaining('<Code>AuthFailure</Code>')]);
    fake.faults.add({ status: 400, code: 'Odd', message: 'a <b> & "c"' });
    await expect(client.send(new DescribeVpcsCommand({}))).rejects.toMatchObject({ name: 'Odd', message: 'a <b> & "c"' });
  });
});
