/**
 * One execution as data. A run changes only by signals (`deliver` in `signals.ts`), and what it does is a function of its start
 * and the signals it got: played again they give the same run, the same history, and the same draws of chance.
 */
import type { StateMachine, States } from '../../../../../shared/kinds/states-language.ts';
import { type Chance, chanceFrom } from '../chance.ts';
import type { Failure } from '../failure.ts';

/** What a run begins with. Times are milliseconds since 1970. */
export interface Start {
  readonly executionArn: string;
  readonly name: string;
  readonly machineArn: string;
  readonly machineName: string;
  readonly roleArn: string;
  readonly definition: StateMachine;
  readonly input: unknown;
  readonly at: number;
  readonly seed: string;
}

/** One thread of control: the execution itself, a branch of a Parallel, or an iteration of a Map. */
export interface Strand {
  readonly states: States['States'];
  /** What it was split off by; absent: it is the execution itself. */
  readonly fork?: Fork;
  readonly index: number;
  readonly item?: MapItem;
  state: string;
  input: unknown;
  /** Undefined between two states. */
  enteredAt: number | undefined;
  /** The latest event of this strand: the next one's previousEventId. */
  lastEvent: number;
  /** Under which it waits in the run; undefined while it is worked on or split. */
  ticket: number | undefined;
  /** What its Parallel or Map state waits for. */
  split: Fork | undefined;
  /** How often each retrier of the current state retried. */
  attempts: number[];
  /** How it ended, until that has been acted on. */
  outcome: Outcome | undefined;
  /** False once it has ended or was stopped by the failure of another. */
  alive: boolean;
}

export type Outcome = { readonly output: unknown } | { readonly failure: Failure };

export interface MapItem {
  readonly Index: number;
  readonly Value: unknown;
}

/** A Parallel or Map state at work. */
export interface Fork {
  readonly of: Strand;
  readonly branches: readonly Branch[];
  /** At most so many at a time. */
  readonly concurrency: number;
  readonly startedEvent: number;
  readonly outputs: unknown[];
  readonly strands: Set<Strand>;
  begun: number;
}

/** What a strand begins with. */
export interface Branch {
  readonly states: States;
  readonly input: unknown;
  readonly item?: MapItem;
}

/** A function to be called; its answer is delivered under the ticket. */
export interface Call {
  readonly ticket: number;
  readonly function: string;
  readonly payload: unknown;
}

export type Waiting =
  | { readonly for: 'time' | 'retry'; readonly strand: Strand; readonly until: number }
  /** `until`: when the task has timed out. */
  | { readonly for: 'task'; readonly strand: Strand; readonly until: number; readonly call: Call };

export type Ending =
  | { readonly status: 'SUCCEEDED'; readonly output: unknown }
  | { readonly status: 'FAILED'; readonly failure: Failure }
  | { readonly status: 'TIMED_OUT' }
  | { readonly status: 'ABORTED'; readonly error?: string; readonly cause?: string };

/** An event as GetExecutionHistory shows it, but for the timestamp, which is in milliseconds. */
export interface HistoryEvent {
  readonly id: number;
  readonly previousEventId: number;
  readonly type: string;
  readonly timestamp: number;
  readonly [details: `${string}EventDetails`]: Readonly<Record<string, unknown>>;
}

export interface Run {
  readonly start: Start;
  readonly root: Strand;
  readonly waiting: Map<number, Waiting>;
  /** Strands that are to go on: into their current state, or to their end. */
  readonly ready: Strand[];
  /** Calls to be made, in order; the host takes them out. */
  readonly calls: Call[];
  readonly chance: Chance;
  /** Writes the history; a run that nobody looks at only counts its events. */
  readonly record?: (event: HistoryEvent) => void;
  now: number;
  events: number;
  /** As AWS bills them: one per state entered, and one per retry. */
  transitions: number;
  ending: Ending | undefined;
}

export function newRun(start: Start, record?: (event: HistoryEvent) => void): Run {
  const root = newStrand({ states: start.definition, input: start.input }, 0);
  return {
    start,
    root,
    waiting: new Map(),
    ready: [],
    calls: [],
    chance: chanceFrom(start.seed),
    ...(record && { record }),
    now: start.at,
    events: 0,
    transitions: 0,
    ending: undefined,
  };
}

export function newStrand({ states, input, item }: Branch, index: number, fork?: Fork): Strand {
  return {
    states: states.States,
    ...(fork && { fork }),
    ...(item && { item }),
    index,
    state: states.StartAt,
    input,
    enteredAt: undefined,
    lastEvent: fork?.startedEvent ?? 0,
    ticket: undefined,
    split: undefined,
    attempts: [],
    outcome: undefined,
    alive: true,
  };
}

/** When the run must be woken, at the latest: undefined if only an answer can move it. */
export function wakeAt(run: Run): number | undefined {
  if (run.ending !== undefined) return undefined;
  let earliest = deadline(run);
  for (const { until } of run.waiting.values()) earliest = Math.min(earliest, until);
  return earliest === Number.POSITIVE_INFINITY ? undefined : earliest;
}

/** When the whole execution has timed out. */
export const deadline = ({ start }: Run): number => start.at + (start.definition.TimeoutSeconds ?? Number.POSITIVE_INFINITY) * 1000;
