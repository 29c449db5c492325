/** What a strand does on its own: it waits, leaves a state for the next, recovers from a failure, or comes to its end. */
import type { Catcher } from '../../../../../shared/kinds/states-language.ts';
import { combined, fill, type Sight, through, within } from '../data.ts';
import { type Failure, StateFailed } from '../failure.ts';
import { emit, withOutput } from './history.ts';
import { catcherOf, retryAfter } from './recovery.ts';
import type { MapItem, Run, Strand, Waiting } from './run.ts';
import { sightOf } from './sight.ts';

export const stateOf = (strand: Strand) => strand.states[strand.state]!;

/** What the state sees: its input after InputPath. */
export function effective(run: Run, strand: Strand, item?: MapItem): Sight {
  const state = stateOf(strand);
  const data = 'InputPath' in state ? through(state.InputPath, sightOf(run, strand, strand.input)) : strand.input;
  return sightOf(run, strand, data, item);
}

export function wait(run: Run, ticket: number, waiting: Waiting): void {
  waiting.strand.ticket = ticket;
  run.waiting.set(ticket, waiting);
}

/** The state's work has this result. */
export function complete(run: Run, strand: Strand, result: unknown): void {
  const state = stateOf(strand);
  const selector = 'ResultSelector' in state ? state.ResultSelector : undefined;
  const selected = selector === undefined ? result : fill(selector, sightOf(run, strand, result));
  const output = combined(strand.input, 'ResultPath' in state ? state.ResultPath : undefined, selected);
  leaveWith(run, strand, output);
}

/** The state only looks at its input, or waits: Choice, Wait, Succeed. */
export const passOn = (run: Run, strand: Strand, next?: string): void => leaveWith(run, strand, effective(run, strand).data, next);

function leaveWith(run: Run, strand: Strand, data: unknown, next?: string): void {
  const state = stateOf(strand);
  const output = 'OutputPath' in state ? through(state.OutputPath, sightOf(run, strand, data)) : data;
  leave(run, strand, output, next ?? ('Next' in state ? state.Next : undefined));
}

function leave(run: Run, strand: Strand, output: unknown, next: string | undefined): void {
  const name = strand.state;
  within(output, `The output of ${name}`);
  emit(run, strand, `${stateOf(strand).Type}StateExited`, () => ({ name, ...withOutput(output) }));
  strand.enteredAt = undefined;
  if (next === undefined) {
    conclude(run, strand, { output });
  } else {
    Object.assign(strand, { state: next, input: output });
    run.ready.push(strand);
  }
}

/** Before anything else goes on: a failure stops the strands beside it, and a free place is taken by the next iteration. */
function conclude(run: Run, strand: Strand, outcome: NonNullable<Strand['outcome']>): void {
  strand.outcome = outcome;
  run.ready.unshift(strand);
}

/** Lets a failure of what is done for the state be retried, caught, or the strand's end. */
export function guard(run: Run, strand: Strand, action: () => void): void {
  try {
    action();
  } catch (error) {
    if (!(error instanceof StateFailed)) throw error;
    recover(run, strand, error.failure);
  }
}

/** Tries the state again, goes where a Catch leads, or gives the strand up. */
export function recover(run: Run, strand: Strand, failure: Failure): void {
  const state = stateOf(strand);
  const delay = retryAfter(state, failure, strand.attempts, run.chance);
  const catcher = catcherOf(state, failure);
  if (delay !== undefined) wait(run, strand.lastEvent, { for: 'retry', strand, until: run.now + delay });
  else if (catcher === undefined) conclude(run, strand, { failure });
  else goWhere(run, strand, catcher, failure);
}

function goWhere(run: Run, strand: Strand, { ResultPath, Next }: Catcher, { error, cause }: Failure): void {
  try {
    leave(run, strand, combined(strand.input, ResultPath, { Error: error, Cause: cause }), Next);
  } catch (thrown) {
    if (!(thrown instanceof StateFailed)) throw thrown;
    conclude(run, strand, { failure: thrown.failure });
  }
}
