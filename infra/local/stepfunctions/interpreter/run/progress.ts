/** Takes every strand that is ready on to where it waits. */
import { within } from '../data.ts';
import { finish, giveUp, split } from './forks.ts';
import { emit, withInput, withOutput } from './history.ts';
import { complete, effective, guard, passOn, stateOf, wait } from './moves.ts';
import type { Ending, Run, Strand } from './run.ts';
import { integrationOf } from './task.ts';
import { type Verdict, work } from './work.ts';

export function proceed(run: Run): void {
  for (let strand = run.ready.shift(); strand !== undefined; strand = run.ready.shift()) {
    if (!strand.alive || run.ending !== undefined) continue;
    if (strand.outcome === undefined) enter(run, strand);
    else actOn(run, strand, strand.outcome);
  }
}

function actOn(run: Run, strand: Strand, outcome: NonNullable<Strand['outcome']>): void {
  if (strand.fork === undefined) {
    end(run, 'output' in outcome ? { status: 'SUCCEEDED', ...outcome } : { status: 'FAILED', ...outcome });
  } else if ('output' in outcome) {
    finish(run, strand, strand.fork, outcome.output);
  } else {
    giveUp(run, strand, strand.fork, outcome.failure);
  }
}

function enter(run: Run, strand: Strand): void {
  const { state: name, input } = strand;
  strand.enteredAt = run.now;
  strand.attempts = [];
  emit(run, strand, `${stateOf(strand).Type}StateEntered`, () => ({ name, ...withInput(input) }));
  perform(run, strand);
}

/** Does the work of the current state: when it is entered, and again at every retry. */
export function perform(run: Run, strand: Strand): void {
  run.transitions += 1;
  guard(run, strand, () => {
    const verdict = work(stateOf(strand), effective(run, strand), run.now, (item) => effective(run, strand, item));
    carryOut(run, strand, verdict);
  });
}

function carryOut(run: Run, strand: Strand, verdict: Verdict): void {
  if (verdict.does === 'produce') complete(run, strand, verdict.result);
  else if (verdict.does === 'pass on') passOn(run, strand, verdict.next);
  else if (verdict.does === 'call') schedule(run, strand, verdict);
  else if (verdict.does === 'fork') split(run, strand, verdict.branches, verdict.concurrency);
  else if (verdict.until <= run.now) passOn(run, strand);
  else wait(run, strand.lastEvent, { for: 'time', strand, until: verdict.until });
}

function schedule(run: Run, strand: Strand, { state, function: name, payload }: Verdict & { does: 'call' }): void {
  within(payload, `The payload of ${strand.state}`);
  const integration = integrationOf(state);
  const ticket = emit(run, strand, ...integration.scheduled(state, { function: name, payload }));
  emit(run, strand, ...integration.started());
  const until = run.now + (state.TimeoutSeconds ?? Number.POSITIVE_INFINITY) * 1000;
  wait(run, ticket, { for: 'task', strand, until, call: { ticket, function: name, payload } });
  run.calls.push({ ticket, function: name, payload });
}

export function end(run: Run, ending: Ending): void {
  run.ending = ending;
  run.waiting.clear();
  run.calls.length = 0;
  emit(run, run.root, ...closing(ending));
}

function closing(ending: Ending): [type: string, fields: () => Record<string, unknown>] {
  switch (ending.status) {
    case 'SUCCEEDED':
      return ['ExecutionSucceeded', () => withOutput(ending.output)];
    case 'FAILED':
      return ['ExecutionFailed', () => ({ ...ending.failure })];
    case 'TIMED_OUT':
      return ['ExecutionTimedOut', () => ({ error: 'States.Timeout' })];
    case 'ABORTED':
      return ['ExecutionAborted', () => ({ error: ending.error, cause: ending.cause })];
  }
}
