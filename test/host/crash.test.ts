import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { systemClock as clock } from '../../infra/system.ts';
import { createNodes } from '../../shared/nodes/create-nodes.ts';
import type { TalosApi } from '../../shared/nodes/nodes.ts';
import { executionsOf } from './executions.ts';
import { applyCredentials, creationsByMachine, fleet, fleetSize, master } from './fleet.ts';
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
    await host.apply(...fleet(host));
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

  describe('its three masters', () => {
    const address = (index: number): string => host.endpoints().reservedAddresses.gce[index]!;

    /** Asks the Talos API of a master, with the generated talosconfig. */
    async function talos<T>(index: number, ask: (talos: TalosApi) => Promise<T>): Promise<T> {
      const talosconfig = await host.secretText('fleet-talosconfig', 'talosconfig');
      const api = createNodes({ clock }).talos(talosconfig, address(index));
      try {
        return await ask(api);
      } finally {
        api.close();
      }
    }
    const members = (index: number) => talos(index, async (api) => (await api.etcdMembers()).length);
    const bootstrap = async () => ((await host.get('cluster', 'fleet')).status as { bootstrap: unknown }).bootstrap;

    it('have the addresses of their indexes, and are one etcd seen from each of them', async () => {
      const { gce } = await host.clouds();
      const masters = gce.instances.filter(({ name }) => name.includes('master')).map(({ name, address: at }) => [name, at]);
      expect(masters.sort()).toEqual([0, 1, 2].map((index) => [`fleet-master-${index}`, address(index)]));
      expect([await members(0), await members(1), await members(2)]).toEqual([3, 3, 3]);
    });

    it('are two after one is deleted: it left etcd, its address is free, and the cluster answers', async () => {
      await host.must('delete', 'machine', 'fleet-master-2', '--timeout=30s');
      expect(await members(0)).toBe(2);
      const { gce } = await host.clouds();
      expect(gce.addresses.find((reserved) => reserved.address === address(2))).toMatchObject({ status: 'RESERVED' });
      expect((await (await host.workload('fleet')).run(['get', 'nodes', 'fleet-master-2'])).stderr).toContain('not found');
    });

    it('are three again when it is made again: it joins, and etcd is not bootstrapped a second time', async () => {
      const before = await bootstrap();
      await host.apply(master(2));
      await untilReady(host, fleetSize);
      expect([await members(0), await members(2)]).toEqual([3, 3]);
      expect(await bootstrap()).toEqual(before);
    });
  });
});
