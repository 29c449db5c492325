import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createGceFake, type GceFake } from '../../../infra/local/clouds/gce/gce-fake.ts';
import type { NodeHost, PoweredMachine } from '../../../infra/local/clouds/node-host.ts';
import { seededRandom, type VirtualClock, virtualClock } from '../../clock.ts';
import { keyFile, knownKey } from '../../provisioners/gce-harness.ts';
import { askForToken, type Client, clientOf, instanceBody } from './gce-client.ts';

const zone = 'zones/us-central1-c';
const instances = `${zone}/instances`;
const uuid = (n: number): string => `3f2c1b0a-0000-4000-8000-${String(n).padStart(12, '0')}`;

describe('the fake of Compute Engine', () => {
  let clock: VirtualClock;
  let fake: GceFake;
  let gce: Client;
  let nodes: NodeHost & { readonly on: PoweredMachine[]; readonly off: string[]; readonly moved: [string, string | undefined][] };
  beforeEach(async () => {
    clock = virtualClock();
    nodes = recordingNodes();
    fake = await createGceFake({ clock, random: seededRandom(3), nodes, keys: [knownKey], operationMs: 4000 });
    const token = await askForToken(fake, keyFile(`${fake.url}/token`), clock.now());
    gce = clientOf(fake, token.body.access_token);
  });
  afterEach(() => fake.close());
  const insert = (name: string, changes: Record<string, unknown> = {}) => gce.post(instances, instanceBody(name, changes));
  const withAddress = (natIP: string) => ({ networkInterfaces: [{ accessConfigs: [{ type: 'ONE_TO_ONE_NAT', natIP }] }] });

  describe('operations', () => {
    it('go from PENDING over RUNNING to DONE, and the instance from PROVISIONING over STAGING to RUNNING', async () => {
      const begun = await insert('a');
      expect(begun.body).toMatchObject({ kind: 'compute#operation', operationType: 'insert', status: 'PENDING', progress: 0 });
      const look = async () => {
        const operation = await gce.get(`${zone}/operations/${begun.body.name}`);
        return [operation.body.status, (await gce.get(`${instances}/a`)).body.status];
      };
      expect(await look()).toEqual(['PENDING', 'PROVISIONING']);
      await clock.advance(1000);
      expect(await look()).toEqual(['RUNNING', 'PROVISIONING']);
      await clock.advance(1000);
      expect(await look()).toEqual(['RUNNING', 'STAGING']);
      await clock.advance(2000);
      expect(await look()).toEqual(['DONE', 'RUNNING']);
    });

    it('are the same for the same request id, and name their target by URL and by an id beyond 2^53', async () => {
      const path = `${instances}?requestId=${uuid(1)}`;
      const [first, second] = [await gce.post(path, instanceBody('a')), await gce.post(path, instanceBody('a'))];
      expect(second.body.name).toBe(first.body.name);
      expect(fake.state().creations).toHaveLength(1);
      expect(first.body.targetLink).toBe('https://www.googleapis.com/compute/v1/projects/talos-testbed/zones/us-central1-c/instances/a');
      expect(BigInt(first.body.targetId)).toBeGreaterThan(2n ** 53n);
    });

    it('refuse a request id that is none, the zero one, or another request’s', async () => {
      await gce.post(`${instances}?requestId=${uuid(1)}`, instanceBody('a'));
      for (const id of ['once', '00000000-0000-0000-0000-000000000000', uuid(1)]) {
        expect((await gce.post(`${instances}?requestId=${id}`, instanceBody('b'))).status).toBe(400);
      }
    });

    it('that fail leave nothing behind, and say why', async () => {
      fake.faults.add({ match: 'POST instances', code: 'QUOTA_EXCEEDED', message: "Quota 'CPUS' exceeded." });
      const begun = await insert('a');
      expect(begun.status).toBe(200);
      await clock.advance(4000);
      const ended = await gce.get(`${zone}/operations/${begun.body.name}`);
      expect(ended.body).toMatchObject({
        status: 'DONE',
        error: { errors: [{ code: 'QUOTA_EXCEEDED', message: "Quota 'CPUS' exceeded." }] },
      });
      expect((await gce.get(`${instances}/a`)).status).toBe(404);
      expect(fake.state()).toMatchObject({ instances: [], disks: [], creations: [] });
      expect(nodes.on).toHaveLength(0);
    });

    it('are found only where they are', async () => {
      const begun = await insert('a');
      expect((await gce.get(`global/operations/${begun.body.name}`)).status).toBe(404);
      expect((await gce.get(`zones/us-central1-a/operations/${begun.body.name}`)).status).toBe(404);
    });
  });

  describe('instances', () => {
    it('show themselves with full URLs, and switch their machine on with what it needs to boot', async () => {
      const begun = await insert('a');
      const url = 'https://www.googleapis.com/compute/v1/projects/talos-testbed/zones/us-central1-c';
      expect((await gce.get(`${instances}/a`)).body).toMatchObject({
        kind: 'compute#instance',
        id: begun.body.targetId,
        zone: url,
        machineType: `${url}/machineTypes/n1-standard-2`,
        disks: [{ boot: true, source: `${url}/disks/a` }],
        networkInterfaces: [{ name: 'nic0', networkIP: '10.128.0.2', accessConfigs: [{ natIP: '127.65.1.1' }] }],
      });
      expect(nodes.on).toEqual([
        {
          cloud: 'gce',
          id: begun.body.targetId,
          instanceName: 'a',
          hostname: 'a',
          privateAddress: '10.128.0.2',
          externalAddress: '127.65.1.1',
          userData: 'machine: {}',
          bootedAt: clock.now() + 4000,
        },
      ]);
    });

    it('have names that are taken once per project and zone', async () => {
      await insert('a');
      expect((await insert('a')).body.error).toMatchObject({ code: 409, errors: [{ reason: 'alreadyExists' }] });
      const elsewhere = instanceBody('a', { machineType: 'zones/us-central1-a/machineTypes/n1-standard-2' });
      expect((await gce.post('zones/us-central1-a/instances', elsewhere)).status).toBe(200);
    });

    it('go with their disk and address when they are deleted, after the machine was switched off', async () => {
      const begun = await insert('a');
      await clock.advance(4000);
      await gce.delete(`${instances}/a`);
      expect(nodes.off).toEqual([begun.body.targetId]);
      expect((await gce.get(`${instances}/a`)).body.status).toBe('STOPPING');
      await clock.advance(4000);
      expect((await gce.get(`${instances}/a`)).status).toBe(404);
      expect(fake.state()).toMatchObject({ instances: [], disks: [], creations: [{ name: 'a' }] });
    });

    it('leave a disk that is not to go with them', async () => {
      const [disk] = instanceBody('a').disks;
      await insert('a', { disks: [{ ...disk, autoDelete: false }] });
      await clock.advance(4000);
      expect((await gce.delete(`${zone}/disks/a`)).body.error.errors[0].reason).toBe('resourceInUseByAnotherResource');
      await gce.delete(`${instances}/a`);
      await clock.advance(4000);
      expect((await gce.get(`${zone}/disks`)).body.items).toMatchObject([{ name: 'a', sizeGb: '50', users: [] }]);
      await gce.delete(`${zone}/disks/a`);
      await clock.advance(4000);
      expect(fake.state().disks).toEqual([]);
    });

    it('cannot be deleted while they are inserted', async () => {
      await insert('a');
      expect((await gce.delete(`${instances}/a`)).body.error.errors[0].reason).toBe('resourceNotReady');
    });

    const disk = instanceBody('a').disks[0]!;
    it.each<[string, Record<string, unknown>, string]>([
      ['a name with capitals', { name: 'A' }, 'name'],
      ['no machine type', { machineType: undefined }, 'machineType'],
      ['a machine type of another zone', { machineType: 'zones/us-central1-a/machineTypes/n1-standard-2' }, 'machineType'],
      ['a machine type that does not exist', { machineType: 'zones/us-central1-c/machineTypes/t2.micro' }, 'machineType'],
      ['no disk', { disks: [] }, 'disks'],
      ['no boot disk', { disks: [{ ...disk, boot: false }] }, 'disks'],
      ['an image that is no URL', { disks: [{ ...disk, initializeParams: { sourceImage: 'talos' } }] }, 'sourceImage'],
      [
        'a disk of a thousand terabytes',
        { disks: [{ ...disk, initializeParams: { ...disk.initializeParams, diskSizeGb: '1000000' } }] },
        'diskSizeGb',
      ],
      ['a network that is no URL', { networkInterfaces: [{ network: 'default' }] }, 'network'],
      ['no network interface', { networkInterfaces: [] }, 'networkInterfaces'],
      ['a label with capitals', { labels: { Team: 'Blue' } }, 'labels'],
      ['an address that nobody has reserved', withAddress('127.65.0.99'), 'natIP'],
      ['user data of more than 256 KiB', { metadata: { items: [{ key: 'user-data', value: 'x'.repeat(262_145) }] } }, 'metadata'],
    ])('are refused with %s', async (_, changes, field) => {
      const refused = await insert('a', changes);
      expect(refused).toMatchObject({ status: 400, body: { error: { code: 400, errors: [{ reason: 'invalid', domain: 'global' }] } } });
      expect(refused.body.error.message).toContain(field);
      expect(fake.state()).toMatchObject({ instances: [], disks: [], creations: [] });
    });

    it('may have user data of exactly 256 KiB', async () => {
      expect((await insert('a', { metadata: { items: [{ key: 'user-data', value: 'x'.repeat(262_144) }] } })).status).toBe(200);
    });

    it('are listed by label and name, page by page', async () => {
      for (const name of ['c', 'a', 'b']) await insert(name, { labels: { team: name === 'b' ? 'red' : 'blue' } });
      const names = async (query: string) => (await gce.get(`${instances}?${query}`)).body.items.map((item: { name: string }) => item.name);
      expect(await names('filter=labels.team%3Dblue')).toEqual(['a', 'c']);
      expect(await names('filter=labels.team%21%3Dblue')).toEqual(['b']);
      expect(await names('filter=(labels.team%3Dblue)%20(name%3Dc)')).toEqual(['c']);
      expect(await names('filter=labels.team:*%20AND%20name%3Db')).toEqual(['b']);
      expect((await gce.get(`${instances}?filter=whatever`)).status).toBe(400);
      const first = (await gce.get(`${instances}?maxResults=2`)).body;
      expect(first.items).toHaveLength(2);
      expect(await names(`maxResults=2&pageToken=${first.nextPageToken}`)).toEqual(['c']);
    });
  });

  describe('addresses', () => {
    const reserved = (name: string) => gce.get(`regions/us-central1/addresses/${name}`);

    it('that the user has reserved are there, in use while an instance has them, and reserved again afterwards', async () => {
      const [address = ''] = fake.reservedAddresses;
      expect((await reserved('reserved-0')).body).toMatchObject({ address, status: 'RESERVED', users: [] });
      await insert('a', withAddress(address));
      expect((await reserved('reserved-0')).body).toMatchObject({ status: 'IN_USE', users: [expect.stringMatching(/instances\/a$/)] });
      expect((await insert('b', withAddress(address))).body.error.message).toContain('already in-use');
      await clock.advance(4000);
      await gce.delete(`${instances}/a`);
      await clock.advance(4000);
      expect((await reserved('reserved-0')).body).toMatchObject({ address, status: 'RESERVED', users: [] });
    });

    it('can be taken from an instance and given to it', async () => {
      const [address = ''] = fake.reservedAddresses;
      const begun = await insert('a', withAddress(address));
      const path = `${instances}/a`;
      await gce.post(`${path}/deleteAccessConfig?accessConfig=External%20NAT&networkInterface=nic0`, {});
      expect((await reserved('reserved-0')).body.status).toBe('RESERVED');
      await gce.post(`${path}/addAccessConfig?networkInterface=nic0`, { type: 'ONE_TO_ONE_NAT', natIP: address });
      expect((await gce.get(path)).body.networkInterfaces[0].accessConfigs).toMatchObject([{ natIP: address }]);
      expect((await gce.post(`${path}/addAccessConfig?networkInterface=nic0`, { type: 'ONE_TO_ONE_NAT' })).status).toBe(400);
      expect(nodes.moved).toEqual([
        [begun.body.targetId, undefined],
        [begun.body.targetId, address],
      ]);
    });

    it('can be reserved and released by an operation of the region', async () => {
      const path = 'regions/us-central1/addresses';
      const begun = await gce.post(path, { name: 'mine' });
      expect((await reserved('mine')).status).toBe(404);
      expect((await gce.post(path, { name: 'mine' })).status).toBe(409);
      await clock.advance(4000);
      expect((await gce.get(`regions/us-central1/operations/${begun.body.name}`)).body.status).toBe('DONE');
      expect((await reserved('mine')).body).toMatchObject({ status: 'RESERVED', address: '127.65.1.1' });
      expect((await gce.get(`${path}?filter=address%3D%22127.65.1.1%22`)).body.items).toHaveLength(1);
      await gce.delete(`${path}/mine`);
      await clock.advance(4000);
      expect((await reserved('mine')).status).toBe(404);
    });
  });

  it('keeps firewall rules, which are the project’s', async () => {
    const rule = {
      name: 'masters',
      network: 'global/networks/default',
      sourceRanges: ['0.0.0.0/0'],
      allowed: [{ IPProtocol: 'tcp', ports: ['6443'] }],
      targetTags: ['masters'],
    };
    const begun = await gce.post('global/firewalls', rule);
    await clock.advance(4000);
    expect((await gce.get(`global/operations/${begun.body.name}`)).body.status).toBe('DONE');
    expect((await gce.get('global/firewalls/masters')).body).toMatchObject(rule);
    expect((await gce.post('global/firewalls', { ...rule, allowed: [] })).status).toBe(400);
    await gce.delete('global/firewalls/masters');
    await clock.advance(4000);
    expect((await gce.get('global/firewalls')).body.items).toEqual([]);
  });

  it('answers 404 for what it cannot do, and 401 without a token of its own', async () => {
    expect((await gce.get(`${zone}/snapshots`)).status).toBe(404);
    expect((await gce.get('everything')).status).toBe(404);
    expect((await clientOf(fake, 'ya29.invented').get(instances)).status).toBe(401);
    await clock.advance(3_600_000);
    expect((await gce.get(instances)).status).toBe(401);
  });

  it('shows all that it holds, but no user data', async () => {
    await insert('a', withAddress(fake.reservedAddresses[0]!));
    const text = await (await fetch(`${fake.url}/_state`)).text();
    expect(JSON.parse(text)).toMatchObject({
      instances: [{ id: 'a', name: 'a', state: 'PROVISIONING', tags: { team: 'blue' }, address: '127.65.0.10', diskGb: [50] }],
      addresses: [{ address: '127.65.0.10', status: 'IN_USE', usedBy: 'a' }, { status: 'RESERVED' }, { status: 'RESERVED' }],
      disks: [{ name: 'a', sizeGb: 50, attachedTo: 'a' }],
      creations: [{ name: 'a' }],
    });
    expect(text).not.toContain('machine: {}');
  });

  it('listens on loopback only', async () => {
    const abroad = createGceFake({ clock, random: seededRandom(1), nodes, host: '0.0.0.0' });
    await expect(abroad).rejects.toThrow('loopback');
  });
});

function recordingNodes() {
  const on: PoweredMachine[] = [];
  const off: string[] = [];
  const moved: [string, string | undefined][] = [];
  return {
    on,
    off,
    moved,
    powerOn: (machine: PoweredMachine) => void on.push(machine),
    powerOff: (id: string) => void off.push(id),
    setExternalAddress: (id: string, address: string | undefined) => void moved.push([id, address]),
  };
}
