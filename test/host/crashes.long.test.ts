import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { deployment } from '../../infra/local/demo/observe.ts';
import { systemClock as clock } from '../../infra/system.ts';
import { seededRandom } from '../clock.ts';
import { applyCredentials, creationsByMachine, fleet, fleetSize, workers } from './fleet.ts';
import { eventually, type Host, startHost, untilReady } from './host.ts';

/** Each stage of a cluster's life, while the plane is killed with -9 again and again at moments of a seed's choice. */
describe.each([1, 2, 3])('a plane that is killed at random, seed %i', (seed) => {
  const random = seededRandom(seed);
  const patience = 120_000;
  let host: Host;

  beforeAll(async () => {
    host = await startHost('--boot-seconds', '1');
    await applyCredentials(host);
  });
  afterAll(() => host.close());

  /** Kills it `times` times, each after a while of up to four seconds. */
  async function crashAgainAndAgain(times: number): Promise<void> {
    for (let i = 0; i < times; i++) {
      await clock.sleep(100 + (random.bytes(1)[0]! / 256) * 4_000);
      await host.crash();
    }
  }

  it(
    'creates 20 machines, each once',
    async () => {
      await host.apply(...fleet(host));
      await crashAgainAndAgain(4);
      await untilReady(host, fleetSize, undefined, 90);
    },
    patience,
  );

  it(
    'rolls a new image through the workers of one cloud',
    async () => {
      await host.apply(...fleet(host, 'talos-next'));
      await crashAgainAndAgain(5);
      await eventually(async () => {
        const { replicas, updated, available, observed } = await deployment(host.kubectl, 'gce-workers');
        const all = [replicas, updated, available].every((count) => count === workers.gce);
        return observed && all ? undefined : `${updated} of ${replicas} are new, ${available} available`;
      }, 90);
      const { gce } = await host.clouds();
      const images = gce.instances.filter(({ name }) => name.includes('workers')).map(({ image }) => image.split('/').at(-1));
      expect(images).toEqual(Array(workers.gce).fill('talos-next'));
    },
    patience,
  );

  it('has one Node for each Machine, and as many instances', async () => {
    const { stdout } = await (await host.workload('fleet')).run(['get', 'nodes', '-o', 'jsonpath={.items[*].spec.providerID}']);
    const providerIDs = (await host.list('machines')).map(({ spec }) => (spec as { providerID: string }).providerID);
    expect(stdout.split(' ').sort()).toEqual(providerIDs.sort());
    const { aws, gce } = await host.clouds();
    expect(aws.instances.length + gce.instances.length).toBe(fleetSize);
  });

  it(
    'takes the whole cluster down, and leaves nothing behind',
    async () => {
      await host.must('delete', 'cluster', 'fleet', '--wait=false');
      await crashAgainAndAgain(4);
      await eventually(async () => ((await host.list('clusters')).length === 0 ? undefined : 'the Cluster is still there'), 90);
      const { aws, gce } = await host.clouds();
      expect([aws.instances, aws.disks, aws.securityGroups, gce.instances, gce.disks, gce.firewalls]).toEqual([[], [], [], [], [], []]);
      expect(gce.addresses.map(({ status }) => status)).toEqual(['RESERVED', 'RESERVED', 'RESERVED']);
      for (const resource of ['machines', 'machinesets', 'machinedeployments', 'secrets']) expect(await host.list(resource)).toEqual([]);
    },
    patience,
  );

  it('has made no machine twice in all that time', async () => {
    const twins = [...creationsByMachine(await host.clouds())].filter(([, ids]) => ids.length !== 1);
    expect(twins).toEqual([]);
  });
});
