/** What the outside gives us. Nobody but a host reads a clock, draws a random number or opens a socket on its own. */

/** Time. Milliseconds since 1970, and a sleep that the host may make pass at once. */
export interface Clock {
  now(): number;
  /** Resolves after `ms`, or as soon as `signal` aborts (it does not reject). */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** Chance. In a simulation it comes from a seed. */
export interface Random {
  bytes(length: number): Uint8Array;
  /** A version 4 UUID. */
  uuid(): string;
}

/** Structured log: a constant sentence, and fields. Never a secret. */
export interface Log {
  debug(sentence: string, fields?: Record<string, unknown>): void;
  info(sentence: string, fields?: Record<string, unknown>): void;
  warn(sentence: string, fields?: Record<string, unknown>): void;
  error(sentence: string, fields?: Record<string, unknown>): void;
}

/** Says how large something is now: `OldestDueSeconds`. Operators are told by it when something stands still. */
export type Gauge = (name: string, value: number) => void;

/** Names one object that should be looked at again. Never carries the object. */
export interface Wake {
  readonly group: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/** Queues of objects to reconcile, one per reconciled kind; one reconcile of an object at a time. */
export interface WakeQueue {
  /** `id` de-duplicates: the same id again within five minutes is dropped. */
  send(wakes: readonly { readonly wake: Wake; readonly id: string }[]): Promise<void>;
}

export type ExecutionStatus = 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';

export interface Execution {
  readonly name: string;
  readonly status: ExecutionStatus;
  readonly output?: unknown;
  readonly error?: string;
  readonly cause?: string;
}

/** Step Functions, as far as we need it. */
export interface Workflows {
  /** Starts, or finds that it was started before: the input is a pure function of the name, so both are the same. */
  start(workflow: string, name: string, input: Record<string, unknown>): Promise<void>;
  /** Undefined: no execution of that name was ever started. */
  describe(workflow: string, name: string): Promise<Execution | undefined>;
  /** Where people read what the execution did: a page of the AWS console. Absent where there is none. */
  linkTo?(workflow: string, name: string): string;
}
