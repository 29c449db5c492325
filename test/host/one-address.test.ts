import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { reachBy } from '../../infra/local/port-map.ts';
import { systemClock as clock } from '../../infra/system.ts';
import { createNodes } from '../../shared/nodes/create-nodes.ts';
import { applyCredentials } from './fleet.ts';
import { type Host, startHost, untilReady } from './host.ts';
import { cluster, machine, platforms } from './manifests.ts';

describe('a plane where only 127.0.0.1 answers', () => {
  let host: Host;
  let address: string;

  beforeAll(async () => {
    host = await startHost('--boot-seconds', '0.5', '--one-address');
    address = host.endpoints().reservedAddresses.gce[0]!;
    await applyCredentials(host);
    const master = machine('c-master-0', { cluster: 'c', platform: platforms.gce, set: 'master' });
    await host.apply(cluster('c', [address]), master, machine('c-worker', { cluster: 'c', platform: platforms.aws }));
  });
  afterAll(() => host.close());

  it('brings a cluster up', () => untilReady(host, 2));

  it('has mapped the ports of the reserved addresses, and says where they are', () => {
    const { portMap = {}, reservedAddresses } = host.endpoints();
    const wanted = [...reservedAddresses.aws, ...reservedAddresses.gce].flatMap((each) => [`${each}:6443`, `${each}:50000`]);
    expect(Object.keys(portMap).sort()).toEqual(wanted.sort());
    expect(Object.values(portMap).filter((at) => !at.startsWith('127.0.0.1:'))).toEqual([]);
    expect(new Set(Object.values(portMap)).size).toBe(wanted.length);
  });

  it('is reached by kubectl at the mapped port, under the name in the certificate', async () => {
    const at = host.endpoints().portMap?.[`${address}:6443`];
    const kubectl = await host.workload('c');
    const { code, stdout } = await kubectl.run(['--server', `https://${at}`, '--tls-server-name', address, 'get', 'nodes', '-o', 'name']);
    expect([code, stdout.split('\n').filter((line) => line !== '').length]).toEqual([0, 2]);
  });

  it('opens the Talos API of its master with the generated talosconfig', async () => {
    const talosconfig = await host.secretText('c-talosconfig', 'talosconfig');
    const talos = createNodes({ clock, reach: reachBy(host.endpoints().portMap) }).talos(talosconfig, address);
    try {
      expect((await talos.etcdMembers()).map(({ hostname }) => hostname)).toEqual(['c-master-0']);
    } finally {
      talos.close();
    }
  });
});
