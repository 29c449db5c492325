import type { MachineObject } from '../../../../shared/kinds/machine/kind.ts';

/** Names of ten thousand, in order. */
export const nameOf = (i: number): string => `bench-${String(i).padStart(5, '0')}`;

const gce =
  'zone: us-central1-c\nproject: bench-project\ninstances:\n  type: n1-standard-2\n  image: https://www.googleapis.com/compute/v1/projects/bench-project/global/images/talos\n  disks:\n    size: 50\n';

/** A Machine as a user writes it. */
export const newMachine = (name: string): MachineObject => ({
  apiVersion: 'cluster.k8s.io/v1alpha1',
  kind: 'Machine',
  metadata: { name, namespace: 'default', labels: { 'cluster.k8s.io/cluster-name': 'bench', set: 'worker' } },
  spec: {
    providerSpec: {
      value: {
        apiVersion: 'talosproviderconfig/v1alpha1',
        kind: 'TalosMachineProviderSpec',
        platform: { type: 'gce', config: gce },
      },
    },
  },
});

const at = '2026-01-01T00:00:00Z';
const condition = (type: string, reason: string, message: string) => ({
  type,
  status: 'True' as const,
  reason,
  message,
  lastTransitionTime: at,
});

/** The same once it runs: 2 KB of JSON, as those of `npm run bench -- --machines` are. */
export function readyMachine(i: number): MachineObject {
  const name = nameOf(i);
  const instance = `bench-project/us-central1-c/${name}`;
  const { metadata, spec, ...type } = newMachine(name);
  return {
    ...type,
    metadata: {
      ...metadata,
      finalizers: ['machine.cluster.k8s.io'],
      managedFields: [
        {
          manager: 'kubectl-create',
          operation: 'Update',
          apiVersion: type.apiVersion,
          time: at,
          fieldsType: 'FieldsV1',
          fieldsV1: {
            'f:metadata': { 'f:labels': { '.': {}, 'f:cluster.k8s.io/cluster-name': {}, 'f:set': {} } },
            'f:spec': {
              '.': {},
              'f:providerSpec': { '.': {}, 'f:value': { '.': {}, 'f:apiVersion': {}, 'f:kind': {}, 'f:platform': {} } },
            },
          },
        },
      ],
    },
    spec: { ...spec, providerID: `gce://${instance}` },
    status: {
      observedGeneration: 1,
      phase: 'Running',
      conditions: [
        condition('Ready', 'NodeReady', 'kubelet is posting ready status'),
        condition('InfrastructureReady', 'Running', `instance ${instance} is RUNNING`),
        condition('NodeReady', 'KubeletReady', 'kubelet is posting ready status'),
      ],
      turn: 2,
      execution: `create-252957df-472f-452e-9615-5c88c81${String(i).padStart(5, '0')}-1`,
      attempt: 1,
      madeFrom: 'a1f4ef63',
      providerStatus: { attempt: 1, requestedAt: 1_795_396_662_846 + i, operation: `operation-15257052034564718${i}`, runningSince: at },
      addresses: [
        { type: 'InternalIP', address: `10.128.${i >> 8}.${i & 255}` },
        { type: 'ExternalIP', address: `203.0.${i >> 8}.${i & 255}` },
        { type: 'Hostname', address: name },
        { type: 'InternalDNS', address: `${name}.us-central1-c.c.bench-project.internal` },
      ],
      lastUpdated: at,
      lastOperation: { description: `Node ${name} is ready`, lastUpdated: at, state: 'Processing', type: 'Create' },
      nodeRef: { apiVersion: 'v1', kind: 'Node', name, uid: `645bb035-a0c0-42d8-9b28-7797d79${String(i).padStart(5, '0')}` },
      versions: { kubelet: 'v1.36.3' },
    },
  };
}
