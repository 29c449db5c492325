/** The shape that every Kubernetes object shares. */
export interface OwnerReference {
  apiVersion: string;
  kind: string;
  name: string;
  uid: string;
  controller?: boolean;
  blockOwnerDeletion?: boolean;
}

export interface ObjectMeta {
  name: string;
  /** Absent on cluster-scoped objects. */
  namespace?: string;
  generateName?: string;
  uid?: string;
  /** Decimal; see the store: a hybrid logical clock. */
  resourceVersion?: string;
  /** Raised when anything but metadata and status changes. */
  generation?: number;
  /** RFC 3339, whole seconds. */
  creationTimestamp?: string;
  deletionTimestamp?: string;
  deletionGracePeriodSeconds?: number;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  ownerReferences?: OwnerReference[];
  finalizers?: string[];
  managedFields?: unknown[];
}

export interface KubeObject {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta;
  [field: string]: unknown;
}

/** Where an object is: its namespace ('' when cluster-scoped) and its name. */
export interface ObjectName {
  readonly namespace: string;
  readonly name: string;
}

/** A condition as Kubernetes writes it. `lastTransitionTime` moves only when `status` does. */
export interface Condition {
  type: string;
  status: 'True' | 'False' | 'Unknown';
  reason: string;
  message: string;
  lastTransitionTime: string;
}

export const nameOf = (object: KubeObject): ObjectName => ({
  namespace: object.metadata.namespace ?? '',
  name: object.metadata.name,
});

/** The one owner that manages the object, if any. */
export const controllerOf = (object: KubeObject): OwnerReference | undefined =>
  object.metadata.ownerReferences?.find((owner) => owner.controller === true);

export const timestamp = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`;
