import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AssociateAddressCommand, DescribeAddressesCommand, RunInstancesCommand, TerminateInstancesCommand } from '@aws-sdk/client-ec2';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type AwsFake, createAwsFake } from '../../../infra/local/clouds/aws/aws-fake.ts';
import { noNodes, type PoweredMachine } from '../../../infra/local/clouds/node-host.ts';
import { seededRandom, type VirtualClock, virtualClock } from '../../clock.ts';
import { ec2, oneInstance } from './aws-client.ts';

const moduleOf = (path: string): string => new URL(`../../../infra/local/${path}`, import.meta.url).href;

/** A process of its own, so that it can be killed. */
const program = `
  import { createAwsFake } from '${moduleOf('clouds/aws/aws-fake.ts')}';
  import { noNodes } from '${moduleOf('clouds/node-host.ts')}';
  import { systemClock, systemRandom } from '${moduleOf('../system.ts')}';
  const fake = await createAwsFake({ clock: systemClock, random: systemRandom, nodes: noNodes, dataDir: process.env.DATA });
  console.log(fake.url);
`;

describe('the EC2 fake, started again over its data', () => {
  let dataDir: string;
  let clock: VirtualClock;
  let on: PoweredMachine[];

  beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'aws-fake-'));
    clock = virtualClock(Date.now());
    on = [];
  });
  afterEach(() => rmSync(dataDir, { recursive: true }));

  const start = (seed: number): Promise<AwsFake> => {
    const nodes = { ...noNodes, powerOn: (machine: PoweredMachine) => void on.push(machine) };
    return createAwsFake({ clock, random: seededRandom(seed), nodes, dataDir, timing: { pendingMs: 0, shuttingDownMs: 0 } });
  };

  it('holds what it held, and boots what ran as of its first start, at its address', async () => {
    const first = await start(1);
    const client = ec2(first.url);
    const run = async () => (await client.send(new RunInstancesCommand({ ...oneInstance, UserData: 'bWFjaGluZTo=' }))).Instances![0]!;
    const [kept, ended] = [await run(), await run()];
    const { AllocationId } = (await client.send(new DescribeAddressesCommand({}))).Addresses![0]!;
    await client.send(new AssociateAddressCommand({ AllocationId, InstanceId: kept.InstanceId }));
    await client.send(new TerminateInstancesCommand({ InstanceIds: [ended.InstanceId!] }));
    const before = first.state();
    const bootedAt = clock.now();
    client.destroy();
    await first.close();
    on = [];
    await clock.advance(60_000);

    const second = await start(2);
    expect(second.state()).toEqual(before);
    expect(on).toMatchObject([{ id: kept.InstanceId, bootedAt, userData: 'machine:', externalAddress: '127.64.0.10' }]);
    const again = ec2(second.url);
    const third = (await again.send(new RunInstancesCommand(oneInstance))).Instances![0]!;
    expect(before.instances.map((one) => one.address)).not.toContain(third.PublicIpAddress);
    again.destroy();
    await second.close();
  });

  it('has every instance that it answered once after kill -9, and remembers client tokens', async () => {
    const child = spawn(process.execPath, ['--input-type=module', '--eval', program], { env: { ...process.env, DATA: dataDir } });
    const url = await new Promise<string>((resolve) => child.stdout.once('data', (text) => resolve(String(text).trim())));
    const client = ec2(url);
    const run = async (n: number, on = client) =>
      (await on.send(new RunInstancesCommand({ ...oneInstance, ClientToken: `token-${n}` }))).Instances![0]!.InstanceId!;
    const answered = new Map<number, string>();
    const tenAnswered = Promise.withResolvers<void>();
    const running = Array.from({ length: 40 }, async (_, n) => {
      const id = await run(n).catch(() => undefined);
      if (id !== undefined) answered.set(n, id);
      if (answered.size >= 10) tenAnswered.resolve();
    });
    await tenAnswered.promise;
    child.kill('SIGKILL');
    await Promise.all(running);
    client.destroy();

    const fake = await start(2);
    const again = ec2(fake.url);
    for (const [n, id] of answered) expect(await run(n, again)).toBe(id);
    for (let n = 0; n < 40; n++) await run(n, again);
    expect(fake.state().creations).toHaveLength(40);
    expect(fake.state().instances).toHaveLength(40);
    again.destroy();
    await fake.close();
  });
});
