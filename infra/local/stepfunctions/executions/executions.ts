/** All executions of a host: starts them, makes their calls, wakes them, keeps them in the journal. */
import type { StateMachine } from '../../../../shared/kinds/states-language.ts';
import type { Clock, Random } from '../../../../shared/ports.ts';
import { type Call, type Run, type Start, wakeAt } from '../interpreter/run/run.ts';
import { begin, deliver, type Signal } from '../interpreter/run/signals.ts';
import type { Journal } from '../journal/journal.ts';
import { createTimers } from '../timers.ts';
import { type Ended, type Entry, hashOf, type Kept } from './entry.ts';
import { failureOf } from './failure-of.ts';
import type { Restored } from './restore.ts';

export interface Surroundings {
  /** Calls a function. What it rejects with is the task's error; it may be called again for the same task after a crash. */
  invoke(functionName: string, payload: unknown): Promise<unknown>;
  readonly clock: Clock;
  readonly random: Random;
  readonly journal: Journal;
  /** Hears of every execution that ends. */
  ended(entry: Entry, how: Ended): void;
}

export interface Executions {
  get(executionArn: string): Entry | undefined;
  /** Oldest first. */
  all(): readonly Entry[];
  /** Lets what a former process left running go on: tasks that were in flight are called again. */
  takeUp(): void;
  start(start: Omit<Start, 'at' | 'seed' | 'input'>, input: string): Entry;
  stop(entry: Entry, why: { readonly error?: string; readonly cause?: string }): void;
  /** States entered and retries since this host started. */
  transitions(): number;
  close(): void;
}

const copy = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

/** As AWS: an execution is forgotten, and its name free, after 90 days. We also forget the oldest beyond a number. */
const keptFor = 90 * 24 * 3_600_000;
const keptAtMost = 10_000;
/** The journal is written anew when it has doubled, and is worth the work. */
const smallJournal = 16 * 2 ** 20;

export function createExecutions(restored: Restored, surroundings: Surroundings): Executions {
  const { clock, random, journal } = surroundings;
  const entries = new Map(restored.entries.map((entry) => [entry.start.executionArn, entry]));
  const definitions = new Map(restored.definitions);
  const past = restored.entries.filter(({ ended }) => ended !== undefined).sort((a, b) => a.ended!.at - b.ended!.at);
  const timers = createTimers<Entry>(clock, (entry) => receive(entry, { type: 'woken', at: clock.now() }));
  let lastNumber = restored.entries.at(-1)?.number ?? 0;
  let compactAbove = smallJournal;
  let transitions = 0;
  let closed = false;

  function keep(kept: Kept): string {
    const line = JSON.stringify(kept);
    journal.append(line);
    return line;
  }

  function definitionKept(definition: StateMachine): string {
    const hash = hashOf(definition);
    if (!definitions.has(hash)) keep({ definition: hash, of: definition });
    definitions.set(hash, definition);
    return hash;
  }

  const start: Executions['start'] = (given, input) => {
    const { definition, ...identity } = given;
    lastNumber += 1;
    const chosen = { ...identity, at: clock.now(), seed: Buffer.from(random.bytes(16)).toString('hex') };
    const line = keep({ start: lastNumber, under: definitionKept(definition), input, ...chosen });
    const whole: Start = { ...chosen, definition, input: JSON.parse(input) as unknown };
    const run = begin(whole);
    const entry: Entry = { number: lastNumber, start: whole, input, lines: [line], run, ended: undefined };
    entries.set(whole.executionArn, entry);
    transitions += run.transitions;
    follow(entry, run);
    return entry;
  };

  function receive(entry: Entry, signal: Signal): void {
    const { run } = entry;
    if (run === undefined || closed) return;
    entry.lines.push(keep({ to: entry.number, ...signal }));
    const before = run.transitions;
    deliver(run, signal);
    transitions += run.transitions - before;
    follow(entry, run);
  }

  function follow(entry: Entry, run: Run): void {
    for (const call of run.calls.splice(0)) void make(entry, call);
    timers.set(entry, wakeAt(run));
    if (run.ending !== undefined) conclude(entry, { ...run.ending, at: run.now });
  }

  async function make(entry: Entry, { ticket, function: name, payload }: Call): Promise<void> {
    const answer = await ask(name, payload);
    // Nobody may wait any more: the task has timed out, or was stopped.
    if (entry.run?.waiting.has(ticket)) receive(entry, { ...answer, at: clock.now(), ticket });
  }

  /** Both sides get copies, as if they went over a wire: what a function does to its payload stays its own. */
  async function ask(name: string, payload: unknown) {
    try {
      return { type: 'succeeded', result: copy((await surroundings.invoke(name, copy(payload))) ?? null) } as const;
    } catch (error) {
      return { type: 'failed', ...failureOf(error) } as const;
    }
  }

  function conclude(entry: Entry, how: Ended): void {
    entry.run = undefined;
    entry.ended = how;
    entry.lines.push(keep({ ended: entry.number, how }));
    past.push(entry);
    forget();
    if (journal.bytes() > compactAbove) compact();
    surroundings.ended(entry, how);
  }

  function forget(): void {
    const tooOld = clock.now() - keptFor;
    while (past.length > keptAtMost || (past[0]?.ended?.at ?? tooOld) < tooOld) entries.delete(past.shift()!.start.executionArn);
  }

  function compact(): void {
    compactAbove = Number.POSITIVE_INFINITY;
    journal.replace(() => {
      const lines = [...definitions].map(([hash, of]) => JSON.stringify({ definition: hash, of } satisfies Kept));
      for (const entry of entries.values()) lines.push(...entry.lines);
      compactAbove = Math.max(smallJournal, 2 * lines.reduce((sum, line) => sum + line.length, 0));
      return lines;
    });
  }

  function goOn(entry: Entry, run: Run): void {
    // Most of them were answered before the crash; those that were not still wait.
    run.calls.length = 0;
    timers.set(entry, wakeAt(run));
    // The line of its end was lost, or it came to its end in the replay.
    if (run.ending !== undefined) conclude(entry, { ...run.ending, at: run.now });
    for (const waiting of run.waiting.values()) if (waiting.for === 'task') void make(entry, waiting.call);
  }

  forget();
  return {
    get: (executionArn) => entries.get(executionArn),
    all: () => [...entries.values()],
    start,
    takeUp() {
      for (const entry of entries.values()) if (entry.run !== undefined && !closed) goOn(entry, entry.run);
    },
    stop: (entry, why) => receive(entry, { type: 'stopped', at: clock.now(), ...why }),
    transitions: () => transitions,
    close() {
      closed = true;
      timers.close();
    },
  };
}
