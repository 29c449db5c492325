import { expect, it } from '@jest/globals';
import { condition, type Host } from '../host.ts';
import { cluster, machine, namespace, platforms, systemNamespace } from '../manifests.ts';

const { gce, aws } = platforms;

/** What only other objects can show is accepted, and said on the Machine or the Cluster. Cluster `one` is there, with one address. */
export function conditions(host: () => Host): void {
  const addresses = () => host().endpoints().reservedAddresses;
  const says = (name: string, reason: string, message: RegExp) =>
    condition(host(), ['machine', name], 'Ready', { status: 'False', reason, message });

  it('a Machine whose Cluster does not exist waits for it, and goes on once it is there', async () => {
    await host().apply(machine('early-worker', { cluster: 'early', platform: aws }));
    await says('early-worker', 'WaitingForCluster', /^Cluster default\/early does not exist: apply it, or correct the label/);
    await host().apply(cluster('early', [addresses().aws[0]!]));
    await condition(host(), ['machine', 'early-worker'], 'InfrastructureReady', { status: 'True' });
  });

  it('a master for which the Cluster has no address waits for one', async () => {
    await host().apply(machine('one-master-1', { cluster: 'one', platform: gce, set: 'master' }));
    await says(
      'one-master-1',
      'WaitingForAddress',
      /masters\.ips of Cluster one has 1 addresses, and master 1 needs masters\.ips\[1\]: add it/,
    );
  });

  it('a master without an index in its name cannot pick an address', async () => {
    await host().apply(machine('one-first', { cluster: 'one', platform: gce, set: 'master' }));
    await says('one-first', 'InvalidName', /must end in its index, as in one-master-0/);
  });

  it('a master whose address nobody reserved says so', async () => {
    await host().apply(
      cluster('stranger', ['203.0.113.10']),
      machine('stranger-master-0', { cluster: 'stranger', platform: gce, set: 'master' }),
    );
    await says('stranger-master-0', 'NotFound', /^203\.0\.113\.10 \(masters\.ips\[0\]\) is not reserved at this place: reserve it/);
  });

  it('of two Clusters of one name in two namespaces, the second says that the ConfigMap is taken', async () => {
    await host().apply(namespace('elsewhere'), cluster('one', [addresses().gce[1]!], 'elsewhere'));
    const { message } = await condition(host(), ['cluster', 'one', 'elsewhere'], 'TalosconfigPublished', {
      status: 'False',
      reason: 'NameTaken',
    });
    expect(message).toBe(
      `ConfigMap one-master-0 in ${systemNamespace} is of another Cluster of this name: read Secret one-talosconfig instead`,
    );
    const [first, second] = [
      await host().secretText('one-talosconfig', 'talosconfig'),
      await host().secretText('one-talosconfig', 'talosconfig', 'elsewhere'),
    ];
    const published = await host().must('get', 'cm', '-n', systemNamespace, 'one-master-0', '-o', 'jsonpath={.data.talosconfig}');
    expect([published, published === second]).toEqual([first, false]);
  });
}
