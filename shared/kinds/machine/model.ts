import type { Condition } from '../object.ts';
import type { MachineObject } from './kind.ts';

/** A machine as plans see it. */
export interface Machine {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** ms since 1970. */
  readonly createdAt: number;
  readonly deleting: boolean;
  /** The uid of the controlling owner. */
  readonly owner?: string;
  readonly template: RolloutSpec;
  readonly nodeName?: string;
  readonly providerID?: string;
  /** The Node's Ready condition; undefined: not known. */
  readonly ready: boolean | undefined;
  /** Since when `ready` is what it is. */
  readonly readySince?: number;
  /** It has a terminal error. */
  readonly failed: boolean;
  readonly conditions: readonly Condition[];
}

/**
 * The part of a machine's spec that a change of which means another machine, in canonical form (as Cluster API: versions,
 * bootstrap, infrastructure, failure domain; not labels, annotations, taints or timeouts). The platform's config is
 * parsed, so that key order and quoting do not matter.
 */
export interface RolloutSpec {
  readonly versions: { readonly kubelet?: string; readonly controlPlane?: string };
  readonly providerSpec: unknown;
  readonly configSource?: unknown;
  readonly failureDomain?: string;
}

export type MachineStatus = NonNullable<MachineObject['status']>;

/** A machine as its own plan sees it. */
export interface MachineSelf extends Machine {
  readonly clusterName?: string;
  readonly role: 'master' | 'worker';
  /** Of a master: which of the cluster's addresses is its. */
  readonly index?: number;
  readonly platform?: string;
  /** The MachineClass that its provider spec is still to be taken from. */
  readonly machineClass?: string;
  readonly generation: number;
  readonly finalizers: readonly string[];
  readonly paused: boolean;
  readonly status: MachineStatus;
}
