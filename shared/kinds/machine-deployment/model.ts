import type { StoredCondition } from '../conditions.ts';
import type { LabelSelector } from '../fields.ts';
import type { DeletePolicy, MachineTemplate } from '../machine-set/model.ts';

/** Machines that are replaced step by step when what they are made from changes, as plans see them. */
export interface MachineDeployment {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly finalizers: readonly string[];
  readonly deleting: boolean;
  readonly generation: number;
  /** How many Machines there should be. */
  readonly replicas: number;
  readonly strategy: 'RollingUpdate' | 'OnDelete';
  /** How many Machines there may be above `replicas` during a rollout; 0 with OnDelete. */
  readonly maxSurge: number;
  /** How many of `replicas` may be unavailable during a rollout; 0 with OnDelete. */
  readonly maxUnavailable: number;
  readonly minReadySeconds: number;
  /** Undefined: what the MachineSets have. */
  readonly deletePolicy: DeletePolicy | undefined;
  /** How many old MachineSets without Machines are kept, to go back to. */
  readonly revisionHistoryLimit: number;
  /** Seconds without progress after which a rollout counts as stuck. */
  readonly progressDeadlineSeconds: number;
  /** No rollout goes on; scaling does. */
  readonly paused: boolean;
  /** Once this time has come (ms since 1970), Machines older than it are replaced. */
  readonly rolloutAfter: number | undefined;
  readonly selector: LabelSelector;
  readonly template: MachineTemplate;
  /** What was reported last. */
  readonly reported: Reported;
}

export interface Reported {
  readonly observedGeneration: number | undefined;
  readonly counts: Counts;
  /** ms since 1970. */
  readonly lastProgress: number | undefined;
  readonly rollout: Rollout | undefined;
  readonly conditions: readonly StoredCondition[];
}

/** Machines of a MachineDeployment, counted. */
export interface Counts {
  readonly replicas: number;
  readonly updated: number;
  readonly ready: number;
  readonly available: number;
}

/** The last execution that was started to carry a rollout out. */
export interface Rollout {
  readonly generation: number;
  /** Counts the executions of this generation. */
  readonly attempt: number;
  /** ms since 1970. */
  readonly startedAt: number;
}
