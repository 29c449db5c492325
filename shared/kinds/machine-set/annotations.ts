/** Annotations and labels through which a MachineDeployment and its MachineSets speak. */
export const hashLabel = 'machine-template-hash';

export const annotationKeys = {
  revision: 'machinedeployment.clusters.k8s.io/revision',
  revisionHistory: 'machinedeployment.clusters.k8s.io/revision-history',
  /** The MachineDeployment's replicas when it last looked at this MachineSet. */
  desiredReplicas: 'machinedeployment.clusters.k8s.io/desired-replicas',
  /** And its replicas and surge together. */
  maxReplicas: 'machinedeployment.clusters.k8s.io/max-replicas',
  /** "true": the MachineSet makes no new Machines (old ones of an OnDelete rollout). */
  disableMachineCreate: 'cluster.k8s.io/disable-machine-create',
} as const;

type Annotations = Readonly<Record<string, string>>;

/** An annotation of Cluster API under its key of 2019, `cluster.k8s.io/<name>`, or today's, `cluster.x-k8s.io/<name>`. */
export const annotation = (annotations: Annotations, name: string): string | undefined =>
  annotations[`cluster.k8s.io/${name}`] ?? annotations[`cluster.x-k8s.io/${name}`];

/** Nothing is done for an object that is annotated as paused, whatever the value. */
export const isAnnotatedPaused = (annotations: Annotations): boolean => annotation(annotations, 'paused') !== undefined;

/** An annotation that holds a number; undefined when there is none, or it does not. */
export function numberIn(annotations: Annotations, key: string): number | undefined {
  const text = annotations[key];
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
}
