import type { MachineDeployment } from '../../../shared/kinds/machine-deployment/model.ts';
import type { Counted } from '../../../shared/kinds/machine-deployment/situation.ts';
import { hashLabel } from '../../../shared/kinds/machine-set/annotations.ts';
import type { MachineSet, MachineTemplate } from '../../../shared/kinds/machine-set/model.ts';

export const now = Date.parse('2026-01-01T00:00:00Z');

const labels = { 'cluster.k8s.io/cluster-name': 'talos-gce', set: 'worker' };

/** A template whose Machines run this version; two of one version are the same to a rollout. */
export const templateOf = (version: string, more: Partial<MachineTemplate> = {}): MachineTemplate => ({
  labels,
  annotations: {},
  spec: { versions: { kubelet: version }, providerSpec: {} },
  rollout: { versions: { kubelet: version }, providerSpec: {} },
  fingerprint: version,
  inPlace: {},
  ...more,
});

export const aDeployment = (more: Partial<MachineDeployment> = {}): MachineDeployment => ({
  namespace: 'default',
  name: 'md',
  uid: 'md-uid',
  labels,
  annotations: {},
  finalizers: ['machinedeployment.cluster.k8s.io'],
  deleting: false,
  generation: 1,
  replicas: 3,
  strategy: 'RollingUpdate',
  maxSurge: 1,
  maxUnavailable: 0,
  minReadySeconds: 0,
  deletePolicy: undefined,
  revisionHistoryLimit: 1,
  progressDeadlineSeconds: 600,
  paused: false,
  rolloutAfter: undefined,
  selector: { matchLabels: labels },
  template: templateOf('v2'),
  reported: {
    observedGeneration: undefined,
    counts: { replicas: 0, updated: 0, ready: 0, available: 0 },
    lastProgress: undefined,
    rollout: undefined,
    conditions: [],
  },
  ...more,
});

/** A MachineSet of this version, as the MachineDeployment above would have made it. */
export const aMachineSet = (name: string, version: string, more: Partial<MachineSet> = {}): MachineSet => {
  const hashed = { ...labels, [hashLabel]: `hash-of-${name}` };
  return {
    namespace: 'default',
    name,
    uid: `${name}-uid`,
    labels: hashed,
    annotations: {},
    finalizers: ['machineset.cluster.k8s.io'],
    createdAt: now - 3_600_000,
    deleting: false,
    generation: 1,
    observedGeneration: 1,
    desired: 0,
    existing: 0,
    ready: 0,
    available: 0,
    minReadySeconds: 0,
    deletePolicy: 'Random',
    selector: { matchLabels: hashed },
    template: templateOf(version, { labels: hashed }),
    conditions: [],
    ...more,
  };
};

/** `3/2/1`: 3 wanted, 2 existing, 1 available, as the tables of Cluster API are written. */
export const counted = (name: string, counts: string): Counted => {
  const [desired = 0, existing = 0, available = 0] = counts.split('/').map(Number);
  return { name, createdAt: 0, desired, existing, available };
};
