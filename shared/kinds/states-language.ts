/**
 * Amazon States Language in JSONPath: the part that our workflows use and the local interpreter runs. In the language's own
 * spelling, since it is the file format.
 */

/** A value in which every key that ends in `.$` holds a path or an intrinsic function. */
type Template = Readonly<Record<string, unknown>>;

export interface Retrier {
  readonly ErrorEquals: readonly string[];
  readonly IntervalSeconds?: number;
  readonly MaxAttempts?: number;
  readonly BackoffRate?: number;
  readonly MaxDelaySeconds?: number;
  readonly JitterStrategy?: 'FULL' | 'NONE';
}

export interface Catcher {
  readonly ErrorEquals: readonly string[];
  readonly ResultPath?: string | null;
  readonly Next: string;
}

interface Selects {
  readonly Comment?: string;
  readonly InputPath?: string | null;
  readonly OutputPath?: string | null;
}
interface GoesOn {
  readonly Next?: string;
  readonly End?: boolean;
}
interface Produces {
  readonly ResultSelector?: Template;
  readonly ResultPath?: string | null;
}
interface Recovers {
  readonly Retry?: readonly Retrier[];
  readonly Catch?: readonly Catcher[];
}

export interface TaskState extends Selects, GoesOn, Produces, Recovers {
  readonly Type: 'Task';
  readonly Resource: string;
  readonly Parameters?: Template;
  readonly TimeoutSeconds?: number;
}
export interface PassState extends Selects, GoesOn {
  readonly Type: 'Pass';
  readonly Parameters?: Template;
  readonly Result?: unknown;
  readonly ResultPath?: string | null;
}
export interface WaitState extends Selects, GoesOn {
  readonly Type: 'Wait';
  readonly Seconds?: number;
  readonly SecondsPath?: string;
  readonly Timestamp?: string;
  readonly TimestampPath?: string;
}
/** One comparison (`Variable` and an operator such as `StringEquals`), or `And`, `Or`, `Not` of others. */
export type Rule = Readonly<Record<string, unknown>>;
export interface ChoiceState extends Selects {
  readonly Type: 'Choice';
  readonly Choices: readonly (Rule & { readonly Next: string })[];
  readonly Default?: string;
}
export interface SucceedState extends Selects {
  readonly Type: 'Succeed';
}
export interface FailState {
  readonly Type: 'Fail';
  readonly Comment?: string;
  readonly Error?: string;
  readonly ErrorPath?: string;
  readonly Cause?: string;
  readonly CausePath?: string;
}
export interface ParallelState extends Selects, GoesOn, Produces, Recovers {
  readonly Type: 'Parallel';
  readonly Parameters?: Template;
  readonly Branches: readonly States[];
}
export interface MapState extends Selects, GoesOn, Produces, Recovers {
  readonly Type: 'Map';
  readonly ItemsPath?: string;
  readonly ItemSelector?: Template;
  readonly ItemProcessor: States & { readonly ProcessorConfig?: { readonly Mode: 'INLINE' } };
  readonly MaxConcurrency?: number;
}
export type State = TaskState | PassState | WaitState | ChoiceState | SucceedState | FailState | ParallelState | MapState;

export interface States {
  readonly Comment?: string;
  readonly StartAt: string;
  readonly States: Readonly<Record<string, State>>;
}
export interface StateMachine extends States {
  readonly TimeoutSeconds?: number;
}
