import { describe, expect, it } from '@jest/globals';
import { clusterOf, credentials, pathOf } from '../../../infra/local/bench/manifests.ts';
import type { Endpoints } from '../../../infra/local/files.ts';

const endpoints: Endpoints = {
  api: 'https://127.0.0.1:1',
  stepFunctions: 'http://127.0.0.1:2',
  dynamodb: 'http://127.0.0.1:3',
  clouds: { aws: 'http://127.0.0.1:4', gce: 'http://127.0.0.1:5' },
  reservedAddresses: { aws: ['127.64.0.10'], gce: ['127.65.0.10'] },
  keyPairs: { aws: ['demo'] },
};

describe('the cluster that is measured', () => {
  it.each([
    [1, [0, 0]],
    [2, [1, 0]],
    [3, [1, 1]],
    [100, [50, 49]],
    [1000, [500, 499]],
  ])('of %i machines has one master, and %j workers on Google Cloud and AWS', (machines, [gce, aws]) => {
    const replicas = clusterOf(machines, endpoints).flatMap(({ kind, spec }) => (kind === 'MachineDeployment' ? [spec?.replicas] : []));
    expect(replicas).toEqual([gce, aws]);
    expect(1 + gce! + aws!).toBe(machines);
  });

  it('leaves no placeholder open', () => {
    const all = JSON.stringify([...clusterOf(5, endpoints), ...credentials(endpoints)]);
    expect(all).not.toMatch(/\{\{|x\.x\.x\.x/);
    expect(all).toContain('127.65.0.10');
  });

  it('is created where the API has its kinds', () => {
    expect([...credentials(endpoints), ...clusterOf(3, endpoints)].map(pathOf)).toEqual([
      ...Array(2).fill('/api/v1/namespaces/cluster-api-provider-talos-system/secrets'),
      '/apis/cluster.k8s.io/v1alpha1/namespaces/default/clusters',
      '/apis/cluster.k8s.io/v1alpha1/namespaces/default/machines',
      ...Array(2).fill('/apis/cluster.k8s.io/v1alpha1/namespaces/default/machinedeployments'),
    ]);
  });
});
