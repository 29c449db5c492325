/** How strands split (Parallel, Map), join, and stop each other. */
import type { Failure } from '../failure.ts';
import { emit } from './history.ts';
import { complete, guard, recover, stateOf } from './moves.ts';
import { type Branch, type Fork, newStrand, type Run, type Strand } from './run.ts';

export function split(run: Run, strand: Strand, branches: readonly Branch[], concurrency: number): void {
  const { Type } = stateOf(strand);
  const startedEvent = emit(run, strand, `${Type}StateStarted`, Type === 'Map' ? () => ({ length: branches.length }) : undefined);
  const fork: Fork = { of: strand, branches, concurrency, startedEvent, outputs: [], strands: new Set(), begun: 0 };
  strand.split = fork;
  begin(run, fork);
  if (branches.length === 0) join(run, fork, startedEvent);
}

/** Begins as many as may run at a time. */
function begin(run: Run, fork: Fork): void {
  while (fork.begun < fork.branches.length && fork.strands.size < fork.concurrency) {
    const strand = newStrand(fork.branches[fork.begun]!, fork.begun, fork);
    fork.begun += 1;
    fork.strands.add(strand);
    tellIteration(run, strand, 'Started');
    run.ready.push(strand);
  }
}

function tellIteration(run: Run, strand: Strand, what: 'Started' | 'Succeeded' | 'Failed' | 'Aborted'): void {
  const { fork, index, item } = strand;
  if (fork !== undefined && item !== undefined) emit(run, strand, `MapIteration${what}`, () => ({ name: fork.of.state, index }));
}

/** A branch or iteration has its output; after the last one the state that split goes on. */
export function finish(run: Run, strand: Strand, fork: Fork, output: unknown): void {
  strand.alive = false;
  tellIteration(run, strand, 'Succeeded');
  fork.outputs[strand.index] = output;
  fork.strands.delete(strand);
  begin(run, fork);
  if (fork.strands.size === 0) join(run, fork, strand.lastEvent);
}

function join(run: Run, fork: Fork, lastEvent: number): void {
  const strand = fork.of;
  strand.split = undefined;
  strand.lastEvent = lastEvent;
  emit(run, strand, `${stateOf(strand).Type}StateSucceeded`);
  guard(run, strand, () => complete(run, strand, fork.outputs));
}

/** A branch or iteration has failed: it stops those beside it and fails the state that split. */
export function giveUp(run: Run, strand: Strand, fork: Fork, failure: Failure): void {
  strand.alive = false;
  tellIteration(run, strand, 'Failed');
  fork.strands.delete(strand);
  for (const other of fork.strands) abort(run, other);
  fork.of.split = undefined;
  fork.of.lastEvent = strand.lastEvent;
  emit(run, fork.of, `${stateOf(fork.of).Type}StateFailed`);
  recover(run, fork.of, failure);
}

/** Stops a strand and all that it split into. Answers to its calls find nobody. */
export function abort(run: Run, strand: Strand): void {
  strand.alive = false;
  for (const inner of strand.split?.strands ?? []) abort(run, inner);
  if (strand.ticket !== undefined) run.waiting.delete(strand.ticket);
  if (strand.enteredAt !== undefined) emit(run, strand, `${stateOf(strand).Type}StateAborted`);
  tellIteration(run, strand, 'Aborted');
}
