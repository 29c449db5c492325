import { stringify } from 'yaml';
import type { KubeObject } from '../../shared/kinds/object.ts';
import { deploymentNamed } from '../api/harness.ts';

/** Manifests that pass every check. */

const image = 'https://www.googleapis.com/compute/v1/projects/talos-testbed/global/images/talos-e2e';

export const machine = (name: string): KubeObject => ({
  apiVersion: 'cluster.k8s.io/v1alpha1',
  kind: 'Machine',
  metadata: { name, labels: { 'cluster.k8s.io/cluster-name': 'c', set: 'master' } },
  spec: {
    providerSpec: {
      value: {
        apiVersion: 'talosproviderconfig/v1alpha1',
        kind: 'TalosMachineProviderSpec',
        platform: {
          type: 'gce',
          config: stringify({ zone: 'us-central1-c', project: 'talos-testbed', instances: { type: 'n1-standard-2', image } }),
        },
      },
    },
  },
});
/** Of three workers. */
export const deployment = (): KubeObject => {
  const object = deploymentNamed('d', 3);
  const spec = object.spec as { template: { spec: unknown } };
  spec.template.spec = machine('m').spec;
  return object;
};
/** As one manifest. */
export const yaml = (...objects: KubeObject[]) => objects.map((object) => stringify(object)).join('---\n');
