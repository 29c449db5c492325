/** From the journal's lines to the executions as they stood. */
import type { StateMachine } from '../../../../shared/kinds/states-language.ts';
import { begin, deliver } from '../interpreter/run/signals.ts';
import type { Entry, Kept, KeptEnd, KeptSignal, KeptStart } from './entry.ts';

export interface Restored {
  readonly entries: readonly Entry[];
  readonly definitions: ReadonlyMap<string, StateMachine>;
}

interface Story {
  readonly start: KeptStart;
  readonly signals: KeptSignal[];
  readonly lines: string[];
  end?: KeptEnd;
}

export function restore(lines: readonly string[]): Restored {
  const definitions = new Map<string, StateMachine>();
  const stories = new Map<number, Story>();
  for (const [i, line] of lines.entries()) {
    const kept = parse(line, i);
    if ('of' in kept) definitions.set(kept.definition, kept.of);
    else if ('start' in kept) stories.set(kept.start, { start: kept, signals: [], lines: [line] });
    else add(kept, line, stories);
  }
  return { entries: [...stories.values()].map((story) => entryOf(story, definitions)), definitions };
}

function parse(line: string, i: number): Kept {
  try {
    return JSON.parse(line) as Kept;
  } catch (cause) {
    const advice = 'Restore the file, or remove it to forget all executions.';
    throw new Error(`executions.jsonl was damaged: line ${i + 1} is not JSON. ${advice}`, { cause });
  }
}

function add(kept: KeptSignal | KeptEnd, line: string, stories: ReadonlyMap<number, Story>): void {
  const story = stories.get('to' in kept ? kept.to : kept.ended);
  // An execution that was forgotten may have lines left of it.
  if (story === undefined) return;
  story.lines.push(line);
  if ('to' in kept) story.signals.push(kept);
  else story.end = kept;
}

function entryOf({ start: kept, signals, lines, end }: Story, definitions: ReadonlyMap<string, StateMachine>): Entry {
  const { start: number, under, input, ...rest } = kept;
  const start = { ...rest, definition: definitions.get(under)!, input: JSON.parse(input) as unknown };
  if (end !== undefined) return { number, start, input, lines, run: undefined, ended: end.how };
  const run = begin(start);
  for (const signal of signals) deliver(run, signal);
  return { number, start, input, lines, run, ended: undefined };
}
