import { EC2Client, RunInstancesCommand } from '@aws-sdk/client-ec2';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type AwsFake, createAwsFake } from '../../infra/local/clouds/aws/aws-fake.ts';
import { demoAccessKeys, demoCredentials } from '../../infra/local/clouds/aws/signature.ts';
import { noNodes } from '../../infra/local/clouds/node-host.ts';
import { Invalid, RetryLater } from '../../shared/errors.ts';
import { aws } from '../../shared/provisioners/aws/cloud.ts';
import type { AwsConfig } from '../../shared/provisioners/aws/config.ts';
import { clientToken, machineTags } from '../../shared/provisioners/aws/names.ts';
import type { DesiredInstance, Memo, Provisioner } from '../../shared/provisioners/provisioner.ts';
import { seededRandom, type VirtualClock, virtualClock } from '../clock.ts';
import { config } from './aws-harness.ts';

const cluster = { namespace: 'default', name: 'talos', uid: 'c1a5c1a5-0000-4000-8000-000000000001' };
const worker = (instances: Partial<AwsConfig['instances']> = {}): DesiredInstance<AwsConfig> => ({
  cluster,
  machine: { namespace: 'default', name: 'talos-workers-x', uid: '5eed5eed-0000-4000-8000-000000000001' },
  config: { ...config, instances: { ...config.instances, ...instances } },
  role: 'worker',
  userData: async () => 'machine: {}\n',
});

describe('the aws provisioner', () => {
  let clock: VirtualClock;
  let fake: AwsFake;
  let provisioner: Provisioner<AwsConfig>;
  const open = (endpoint = fake.url): Provisioner<AwsConfig> =>
    aws.open({ credentials: demoCredentials, endpoint, clock, random: seededRandom(1), settlingSeconds: 20 });

  beforeEach(async () => {
    clock = virtualClock();
    fake = await createAwsFake({ clock, random: seededRandom(7), nodes: noNodes, timing: { pendingMs: 0, shuttingDownMs: 0 } });
    provisioner = open();
  });
  afterEach(async () => {
    provisioner.close();
    await fake.close();
  });

  /** The memo that a first call asks to be written down. */
  const written = async (desired: DesiredInstance<AwsConfig>): Promise<Memo> =>
    (await provisioner.machines.ensure(desired, undefined)).memo;

  /** RunInstances as some other program would send it. */
  const runBesides = async (input: object): Promise<string> => {
    const [accessKeyId, secretAccessKey] = Object.entries(demoAccessKeys)[0]!;
    const ec2 = new EC2Client({ region: config.region, endpoint: fake.url, credentials: { accessKeyId, secretAccessKey } });
    const Tags = machineTags(worker());
    const TagSpecifications = (['instance', 'volume'] as const).map((ResourceType) => ({ ResourceType, Tags }));
    const base = { MinCount: 1, MaxCount: 1, ImageId: config.instances.ami, InstanceType: 't2.micro' as const, TagSpecifications };
    const { Instances } = await ec2.send(new RunInstancesCommand({ ...base, ...input }));
    ec2.destroy();
    return Instances![0]!.InstanceId!;
  };

  it('tags instance, disk and interface in the call that makes them', async () => {
    await provisioner.machines.ensure(worker(), await written(worker()));
    const { instances, disks, networkInterfaces } = fake.state();
    const expected = {
      Name: 'talos-workers-x',
      'kubernetes.io/cluster/talos': 'owned',
      'plastron.dev/cluster-uid': cluster.uid,
      'plastron.dev/machine-uid': worker().machine.uid,
      'plastron.dev/machine': 'default/talos-workers-x',
      'plastron.dev/role': 'worker',
    };
    expect([instances[0]?.tags, disks[0]?.tags, networkInterfaces[0]?.tags]).toEqual([expected, expected, expected]);
  });

  it('sends key pair, type and image as configured, and a client token that is a function of machine and attempt', async () => {
    const memo = await written(worker());
    expect(memo.token).toBe(clientToken(worker().machine.uid, 1));
    expect(memo.token).toHaveLength(64);
    await provisioner.machines.ensure(worker(), memo);
    expect(fake.state().instances[0]).toMatchObject({ type: 't2.micro', image: config.instances.ami, keyName: 'plastron-demo' });
  });

  it.each([
    ['/dev/xvda', 'ami-09d6bf816f2ebdfe1'],
    ['/dev/sda1', 'ami-09d6bf816f2ebdfe2'],
  ])('sizes the root disk of an image that calls it %s, and adds no second one', async (device, ami) => {
    const memo = await written(worker({ ami }));
    expect(memo.parameters).toMatchObject({ rootDisk: { device, size: 10 } });
    await provisioner.machines.ensure(worker({ ami }), memo);
    expect(fake.state().disks.map((disk) => disk.sizeGb)).toEqual([10]);
  });

  it('leaves the disk as the image has it when no size is configured', async () => {
    await provisioner.machines.ensure(worker({ disks: undefined }), await written(worker({ disks: undefined })));
    expect(fake.state().disks.map((disk) => disk.sizeGb)).toEqual([8]);
    expect(fake.calls()).not.toContain('DescribeImages');
  });

  it('uses the security groups that are configured, by name or id, and then makes none', async () => {
    const desired = { ...worker({ securitygroups: ['default'] }), role: 'master' as const };
    expect(await provisioner.firewall.ensure(cluster, desired.config)).toMatchObject({ settled: true });
    await provisioner.machines.ensure(desired, await written(desired));
    expect(fake.state().securityGroups).toEqual([]);
    expect(fake.state().instances[0]?.groups).toHaveLength(1);
  });

  it.each<[string, Partial<AwsConfig['instances']>, string]>([
    ['a security group', { securitygroups: ['web'] }, 'instances.securitygroups: web not found'],
    ['an image', { ami: 'ami-00000000' }, 'InvalidAMIID.NotFound'],
    ['a subnet', { subnet: 'subnet-00000000', securitygroups: ['default'] }, 'instances.subnet: there is no subnet-00000000'],
  ])('names %s that is not there', async (_, instances, words) => {
    const refusal = await written(worker(instances)).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(Invalid);
    expect(String(refusal)).toContain(words);
  });

  it('gives a master the group of its cluster and the default group, and waits for the first to be there', async () => {
    const master = { ...worker(), role: 'master' as const };
    await expect(written(master)).rejects.toBeInstanceOf(RetryLater);
    for (let look = 0; look < 3; look++) await provisioner.firewall.ensure(cluster, config);
    await provisioner.machines.ensure(master, await written(master));
    const [group] = fake.state().securityGroups;
    expect(group).toMatchObject({ name: 'plastron-talos-c1a5c1a5', ports: [6443, 50000, 50001] });
    expect(fake.state().instances[0]?.groups).toEqual([group?.id, expect.stringMatching(/^sg-/)]);
  });

  it('asks anew, under another token, when the group that it wrote down was made anew', async () => {
    const master = { ...worker(), role: 'master' as const };
    const openPorts = async (): Promise<void> => {
      for (let look = 0; look < 3; look++) await provisioner.firewall.ensure(cluster, config);
    };
    await openPorts();
    const stale = await written(master);
    await provisioner.firewall.delete(cluster, config);
    await openPorts();
    const again = await provisioner.machines.ensure(master, stale);
    expect(again).toMatchObject({ settled: false, memo: { attempt: 2, token: clientToken(master.machine.uid, 2) } });
    await provisioner.machines.ensure(master, again.memo);
    expect(fake.state().instances).toHaveLength(1);
  });

  it('refuses user data that EC2 would not take, before anything is asked of it', async () => {
    const desired = { ...worker(), userData: async () => 'x'.repeat(16_385) };
    await expect(written(desired)).rejects.toThrow('at most 16384 bytes');
  });

  it('writes the time down anew before it asks again long after, so that who deletes knows until when to wait', async () => {
    const memo = await written(worker());
    await clock.advance(60_000);
    const again = await provisioner.machines.ensure(worker(), memo);
    expect(again).toMatchObject({ again: true, memo: { token: memo.token, requestedAt: clock.now() } });
    expect(fake.state().creations).toHaveLength(0);
    expect(await provisioner.machines.ensure(worker(), again.memo)).toMatchObject({ instance: { state: 'Running' } });
  });

  it('sends a request that was written down just now without looking first', async () => {
    const memo = await written(worker());
    const before = fake.state().instances.length;
    fake.faults.add({ match: 'DescribeInstances', status: 503, code: 'Unavailable' });
    expect(await provisioner.machines.ensure(worker(), memo)).toMatchObject({ instance: { state: 'Running' } });
    expect(fake.state().instances).toHaveLength(before + 1);
  });

  it('adopts the instance of a request that differed', async () => {
    const memo = await written(worker());
    const id = await runBesides({ ClientToken: memo.token });
    await expect(provisioner.machines.ensure(worker(), memo)).rejects.toThrow('IdempotentParameterMismatch');
    await clock.advance(2_000);
    expect(await provisioner.machines.ensure(worker(), memo)).toMatchObject({ instance: { id }, settled: true });
    expect(fake.state().creations).toHaveLength(1);
  });

  it('waits for the instance of a request that differed while EC2 hides it', async () => {
    const memo = await written(worker());
    await clock.advance(2_000);
    fake.faults.add({ match: 'RunInstances', hideFor: 1 });
    const id = await runBesides({ ClientToken: memo.token });
    await expect(provisioner.machines.ensure(worker(), memo)).rejects.toThrow('IdempotentParameterMismatch');
    expect(await provisioner.machines.ensure(worker(), memo)).toMatchObject({ instance: { id } });
  });

  it('ends the younger of two instances of one machine, and says so', async () => {
    const older = await runBesides({});
    await clock.advance(5_000);
    const younger = await runBesides({});
    const memo = await written(worker());
    await clock.advance(2_000);
    const ensured = await provisioner.machines.ensure(worker(), memo);
    expect(ensured).toMatchObject({ instance: { id: older }, says: expect.stringContaining(`terminates its younger twin ${younger}`) });
    expect(fake.state().instances.map(({ id }) => id)).toEqual([older]);
  });

  it('deletes the disk that outlives its instance', async () => {
    const Ebs = { VolumeSize: 20, DeleteOnTermination: false };
    await runBesides({ BlockDeviceMappings: [{ DeviceName: '/dev/xvdb', Ebs }] });
    const remove = () => provisioner.machines.delete(worker(), undefined);
    expect([await remove(), await remove(), await remove()].map((step) => step.gone)).toEqual([false, false, true]);
    expect(fake.state().disks).toEqual([]);
  });

  it('says Deleted for an instance that it knew and EC2 forgot, and never makes another', async () => {
    const desired = { ...worker(), providerID: 'aws:///us-west-2a/i-0123456789abcdef0' };
    expect(await provisioner.machines.ensure(desired, undefined)).toMatchObject({ settled: false, instance: { state: 'Deleted' } });
    expect(fake.state().creations).toHaveLength(0);
  });

  it('keeps clusters of other regions apart', async () => {
    await provisioner.machines.ensure(worker(), await written(worker()));
    expect(await provisioner.machines.list(cluster, [{ ...config, region: 'eu-west-1' }])).toEqual([]);
    expect(await provisioner.machines.list(cluster, [config, { ...config, region: 'eu-west-1' }])).toHaveLength(1);
  });

  it('goes where AWS_ENDPOINT_URL_EC2 says, whatever endpoint it is given', async () => {
    process.env.AWS_ENDPOINT_URL_EC2 = fake.url;
    const elsewhere = open('http://127.0.0.1:9');
    delete process.env.AWS_ENDPOINT_URL_EC2;
    expect(await elsewhere.machines.get(worker())).toBeUndefined();
    elsewhere.close();
  });
});
