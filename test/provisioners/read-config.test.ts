import { describe, expect, it } from '@jest/globals';
import { admitPlatform } from '../../shared/provisioners/admission.ts';
import { config as aws } from '../../shared/provisioners/aws/config.ts';
import { config as gce } from '../../shared/provisioners/gce/config.ts';
import { platforms } from '../host/manifests.ts';

const clouds = [
  { platform: 'aws', config: aws },
  { platform: 'gce', config: gce },
];
const admit = (type: string, config: string) =>
  admitPlatform(clouds, {
    apiVersion: 'cluster.k8s.io/v1alpha1',
    kind: 'Machine',
    metadata: { name: 'm' },
    spec: { providerSpec: { value: { platform: { type, config } } } },
  });

const field = 'spec.providerSpec.value.platform';
const { config } = platforms.gce;

describe('platform.config, as an API reads it', () => {
  it.each([
    ['a key that is missing', config.replace(/^zone.*\n/m, ''), '.config.zone', 'write a zone such as us-central1-c'],
    ['a key below that is missing', config.replace(/^ {2}type.*\n/m, ''), '.config.instances.type', 'write a machine type'],
    ['a part that is missing', 'zone: us-central1-c\nproject: talos-testbed\n', '.config.instances', 'must be set: What the machines are'],
    [
      'a value of another type',
      config.replace('50', 'many'),
      '.config.instances.disks.size',
      'expected number, received string: Size of the boot disk in GB',
    ],
    ['what is no YAML', config.replace('project: ', 'project: ['), '.config', 'is not YAML: line 3, column 1'],
    ['what is no mapping', 'n1-standard-2', '.config', 'write a YAML mapping with the keys of platform gce'],
    ['an alias', `${config}x: &a 1\ny: *a\n`, '.config', 'has a YAML alias (*name): write out what it stands for'],
    ['an alias of nothing', `${config}y: *a\n`, '.config', 'has a YAML alias'],
    ['a placeholder', config.replace('talos-e2e', '{{IMAGE}}'), '.config', 'the placeholder {{IMAGE}} is still in it'],
  ])('says where %s is, and what to write', (_what, text, below, words) => {
    const { causes } = admit('gce', text);
    expect(causes).toEqual([expect.objectContaining({ field: field + below, message: expect.stringContaining(words) })]);
    // The API puts the reason before it.
    expect(causes[0]!.message).not.toMatch(/^(Required|Invalid|Unsupported)/);
  });

  it('says which platforms there are', () => {
    expect(admit('openstack', config).causes).toEqual([
      { field: `${field}.type`, reason: 'FieldValueNotSupported', message: '"openstack": supported values: "aws", "gce"' },
    ]);
  });

  const wrong = { platform: { type: 'gce', config: config.replace(/^zone.*\n/m, '') } };
  const inMachine = { providerSpec: { value: wrong } };
  it.each<[string, object, string]>([
    ['Machine', { spec: inMachine }, 'spec.providerSpec.value'],
    ['MachineSet', { spec: { template: { spec: inMachine } } }, 'spec.template.spec.providerSpec.value'],
    ['MachineDeployment', { spec: { template: { spec: inMachine } } }, 'spec.template.spec.providerSpec.value'],
    ['MachineClass', { providerSpec: wrong }, 'providerSpec'],
  ])('is found in a %s', (kind, fields, path) => {
    const { causes } = admitPlatform(clouds, { apiVersion: 'cluster.k8s.io/v1alpha1', kind, metadata: { name: 'x' }, ...fields });
    expect(causes.map(({ field: where }) => where)).toEqual([`${path}.platform.config.zone`]);
  });

  it.each([
    ['Machine', { spec: { providerSpec: { valueFrom: { machineClass: { name: 'large' } } } } }],
    ['Machine', { spec: null }],
    ['MachineClass', { providerSpec: 'large' }],
    ['Cluster', { spec: { providerSpec: { value: { platform: wrong.platform } } } }],
  ])('is not there in a %s with %j', (kind, fields) => {
    const object = { apiVersion: 'cluster.k8s.io/v1alpha1', kind, metadata: { name: 'x' }, ...fields };
    expect(admitPlatform(clouds, object)).toEqual({ causes: [], unknown: [] });
  });

  it('tells keys that the cloud does not know apart from errors', () => {
    expect(admit('gce', `${config}    sise: 1\nregion: x\n`)).toMatchObject({
      causes: [],
      unknown: [`${field}.config.instances.disks.sise`, `${field}.config.region`],
    });
  });
});
