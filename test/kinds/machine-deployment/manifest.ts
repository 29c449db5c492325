import type { MachineDeploymentObject } from '../../../shared/kinds/machine-deployment/kind.ts';
import { machineDeployment } from '../../../shared/kinds/machine-deployment/kind.ts';

const labels = { 'cluster.k8s.io/cluster-name': 'talos-gce', set: 'worker' };

const providerSpec = {
  value: {
    apiVersion: 'talosproviderconfig/v1alpha1',
    kind: 'TalosMachineProviderSpec',
    platform: { type: 'gce', config: 'zone: us-central1-c\ninstances:\n  image: talos-1\n' },
  },
};

/** A MachineDeployment as a user writes it: workers of the seed document, in short. */
export const manifest = (spec: Record<string, unknown> = {}) => ({
  apiVersion: 'cluster.k8s.io/v1alpha1',
  kind: 'MachineDeployment',
  metadata: { name: 'workers', namespace: 'default', uid: 'workers-uid', generation: 1 },
  spec: {
    replicas: 3,
    selector: { matchLabels: labels },
    template: { metadata: { labels }, spec: { providerSpec, versions: { kubelet: 'v1.35.0' } } },
    ...spec,
  },
});

/** The same after defaulting, as it is stored. */
export const stored = (spec: Record<string, unknown> = {}): MachineDeploymentObject => {
  const written = manifest(spec);
  const { apiVersion, kind, metadata } = written;
  return { apiVersion, kind, metadata, ...machineDeployment.schema.parse(written) } as MachineDeploymentObject;
};

/** The template above with other parts in its spec. */
export const templateWith = (spec: Record<string, unknown>) => ({ metadata: { labels }, spec: { providerSpec, ...spec } });
