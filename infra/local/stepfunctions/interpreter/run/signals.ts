/** What moves a run: its start, answers to its calls, the clock, and a stop. Everything else follows from these. */

import { within } from '../data.ts';
import type { Failure } from '../failure.ts';
import { abort } from './forks.ts';
import { emit, HistoryFull, mostEvents, withInput } from './history.ts';
import { complete, guard, passOn, recover, stateOf } from './moves.ts';
import { end, perform, proceed } from './progress.ts';
import { deadline, type HistoryEvent, newRun, type Run, type Start, type Strand, type Waiting } from './run.ts';
import { integrationOf } from './task.ts';

/** `at` is in milliseconds since 1970. */
export type Signal =
  | { readonly type: 'succeeded'; readonly at: number; readonly ticket: number; readonly result: unknown }
  | { readonly type: 'failed'; readonly at: number; readonly ticket: number; readonly error: string; readonly cause: string }
  /** Time has passed. */
  | { readonly type: 'woken'; readonly at: number }
  | { readonly type: 'stopped'; readonly at: number; readonly error?: string; readonly cause?: string };

/** Starts a run and takes it to where it first waits. */
export function begin(start: Start, record?: (event: HistoryEvent) => void): Run {
  const run = newRun(start, record);
  emit(run, run.root, 'ExecutionStarted', () => ({ ...withInput(start.input), roleArn: start.roleArn }));
  // AWS counts the first state as following nothing.
  run.root.lastEvent = 0;
  run.ready.push(run.root);
  untilItWaits(run, () => {});
  return run;
}

/** Takes the run on to where it waits again. A signal that nobody waits for (any more) changes nothing. */
export function deliver(run: Run, signal: Signal): void {
  if (run.ending !== undefined) return;
  // A clock that was set back must not make a history go backwards.
  run.now = Math.max(run.now, signal.at);
  untilItWaits(run, () => receive(run, signal));
}

function untilItWaits(run: Run, action: () => void): void {
  try {
    action();
    proceed(run);
  } catch (error) {
    if (!(error instanceof HistoryFull)) throw error;
    const cause = `The execution reached the maximum number of history events (${mostEvents}).`;
    end(run, { status: 'FAILED', failure: { error: 'States.Runtime', cause } });
  }
}

function receive(run: Run, signal: Signal): void {
  if (signal.type === 'woken') wake(run);
  else if (signal.type === 'stopped') stop(run, signal);
  else if (signal.type === 'failed') answered(run, signal.ticket, (strand) => failTask(run, strand, signal));
  else answered(run, signal.ticket, (strand) => succeed(run, strand, signal.result));
}

function stop(run: Run, { error, cause }: Signal & { type: 'stopped' }): void {
  abort(run, run.root);
  end(run, { status: 'ABORTED', ...(error !== undefined && { error }), ...(cause !== undefined && { cause }) });
}

function answered(run: Run, ticket: number, then: (strand: Strand) => void): void {
  const waiting = run.waiting.get(ticket);
  if (waiting?.for === 'task') then(release(run, ticket, waiting));
}

function release(run: Run, ticket: number, { strand }: Waiting): Strand {
  run.waiting.delete(ticket);
  strand.ticket = undefined;
  return strand;
}

const integrationOfStrand = (strand: Strand) => {
  const state = stateOf(strand);
  if (state.Type !== 'Task') throw new TypeError(`${strand.state} is a ${state.Type} and waits for no answer`);
  return integrationOf(state);
};

function succeed(run: Run, strand: Strand, returned: unknown): void {
  const integration = integrationOfStrand(strand);
  const result = integration.result(returned);
  guard(run, strand, () => {
    within(result, `The result of ${strand.state}`);
    emit(run, strand, ...integration.succeeded(result));
    complete(run, strand, result);
  });
}

function failTask(run: Run, strand: Strand, { error, cause }: Failure, timedOut = false): void {
  emit(run, strand, ...integrationOfStrand(strand).failed({ error, cause }, timedOut));
  recover(run, strand, { error, cause });
}

/** All whose time has come, in the order of their times. */
function wake(run: Run): void {
  if (run.now >= deadline(run)) end(run, { status: 'TIMED_OUT' });
  const due = [...run.waiting].filter(([, { until }]) => until <= run.now).sort(([, a], [, b]) => a.until - b.until);
  for (const [ticket, waiting] of due) {
    // One that came before may have stopped this one.
    if (run.waiting.get(ticket) !== waiting) continue;
    const strand = release(run, ticket, waiting);
    if (waiting.for === 'retry') perform(run, strand);
    else if (waiting.for === 'time') guard(run, strand, () => passOn(run, strand));
    else failTask(run, strand, { error: 'States.Timeout', cause: `${strand.state} did not end in time.` }, true);
    proceed(run);
  }
}
