/** All executions of a host: starts them, makes their calls, wakes them, and writes down what they live through. */
import type { Clock, Random } from '../../../../shared/ports.ts';
import { type Call, type Run, type Start, wakeAt } from '../interpreter/run/run.ts';
import { begin, deliver, type Signal } from '../interpreter/run/signals.ts';
import { createTimers } from '../timers.ts';
import type { Archive } from './archive.ts';
import type { Ended, Entry } from './entry.ts';
import { failureOf } from './failure-of.ts';

export interface Surroundings {
  /** Calls a function. What it rejects with is the task's error. */
  invoke(functionName: string, payload: unknown): Promise<unknown>;
  readonly clock: Clock;
  readonly random: Random;
  /** Hears of every execution that ends. */
  ended(entry: Entry, how: Ended): void;
}

export interface Executions {
  start(start: Omit<Start, 'at' | 'seed' | 'input'>, input: string): Entry;
  /** Lets what a former process left running go on: tasks that were in flight are called again. */
  takeUp(entries: readonly Entry[]): void;
  stop(entry: Entry, why: { readonly error?: string; readonly cause?: string }): void;
  /** States entered and retries since this host started. */
  transitions(): number;
  close(): void;
}

export function createExecutions(archive: Archive, { invoke, clock, random, ended }: Surroundings): Executions {
  const timers = createTimers<Entry>(clock, (entry) => receive(entry, { type: 'woken', at: clock.now() }));
  let transitions = 0;
  let closed = false;

  const start: Executions['start'] = ({ definition, ...identity }, input) => {
    const chosen = { ...identity, at: clock.now(), seed: Buffer.from(random.bytes(16)).toString('hex') };
    const whole: Start = { ...chosen, definition, input: JSON.parse(input) as unknown };
    const run = begin(whole);
    const entry: Entry = { number: archive.nextNumber(), start: whole, input, lines: [], run, ended: undefined };
    archive.add(entry);
    archive.write(entry, { start: entry.number, under: archive.define(definition), input, ...chosen });
    transitions += run.transitions;
    follow(entry, run);
    return entry;
  };

  function receive(entry: Entry, signal: Signal): void {
    const { run } = entry;
    if (run === undefined || closed) return;
    archive.write(entry, { to: entry.number, ...signal });
    const before = run.transitions;
    deliver(run, signal);
    transitions += run.transitions - before;
    follow(entry, run);
  }

  /** Does what the run asks for. */
  function follow(entry: Entry, run: Run): void {
    for (const call of run.calls.splice(0)) void make(entry, call);
    timers.set(entry, wakeAt(run));
    if (run.ending === undefined) return;
    const how = { ...run.ending, at: run.now };
    archive.end(entry, how);
    ended(entry, how);
  }

  async function make(entry: Entry, { ticket, function: name, payload }: Call): Promise<void> {
    const answer = await ask(name, payload);
    // Nobody may wait any more: the task has timed out, or was stopped.
    if (entry.run?.waiting.has(ticket)) receive(entry, { ...answer, at: clock.now(), ticket });
  }

  /** Both sides get copies, as if they went over a wire: what a function does to its payload stays its own. */
  async function ask(name: string, payload: unknown) {
    try {
      const result = await invoke(name, copy(payload));
      return { type: 'succeeded', result: copy(result ?? null) } as const;
    } catch (error) {
      return { type: 'failed', ...failureOf(error) } as const;
    }
  }

  function goOn(entry: Entry, run: Run): void {
    // Most of them were answered before the crash. Those that were not still wait.
    run.calls.length = 0;
    for (const waiting of run.waiting.values()) if (waiting.for === 'task') run.calls.push(waiting.call);
    follow(entry, run);
  }

  return {
    start,
    takeUp(entries) {
      for (const entry of entries) if (entry.run !== undefined && !closed) goOn(entry, entry.run);
    },
    stop: (entry, why) => receive(entry, { type: 'stopped', at: clock.now(), ...why }),
    transitions: () => transitions,
    close() {
      closed = true;
      timers.close();
    },
  };
}

const copy = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
