import { describe, expect, it } from '@jest/globals';
import { aws } from '../../shared/provisioners/aws/cloud.ts';
import { type AwsConfig, config } from '../../shared/provisioners/aws/config.ts';

const seed = {
  region: 'us-west-2',
  instances: { type: 't2.micro', ami: 'ami-09d6bf816f2ebdfe1', keypair: 'my key', securitygroups: ['sg-0a', 'web'], disks: { size: 10 } },
};

describe('platform.config of aws', () => {
  it('reads every key of the seed system', () => {
    expect(config.parse(seed)).toEqual(seed);
  });

  it('reads its own output, since a place is remembered as it was parsed', () => {
    expect(config.parse(config.parse(seed))).toEqual(seed);
  });

  it('takes the spelling of other tools for the seed’s own', () => {
    const { keypair, securitygroups, ...instances } = seed.instances;
    expect(config.parse({ ...seed, instances: { ...instances, keyPair: keypair, securityGroups: securitygroups } })).toEqual(seed);
  });

  it.each<[string, object, string, string]>([
    ['no region', { region: undefined }, 'region', 'write'],
    ['a zone for a region', { region: 'us-west-2a' }, 'region', 'us-west-2'],
    ['an unknown key', { zone: 'us-west-2a' }, '', 'zone'],
    ['an unknown key of instances', { instances: { ...seed.instances, iam: 'x' } }, 'instances', 'iam'],
    ['no image', { instances: { type: 't2.micro' } }, 'instances.ami', 'write'],
    ['an image by name', { instances: { ...seed.instances, ami: 'talos' } }, 'instances.ami', 'ami-09d6bf816f2ebdfe1'],
    ['a placeholder', { instances: { ...seed.instances, keypair: '{{AWS_KEY_NAME}}' } }, 'instances.keypair', 'in place of'],
    ['no instances', { instances: undefined }, 'instances', 'expected object'],
    ['a type with a space', { instances: { ...seed.instances, type: 't2 micro' } }, 'instances.type', 't2.micro'],
    ['a disk in words', { instances: { ...seed.instances, disks: { size: '10GB' } } }, 'instances.disks.size', 'expected number'],
    ['a disk of nothing', { instances: { ...seed.instances, disks: { size: 0 } } }, 'instances.disks.size', '>=1'],
    ['a subnet by name', { instances: { ...seed.instances, subnet: 'mine' } }, 'instances.subnet', 'subnet-0'],
    ['both spellings', { instances: { ...seed.instances, keyPair: 'other' } }, 'instances', 'keyPair'],
  ])('refuses %s, and says where and what', (_, change, path, words) => {
    const issues = config.safeParse({ ...seed, ...change }).error?.issues ?? [];
    expect(issues.map((issue) => issue.path.join('.'))).toContain(path);
    expect(issues.map((issue) => issue.message).join(' ')).toContain(words);
  });

  it.each<[string, AwsConfig]>([
    ['us-west-2', seed],
    ['us-west-2/subnet-0123456789abcdef0', { ...seed, instances: { ...seed.instances, subnet: 'subnet-0123456789abcdef0' } }],
  ])('is at the place %s', (place, parsed) => {
    expect(aws.placeOf(parsed)).toBe(place);
  });
});
