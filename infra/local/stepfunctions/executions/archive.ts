/** The executions that are kept, in memory and in the journal, and when they are forgotten. */
import type { StateMachine } from '../../../../shared/kinds/states-language.ts';
import type { Clock } from '../../../../shared/ports.ts';
import type { Journal } from '../journal/journal.ts';
import { type Ended, type Entry, hashOf, type Kept } from './entry.ts';
import type { Restored } from './restore.ts';

export interface Archive {
  get(executionArn: string): Entry | undefined;
  /** Oldest first. */
  all(): readonly Entry[];
  /** Keeps a definition, once; returns what it is kept under. */
  define(definition: StateMachine): string;
  add(entry: Entry): void;
  /** Writes down what an execution lives through. */
  write(entry: Entry, kept: Kept): void;
  /** Writes down how it ended. */
  end(entry: Entry, how: Ended): void;
  /** For the next execution. */
  nextNumber(): number;
}

/** As AWS: an execution is forgotten, and its name free, after 90 days. We also forget the oldest beyond a number. */
const keptFor = 90 * 24 * 3_600_000;
/** The journal is written anew when it has doubled, and is worth the work. */
const smallJournal = 16 * 2 ** 20;

export interface Limits {
  /** Executions that have ended. */
  readonly keptAtMost: number;
  /** Bytes below which a journal is never written anew. */
  readonly smallJournal: number;
}

export function createArchive(
  { entries: restored, definitions: kept }: Restored,
  journal: Journal,
  clock: Clock,
  limits: Limits = { keptAtMost: 10_000, smallJournal },
): Archive {
  const entries = new Map(restored.map((entry) => [entry.start.executionArn, entry]));
  const definitions = new Map(kept);
  const hashes = new WeakMap<StateMachine, string>();
  const past = restored.filter(({ ended }) => ended !== undefined).sort((a, b) => a.ended!.at - b.ended!.at);
  let lastNumber = restored.at(-1)?.number ?? 0;
  let rewriteAbove = limits.smallJournal;

  function define(definition: StateMachine): string {
    const known = hashes.get(definition);
    if (known !== undefined) return known;
    const hash = hashOf(definition);
    hashes.set(definition, hash);
    if (!definitions.has(hash)) journal.append(JSON.stringify({ definition: hash, of: definition } satisfies Kept));
    definitions.set(hash, definition);
    return hash;
  }

  function write(entry: Entry, kept: Kept): void {
    const line = JSON.stringify(kept);
    entry.lines.push(line);
    journal.append(line);
  }

  function end(entry: Entry, how: Ended): void {
    entry.run = undefined;
    entry.ended = how;
    write(entry, { ended: entry.number, how });
    past.push(entry);
    forget();
    if (journal.bytes() > rewriteAbove) rewrite();
  }

  function forget(): void {
    const tooOld = clock.now() - keptFor;
    while (past.length > limits.keptAtMost || (past[0]?.ended?.at ?? tooOld) < tooOld) entries.delete(past.shift()!.start.executionArn);
  }

  function rewrite(): void {
    rewriteAbove = Number.POSITIVE_INFINITY;
    journal.replace(() => {
      const lines = [...definitions].map(([hash, of]) => JSON.stringify({ definition: hash, of } satisfies Kept));
      for (const entry of entries.values()) lines.push(...entry.lines);
      const bytes = lines.reduce((sum, line) => sum + line.length, 0);
      rewriteAbove = Math.max(limits.smallJournal, 2 * bytes);
      return lines;
    });
  }

  forget();
  return {
    get: (executionArn) => entries.get(executionArn),
    all: () => [...entries.values()],
    define,
    add: (entry) => entries.set(entry.start.executionArn, entry),
    write,
    end,
    nextNumber() {
      lastNumber += 1;
      return lastNumber;
    },
  };
}
