import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { systemClock as clock } from '../../infra/local/system.ts';
import { executionsOf } from './executions.ts';
import { applyCredentials, applyFleet, creationsByMachine, fleetSize } from './fleet.ts';
import { type Host, startHost, untilReady } from './host.ts';

describe('kill -9 in the middle of creating 20 machines, then a new start', () => {
  let host: Host;
  let before: Map<string, string[]>;

  beforeAll(async () => {
    host = await startHost('--boot-seconds', '0.5');
    await applyCredentials(host);
    // The first three instances of each cloud are made; the calls for the others are still under way when the kill comes.
    const slow = { after: 3, times: fleetSize, delayMs: 60_000 };
    await host.fault('gce', { match: 'POST instances', ...slow });
    await host.fault('aws', { match: 'RunInstances', ...slow });
    await applyFleet(host);
    do {
      await clock.sleep(10);
      before = creationsByMachine(await host.clouds());
    } while (before.size < 6);
    await host.crash();
  });
  afterAll(() => host.close());

  it('was in the middle', () => {
    expect(before.size).toBe(6);
  });

  it('ends with 20 ready Machines', () => untilReady(host, fleetSize));

  it('has made each instance once, and those from before the kill are the same ones', async () => {
    const machines = await host.list('machines');
    const clouds = await host.clouds();
    const creations = creationsByMachine(clouds);
    expect([...creations.keys()].sort()).toEqual(machines.map(({ metadata }) => metadata.uid).sort());
    expect([...creations.values()].filter((ids) => ids.length !== 1)).toEqual([]);
    for (const [uid, ids] of before) expect(creations.get(uid)).toEqual(ids);
    expect(clouds.aws.instances.length + clouds.gce.instances.length).toBe(fleetSize);
  });

  it('went on with the executions that ran, and started no other', async () => {
    const executions = await executionsOf(host.endpoints().stepFunctions, 'create-machine');
    const machines = await host.list('machines');
    expect(executions.map(({ name, status }) => [name, status]).sort()).toEqual(
      machines.map(({ metadata }) => [`create-${metadata.uid}-1`, 'SUCCEEDED']).sort(),
    );
  });

  it('has one Node for each Machine in the cluster', async () => {
    const { stdout } = await (await host.workload('fleet')).run(['get', 'nodes', '-o', 'jsonpath={.items[*].spec.providerID}']);
    const providerIDs = (await host.list('machines')).map(({ spec }) => (spec as { providerID: string }).providerID);
    expect(stdout.split(' ').sort()).toEqual(providerIDs.sort());
  });
});
