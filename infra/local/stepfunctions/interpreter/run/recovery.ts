/** Whom a failure concerns: the first Retry that matches and has attempts left, else the first Catch that matches. */
import type { Catcher, Retrier, State } from '../../../../../shared/kinds/states-language.ts';
import type { Chance } from '../chance.ts';
import type { Failure } from '../failure.ts';

/** Nothing recovers from the first; from the second only what names it. */
const neverMatched = 'States.Runtime';
const matchedByName = 'States.DataLimitExceeded';

function concerns({ ErrorEquals }: Retrier | Catcher, { error }: Failure, state: State): boolean {
  if (error === neverMatched) return false;
  if (ErrorEquals.includes(error)) return true;
  if (error === matchedByName) return false;
  if (ErrorEquals.includes('States.ALL')) return true;
  return state.Type === 'Task' && error !== 'States.Timeout' && ErrorEquals.includes('States.TaskFailed');
}

/** Milliseconds until the state is tried again; undefined: it is not. Counts the attempt in `attempts`. */
export function retryAfter(state: State, failure: Failure, attempts: number[], chance: Chance): number | undefined {
  const retriers = 'Retry' in state ? (state.Retry ?? []) : [];
  const which = retriers.findIndex((each) => concerns(each, failure, state));
  const retrier = retriers[which];
  if (retrier === undefined) return undefined;
  const done = attempts[which] ?? 0;
  if (done >= (retrier.MaxAttempts ?? 3)) return undefined;
  attempts[which] = done + 1;
  return delay(retrier, done, chance);
}

function delay(retrier: Retrier, done: number, chance: Chance): number {
  const seconds = (retrier.IntervalSeconds ?? 1) * (retrier.BackoffRate ?? 2) ** done;
  const longest = Math.min(seconds, retrier.MaxDelaySeconds ?? Number.POSITIVE_INFINITY) * 1000;
  return Math.round(retrier.JitterStrategy === 'FULL' ? longest * chance.fraction() : longest);
}

export function catcherOf(state: State, failure: Failure): Catcher | undefined {
  return 'Catch' in state ? state.Catch?.find((each) => concerns(each, failure, state)) : undefined;
}
