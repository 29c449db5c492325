import type { OwnerReference } from './object.ts';

/**
 * What a plan answers: operations as values. A plan touches nothing; `reconcile/apply.ts` carries operations out.
 * Every operation says why in one sentence, which becomes the log line, the Event, and the line in the rollout story.
 */
export type Operation =
  | CreateOperation
  | { readonly op: 'update'; readonly target: Target; readonly change: Change; readonly because: string }
  | { readonly op: 'delete'; readonly target: Target; readonly because: string }
  /** Starts an execution of a state machine. Its input is a pure function of its name. */
  | {
      readonly op: 'start';
      readonly workflow: string;
      readonly execution: string;
      readonly input: Readonly<Record<string, unknown>>;
      readonly because: string;
      /** No Event is made of the start: the steps make one of what they achieve. */
      readonly untold?: boolean;
    };

/** A new child of the planned object: its owner and namespace are added when it is applied. */
export interface CreateOperation {
  readonly op: 'create';
  readonly kind: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly spec: Readonly<Record<string, unknown>>;
  readonly finalizers?: readonly string[];
  readonly because: string;
}

/** The planned object's child, or itself. By uid: a namesake is somebody else. */
export interface Target {
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
}

/** A JSON merge patch (RFC 7386) of labels, annotations, finalizers or spec. */
export interface Change {
  readonly labels?: Readonly<Record<string, string | null>>;
  readonly annotations?: Readonly<Record<string, string | null>>;
  readonly finalizers?: readonly string[];
  /** Empty: the object is set free. */
  readonly ownerReferences?: readonly OwnerReference[];
  readonly spec?: Readonly<Record<string, unknown>>;
}

export interface Plan<Status> {
  readonly operations: readonly Operation[];
  /** The whole new status of the planned object, but for `turn`, which the engine keeps. */
  readonly status: Status;
  /** Seconds after which to look again although nothing changed; absent: only when something changes. */
  readonly checkAgainIn?: number;
  /** What people should hear of once the status says it, where no operation speaks for itself. */
  readonly tells?: Happening;
}

/** What happened to an object, as an Event tells it. */
export interface Happening {
  readonly type: 'Normal' | 'Warning';
  /** One word: SuccessfulCreate. */
  readonly reason: string;
  /** One sentence. */
  readonly message: string;
}
