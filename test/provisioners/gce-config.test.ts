import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { config } from '../../shared/provisioners/gce/config.ts';

const seed = `
zone: "us-central1-c"
project: "talos-testbed"
instances:
  type:  "n1-standard-2"
  image: "https://www.googleapis.com/compute/v1/projects/talos-testbed/global/images/talos-e2e"
  disks:
    size: 50
`;
const valid = parse(seed) as { zone: string; project: string; instances: Record<string, unknown> };
const withInstances = (changes: Record<string, unknown>): unknown => ({ ...valid, instances: { ...valid.instances, ...changes } });

describe('platform.config of gce', () => {
  it('takes the config of the seed as it is', () => {
    expect(config.parse(valid)).toEqual(valid);
  });

  it.each([
    ['a disk as large as the image', withInstances({ disks: undefined })],
    ['an image family by path', withInstances({ image: 'projects/talos-testbed/global/images/family/talos' })],
    ['a network by name, a subnetwork and tags', withInstances({ network: 'blue', subnetwork: 'blue-1', tags: ['web', 'db'] })],
    ['a shared subnetwork by path', withInstances({ subnetwork: 'projects/host-project/regions/us-central1/subnetworks/shared' })],
    ['a project of an organisation', { ...valid, project: 'example.com:talos-testbed' }],
  ])('takes %s', (_, value) => {
    expect(config.safeParse(value).error?.issues).toBeUndefined();
  });

  it.each([
    ['no zone', { ...valid, zone: undefined }, 'zone', 'write a zone such as us-central1-c'],
    ['a region for a zone', { ...valid, zone: 'us-central1' }, 'zone', 'write a zone such as us-central1-c'],
    ['no project', { ...valid, project: undefined }, 'project', 'write a project id such as talos-testbed'],
    ['a placeholder', { ...valid, project: '{{PROJECT}}' }, 'project', 'write a project id such as talos-testbed'],
    ['no instances', { ...valid, instances: undefined }, 'instances', 'expected object'],
    ['no machine type', withInstances({ type: undefined }), 'instances.type', 'write a machine type such as n1-standard-2'],
    ['the bare name of an image', withInstances({ image: 'talos-e2e' }), 'instances.image', 'write the URL of an image'],
    ['an AWS image', withInstances({ image: 'ami-09d6bf816f2ebdfe1' }), 'instances.image', 'write the URL of an image'],
    ['a disk without a size that is a number', withInstances({ disks: { size: '50' } }), 'instances.disks.size', 'expected number'],
    ['a disk of no size', withInstances({ disks: { size: 0 } }), 'instances.disks.size', '>=1'],
    ['an unknown key', { ...valid, region: 'us-central1' }, '', 'region'],
    ['an unknown key further down', withInstances({ keypair: 'mine' }), 'instances', 'keypair'],
    ['a path that is no network', withInstances({ network: 'global/blue' }), 'instances.network', 'write the name of a network'],
  ])('refuses %s, and says where and what to write', (_, value, path, advice) => {
    const issue = config.safeParse(value).error?.issues[0];
    expect(issue?.path.join('.')).toBe(path);
    expect(issue?.message).toContain(advice);
  });
});
