import { describe, expect, it } from '@jest/globals';
import { instanceBody, readInstance } from '../../shared/provisioners/gce/instance.ts';
import { placeOf } from '../../shared/provisioners/gce/names.ts';
import { config } from './gce-harness.ts';
import { desired } from './harness.ts';

const place = { project: 'talos-testbed', zone: 'us-central1-c', name: 'a' };
const withNetwork = (instances: Record<string, string>) => ({ ...config, instances: { ...config.instances, ...instances } });

describe('an instance of Compute Engine', () => {
  it.each([
    ['PROVISIONING', 'Pending'],
    ['STAGING', 'Pending'],
    ['REPAIRING', 'Pending'],
    ['SOMETHING_NEW', 'Pending'],
    ['RUNNING', 'Running'],
    ['STOPPING', 'Stopped'],
    ['TERMINATED', 'Stopped'],
    ['SUSPENDED', 'Stopped'],
    ['DEPROVISIONING', 'Deleting'],
  ])('that is %s counts as %s', (status, state) => {
    expect(readInstance({ status }, place).state).toBe(state);
  });

  it('without labels of ours is nobody’s, and without addresses has its names only', () => {
    expect(readInstance({ status: 'RUNNING' }, { ...place, project: 'example.com:talos' })).toEqual({
      id: 'a',
      providerID: 'gce://example.com:talos/us-central1-c/a',
      state: 'Running',
      addresses: [
        { type: 'Hostname', address: 'a' },
        { type: 'InternalDNS', address: 'a.us-central1-c.c.talos.example.com.internal' },
      ],
    });
  });

  it.each([
    ['the default network', {}, { network: 'global/networks/default' }],
    ['a network by name', { network: 'blue' }, { network: 'global/networks/blue' }],
    ['a network by path', { network: 'projects/host-1/global/networks/blue' }, { network: 'projects/host-1/global/networks/blue' }],
    ['a subnetwork alone, which says its network', { subnetwork: 'b1' }, { subnetwork: 'regions/us-central1/subnetworks/b1' }],
    [
      'both',
      { network: 'blue', subnetwork: 'projects/host-1/regions/us-central1/subnetworks/b1' },
      { network: 'global/networks/blue', subnetwork: 'projects/host-1/regions/us-central1/subnetworks/b1' },
    ],
  ])('is on %s', (_, instances, expected) => {
    const [nic] = instanceBody(desired(withNetwork(instances), 'worker', 0), '').networkInterfaces ?? [];
    expect(nic).toEqual({ ...expected, accessConfigs: [{ type: 'ONE_TO_ONE_NAT', name: 'External NAT' }] });
  });

  it('leaves the size of its disk to the image when the config does not say it', () => {
    const body = instanceBody(desired({ ...config, instances: { ...config.instances, disks: undefined } }, 'worker', 0), '');
    expect(body.disks?.[0]?.initializeParams).not.toHaveProperty('diskSizeGb');
    expect(body.disks?.[0]).toMatchObject({ boot: true, autoDelete: true });
  });

  it('is looked for where its providerID says, whatever the config says by now', () => {
    const moved = { ...desired({ ...config, zone: 'us-central1-a' }, 'worker', 0), providerID: 'gce://talos-testbed/us-central1-c/a' };
    expect(placeOf(moved)).toEqual(place);
    expect(placeOf({ ...moved, providerID: 'aws:///us-west-2a/i-0ab' })).toEqual({
      ...place,
      zone: 'us-central1-a',
      name: 'talos-test-worker-0',
    });
  });
});
