import { describe, expect, it } from '@jest/globals';
import { type ClusterObject, cluster } from '../../../shared/kinds/cluster/kind.ts';
import { endpointOf, toCluster } from '../../../shared/kinds/cluster/model.ts';
import { aCluster } from '../../plane/objects.ts';

const withMasters = (masters: object): unknown => {
  const { spec } = aCluster('c');
  return { spec: { ...spec, providerSpec: { value: { ...spec.providerSpec.value, masters } } } };
};

/** Paths and messages of what is wrong with a spec. */
const faults = (object: unknown): string[] =>
  cluster.schema.safeParse(object).error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) ?? [];

describe('the schema of a Cluster', () => {
  const ips = 'spec.providerSpec.value.masters.ips';

  it.each([
    ['x.x.x.x', `${ips}.0: write an address that you reserved, such as 203.0.113.10`],
    ['{{IP}}', `${ips}.0: write an address that you reserved, such as 203.0.113.10`],
    ['203.0.113.256', `${ips}.0: write an address that you reserved, such as 203.0.113.10`],
  ])('refuses %s as an address', (ip, fault) => {
    expect(faults(withMasters({ ips: [ip] }))).toEqual([fault]);
  });

  it('refuses a cluster without any address', () => {
    expect(faults(withMasters({ ips: [] }))).toEqual([`${ips}: write at least one address that you reserved for a master`]);
  });

  it.each([['203.0.113.10'], ['2001:db8::1']])('takes %s', (ip) => {
    expect(faults(withMasters({ ips: [ip] }))).toEqual([]);
  });

  it('refuses an address that is no CIDR where a network is wanted', () => {
    const { spec } = aCluster('c');
    const network = { ...spec.clusterNetwork, pods: { cidrBlocks: ['10.244.0.0'] } };
    expect(faults({ spec: { ...spec, clusterNetwork: network } })).toEqual([
      'spec.clusterNetwork.pods.cidrBlocks.0: write a CIDR such as 10.96.0.0/12',
    ]);
  });
});

describe('what a Cluster shows to be wrong', () => {
  it('is an address that two masters would have', () => {
    expect(cluster.validate(aCluster('c', ['203.0.113.10', '203.0.113.11', '203.0.113.10']))).toEqual([
      {
        field: 'spec.providerSpec.value.masters.ips[2]',
        reason: 'FieldValueDuplicate',
        message: '203.0.113.10 is there already: each master needs an address of its own',
      },
    ]);
  });

  it('is a provider spec that is missing', () => {
    const object = aCluster('c');
    expect(cluster.validate({ ...object, spec: { ...object.spec, providerSpec: {} } })).toMatchObject([
      { field: 'spec.providerSpec.value', reason: 'FieldValueRequired' },
    ]);
  });
});

describe('a Cluster as plans see it', () => {
  const model = (more: Partial<ClusterObject['metadata']>, spec: Partial<ClusterObject['spec']> = {}) => {
    const object = aCluster('c');
    return toCluster({ ...object, metadata: { ...object.metadata, ...more }, spec: { ...object.spec, ...spec } });
  };

  it.each([
    [{ paused: true }, {}, true],
    [{ paused: false }, {}, false],
    [{}, { 'cluster.k8s.io/paused': '' }, true],
    [{}, {}, false],
  ])('with %j and annotations %j has paused %s', (spec, annotations, paused) => {
    expect(model({ annotations } as Partial<ClusterObject['metadata']>, spec).paused).toBe(paused);
  });

  it.each([
    ['203.0.113.10', 'https://203.0.113.10:6443'],
    ['2001:db8::1', 'https://[2001:db8::1]:6443'],
    ['api.example.com', 'https://api.example.com:6443'],
  ])('with endpoint %s is reached at %s', (endpointHost, url) => {
    expect(endpointOf({ endpointHost })).toBe(url);
  });

  it('is reached at its first address unless it names an endpoint', () => {
    const { spec } = aCluster('c', ['203.0.113.10', '203.0.113.11']);
    const named = { ...spec.providerSpec.value!, masters: { ips: ['203.0.113.10'], endpoint: 'api.example.com' } };
    expect(model({}, spec).endpointHost).toBe('203.0.113.10');
    expect(model({}, { ...spec, providerSpec: { value: named } }).endpointHost).toBe('api.example.com');
  });

  it('wakes everything that belongs to it', () => {
    expect(
      cluster
        .wakes(aCluster('c'))
        .map(({ kind, cluster: name }) => `${kind} of ${name}`)
        .sort(),
    ).toEqual(['Machine of c', 'MachineDeployment of c', 'MachineSet of c']);
  });
});
