import { createRequire } from 'node:module';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Fault } from '../../infra/local/clouds/faults.ts';
import { Invalid, NotFound, OutOfCapacity, type PlastronError, QuotaExceeded, Refused, RetryLater } from '../../shared/errors.ts';
import { gce } from '../../shared/provisioners/gce/cloud.ts';
import type { GceConfig } from '../../shared/provisioners/gce/config.ts';
import type { DesiredInstance, Memo, Provisioner } from '../../shared/provisioners/provisioner.ts';
import { askForToken, clientOf, instanceBody } from '../local/clouds/gce-client.ts';
import { provisionerConformance } from './conformance.ts';
import { config, gceHarness, type OpenFake } from './gce-harness.ts';
import { cluster, create, desired, type Harness, openProvisioner, until } from './harness.ts';

provisionerConformance('gce', gceHarness);

describe('the gce provisioner', () => {
  let h: Harness<GceConfig> & OpenFake;
  let provisioner: Provisioner<GceConfig>;
  beforeEach(async () => {
    h = await gceHarness();
    provisioner = openProvisioner(h);
  });
  afterEach(async () => {
    provisioner.close();
    await h.close();
  });
  const worker: DesiredInstance<GceConfig> = desired(config, 'worker', 0);
  const settled = (step: { settled: boolean }): boolean => step.settled;

  describe('what it inserts', () => {
    it('has everything in one request: labels, tags, disk, image, network and address', async () => {
      const machine = { ...desired(config, 'master', 0), address: h.reservedAddress };
      await create(h, provisioner, {
        ...machine,
        config: { ...config, instances: { ...config.instances, tags: ['web'], disks: { size: 50 } } },
      });
      const { instances, disks } = h.fake.state();
      expect(instances).toMatchObject([
        {
          name: 'talos-test-master-0',
          type: 'n1-standard-2',
          image: config.instances.image,
          address: h.reservedAddress,
          networkTags: ['web', 'plastron-talos-test-7d6b9a52'],
          tags: {
            'plastron-cluster': cluster.uid,
            'plastron-cluster-name': 'talos-test',
            'plastron-machine': machine.machine.uid,
            'plastron-role': 'master',
          },
        },
      ]);
      expect(disks).toMatchObject([{ sizeGb: 50, tags: { 'plastron-machine': machine.machine.uid }, attachedTo: 'talos-test-master-0' }]);
    });

    it('gives workers no tag that opens the ports of masters', async () => {
      await create(h, provisioner, worker);
      expect(h.fake.state().instances).toMatchObject([{ networkTags: [] }]);
    });

    it('reports the addresses and names that the machine has', async () => {
      const { instance } = await create(h, provisioner, worker);
      expect(instance?.providerID).toBe('gce://talos-testbed/us-central1-c/talos-test-worker-0');
      expect(instance?.addresses).toEqual([
        { type: 'InternalIP', address: '10.128.0.2' },
        { type: 'ExternalIP', address: '127.65.1.1' },
        { type: 'Hostname', address: 'talos-test-worker-0' },
        { type: 'InternalDNS', address: 'talos-test-worker-0.us-central1-c.c.talos-testbed.internal' },
      ]);
    });
  });

  describe('an operation that fails', () => {
    const failing: [string, abstract new (...args: never[]) => PlastronError][] = [
      ['ZONE_RESOURCE_POOL_EXHAUSTED_WITH_DETAILS', OutOfCapacity],
      ['QUOTA_EXCEEDED', QuotaExceeded],
      ['INTERNAL_ERROR', RetryLater],
      ['PERMISSIONS_ERROR', Refused],
    ];
    it.each(failing)('with %s is reported, then followed by another attempt', async (code, expected) => {
      h.faults.add({ match: h.createCall, code });
      await expect(insertOnce()).rejects.toBeInstanceOf(expected);
      await create(h, provisioner, worker);
      expect(h.creations()).toHaveLength(1);
    });

    /** Until the operation has ended and its failure was written down: what does the next call say? */
    async function insertOnce(): Promise<unknown> {
      let memo: Memo | undefined;
      for (let call = 0; call < 3; call++) {
        ({ memo } = await provisioner.machines.ensure(worker, memo));
        await h.clock.advance(3_000);
      }
      return provisioner.machines.ensure(worker, memo);
    }

    it('is not repeated when it never can work', async () => {
      h.faults.add({ match: h.createCall, code: 'INVALID_USAGE', message: 'no such accelerator' });
      let memo = (await provisioner.machines.ensure(worker, undefined)).memo;
      memo = (await provisioner.machines.ensure(worker, memo)).memo;
      await h.clock.advance(5_000);
      memo = (await provisioner.machines.ensure(worker, memo)).memo;
      await h.clock.advance(3_600_000);
      await expect(provisioner.machines.ensure(worker, memo)).rejects.toThrow(/no such accelerator/);
      await expect(provisioner.machines.ensure(worker, memo)).rejects.toBeInstanceOf(Invalid);
      expect(h.creations()).toHaveLength(0);
    });
  });

  describe('a name that is taken', () => {
    it('is refused with the owner’s name, and the other’s instance is left alone', async () => {
      await create(h, provisioner, worker);
      const namesake = { ...worker, machine: { ...worker.machine, uid: 'ffffffff-0000-4000-8000-000000000000' } };
      await expect(create(h, provisioner, namesake)).rejects.toThrow(/is there already, for machine 3f2c1b0a.* of cluster talos-test/);
      expect(await provisioner.machines.get(namesake)).toBeUndefined();
      expect(await provisioner.machines.delete(namesake, undefined)).toMatchObject({ gone: true });
      expect(h.instances()).toHaveLength(1);
    });
  });

  describe('reserved addresses', () => {
    const master = (): DesiredInstance<GceConfig> => ({ ...desired(config, 'master', 0), address: h.reservedAddress });

    it('must be in the region: the message says what to do', async () => {
      const elsewhere = { ...master(), config: { ...config, zone: 'europe-west1-b' } };
      await expect(create(h, provisioner, elsewhere)).rejects.toThrow(
        /has reserved no address 127.65.0.10 in europe-west1: reserve it, or/,
      );
      expect(h.creations()).toHaveLength(0);
    });

    it('are given again to an instance that has lost its own', async () => {
      await create(h, provisioner, master());
      await provisioner.addresses.detach(h.reservedAddress, master());
      expect(h.userOf(h.reservedAddress)).toBeUndefined();
      await until(h, () => provisioner.addresses.attach(h.reservedAddress, master()), settled);
      expect(h.userOf(h.reservedAddress)).toBe('talos-test-master-0');
    });

    it('take the place of another external address', async () => {
      await create(h, provisioner, desired(config, 'master', 0));
      await until(h, () => provisioner.addresses.attach(h.reservedAddress, master()), settled);
      expect(h.fake.state().instances).toMatchObject([{ address: h.reservedAddress }]);
    });

    it('wait for the instance that is to have them', async () => {
      await expect(provisioner.addresses.attach(h.reservedAddress, master())).rejects.toBeInstanceOf(RetryLater);
    });
  });

  describe('what is left over', () => {
    it('is deleted too: a disk that stayed when its instance went', async () => {
      const token = await askForToken(h.fake, h.credentials, h.clock.now());
      const client = clientOf(h.fake, token.body.access_token);
      const body = instanceBody('left-over');
      const [disk] = body.disks;
      const labels = { 'plastron-machine': worker.machine.uid };
      const labelled = { ...disk, autoDelete: false, initializeParams: { ...disk?.initializeParams, labels } };
      await client.post('zones/us-central1-c/instances', { ...body, disks: [labelled] });
      h.fake.terminate('left-over');
      expect(h.remains()).toEqual(['disk left-over']);
      await until(
        h,
        () => provisioner.machines.delete(worker, undefined),
        (step) => step.gone,
      );
      expect(h.remains()).toEqual([]);
    });

    it('is reported when Compute Engine does not delete it, and deleted later', async () => {
      const { memo } = await create(h, provisioner, worker);
      h.faults.add({ match: 'DELETE instances', code: 'PERMISSIONS_ERROR', message: 'not allowed' });
      await provisioner.machines.delete(worker, memo);
      await h.clock.advance(3_000);
      await expect(provisioner.machines.delete(worker, memo)).rejects.toThrow(
        /did not delete instance .*not allowed \(PERMISSIONS_ERROR\)/,
      );
      await h.clock.advance(120_000);
      await until(
        h,
        () => provisioner.machines.delete(worker, memo),
        (step) => step.gone,
      );
      expect(h.remains()).toEqual([]);
    });
  });

  it('does not share a firewall rule between two networks', async () => {
    await until(h, () => provisioner.firewall.ensure(cluster, config), settled);
    expect(h.fake.state().firewalls).toMatchObject([
      {
        name: 'plastron-talos-test-7d6b9a52',
        rule: {
          direction: 'INGRESS',
          network: 'global/networks/default',
          allowed: [{ IPProtocol: 'tcp', ports: ['6443', '50000', '50001'] }],
          targetTags: ['plastron-talos-test-7d6b9a52'],
        },
      },
    ]);
    const blue = { ...config, instances: { ...config.instances, network: 'blue' } };
    await expect(provisioner.firewall.ensure(cluster, blue)).rejects.toThrow(/is on network default: masters of one cluster must share/);
  });

  describe('the access token', () => {
    it('is asked for once, and again shortly before it ends', async () => {
      const tokens = (): number => h.fake.calls().filter((call) => call === 'POST token').length;
      await Promise.all([0, 1, 2].map(() => provisioner.machines.get(worker)));
      expect(tokens()).toBe(1);
      await h.clock.advance(3_500_000);
      await provisioner.machines.get(worker);
      expect(tokens()).toBe(1);
      await h.clock.advance(50_000);
      await provisioner.machines.get(worker);
      expect(tokens()).toBe(2);
    });

    it('is asked for anew when Compute Engine refuses it before its time', async () => {
      await provisioner.machines.get(worker);
      h.faults.add({ match: 'GET instances', status: 401, code: 'authError' });
      expect(await provisioner.machines.get(worker)).toBeUndefined();
      h.faults.add({ match: 'GET instances', status: 401, code: 'authError', times: 2 });
      await expect(provisioner.machines.get(worker)).rejects.toBeInstanceOf(Refused);
    });
  });

  describe('what Google’s client throws', () => {
    const answers: [number, string, abstract new (...args: never[]) => PlastronError][] = [
      [400, 'invalid', Invalid],
      [400, 'resourceNotReady', RetryLater],
      [400, 'resourceInUseByAnotherResource', RetryLater],
      [403, 'forbidden', Refused],
      [403, 'rateLimitExceeded', RetryLater],
      [403, 'quotaExceeded', QuotaExceeded],
      [412, 'conditionNotMet', RetryLater],
      [429, 'tooManyRequests', RetryLater],
      [500, 'backendError', RetryLater],
      [502, 'badGateway', RetryLater],
      [503, 'backendError', RetryLater],
    ];
    it.each(answers)('for %i %s is told apart, with the cloud’s own words', async (status, code, expected) => {
      h.faults.add({ match: 'GET instances', status, code, message: 'in the words of the cloud' } satisfies Fault);
      const error = await provisioner.machines.get(worker).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(expected);
      expect(error).not.toBeInstanceOf(NotFound);
      expect(String(error)).toContain(`did not get instance talos-test-worker-0: in the words of the cloud (${status} ${code})`);
      // The client's own error would bring the request along, and with it the token.
      expect((error as Error).cause).toBeUndefined();
    });
  });

  it('lists all pages, and each zone once', async () => {
    await h.close();
    h = await gceHarness({ pageSize: 2 });
    provisioner = openProvisioner(h);
    for (let index = 0; index < 3; index++) await create(h, provisioner, desired(config, 'worker', index));
    const zones = [config, config, { ...config, zone: 'us-central1-a' }];
    expect(await provisioner.machines.list(cluster, zones)).toHaveLength(3);
    expect(h.fake.calls().filter((call) => call === 'GET instances').length).toBeGreaterThanOrEqual(3);
  });

  it('parses only the part of Google’s descriptor that it needs', () => {
    const descriptor = createRequire(import.meta.url)('@google-cloud/compute/build/protos/protos.json');
    expect(Object.keys(descriptor.nested.google.nested.cloud.nested.compute.nested.v1.nested).length).toBeLessThan(400);
  });

  it('names the part of the cloud that a config is in', () => {
    expect(gce.placeOf(config)).toBe('talos-testbed/us-central1-c');
  });
});
