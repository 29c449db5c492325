/** An execution that we keep: what it began with, the signals it got, and either where it stands or how it ended. */
import { createHash } from 'node:crypto';
import type { StateMachine } from '../../../../shared/kinds/states-language.ts';
import type { Ending, HistoryEvent, Run, Start } from '../interpreter/run/run.ts';
import { begin, deliver, type Signal } from '../interpreter/run/signals.ts';

export interface Entry {
  /** In the order of starting. */
  readonly number: number;
  readonly start: Start;
  /** As it was given: StartExecution compares it. */
  readonly input: string;
  /** The journal's lines of this execution: its start, its signals, its end. */
  readonly lines: string[];
  /** Undefined once it has ended: the lines tell the rest. */
  run: Run | undefined;
  ended: Ended | undefined;
}

export type Ended = Ending & { readonly at: number };

/** What the journal keeps. Definitions stand once each, by hash, so that an execution ends under the definition it began with. */
export type Kept = KeptDefinition | KeptStart | KeptSignal | KeptEnd;

export interface KeptDefinition {
  readonly definition: string;
  readonly of: StateMachine;
}
export interface KeptStart extends Omit<Start, 'definition' | 'input'> {
  readonly start: number;
  readonly under: string;
  readonly input: string;
}
export type KeptSignal = Signal & { readonly to: number };
/** Says what would follow from the rest, so that the past needs no replay. */
export interface KeptEnd {
  readonly ended: number;
  readonly how: Ended;
}

export const hashOf = (definition: StateMachine): string =>
  createHash('sha256').update(JSON.stringify(definition)).digest('hex').slice(0, 16);

/** The history, made anew from the start and the signals. */
export function historyOf(entry: Entry): readonly HistoryEvent[] {
  const events: HistoryEvent[] = [];
  const run = begin(entry.start, (event) => events.push(event));
  for (const line of entry.lines) {
    const kept = JSON.parse(line) as Kept;
    if ('to' in kept) deliver(run, kept);
  }
  return events;
}
