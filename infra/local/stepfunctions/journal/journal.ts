/**
 * An append-only file of lines with group commit: what is appended while one write is on its way to the disk goes out together
 * with the next. A line that was cut by a crash is dropped when the file is opened.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { type LineFile, openLineFile, replaceLineFile } from './line-file.ts';

export interface Journal {
  /** Keeps the line, which has no line break in it. Returns before it is on disk. */
  append(line: string): void;
  /** Resolves when all that was appended is on disk; rejects if it could not be written. It is tried again with the next line. */
  durable(): Promise<void>;
  /** Writes the file anew when its turn comes: `lines` then tells all that is worth keeping, with all that was appended before. */
  replace(lines: () => readonly string[]): void;
  /** How large the file is, about. */
  bytes(): number;
  close(): Promise<void>;
}

interface Batch {
  readonly lines: string[];
  readonly written: PromiseWithResolvers<void>;
}

function newBatch(): Batch {
  const written = Promise.withResolvers<void>();
  // Whoever asks for `durable` gets the error; if nobody does, the next write tries again.
  written.promise.catch(() => {});
  return { lines: [], written };
}

/** Opens or makes `<dir>/executions.jsonl` and reads what is in it. */
export async function openJournal(dir: string): Promise<{ readonly journal: Journal; readonly lines: readonly string[] }> {
  await mkdir(dir, { recursive: true });
  const path = join(dir, 'executions.jsonl');
  const { file, lines } = await openLineFile(path);
  return { journal: createJournal(path, file), lines };
}

function createJournal(path: string, opened: LineFile): Journal {
  let file = opened;
  let batch = newBatch();
  let writing = newBatch();
  writing.written.resolve();
  let queue: Promise<void> = Promise.resolve();
  let scheduled = false;

  const inTurn = (work: () => Promise<void>) => {
    queue = queue.then(work);
  };

  /** Takes what was appended, and writes it. */
  async function settle(write: (lines: readonly string[]) => Promise<void>): Promise<void> {
    writing = batch;
    batch = newBatch();
    try {
      await write(writing.lines);
      writing.written.resolve();
    } catch (error) {
      batch.lines.unshift(...writing.lines);
      writing.written.reject(error);
    }
  }

  async function commit(): Promise<void> {
    // What else this turn of the event loop appends goes along.
    await setImmediate();
    scheduled = false;
    if (batch.lines.length > 0) await settle((lines) => file.append(lines));
  }

  function append(line: string): void {
    batch.lines.push(line);
    if (!scheduled) inTurn(commit);
    scheduled = true;
  }

  const replace: Journal['replace'] = (lines) =>
    inTurn(() =>
      settle(async () => {
        file = await replaceLineFile(path, file, lines());
      }),
    );

  async function close(): Promise<void> {
    await queue;
    await file.close();
  }

  const durable = () => (batch.lines.length > 0 ? batch : writing).written.promise;
  return { append, durable, replace, bytes: () => file.bytes(), close };
}

/** Keeps nothing: executions end with the process. */
export const noJournal: Journal = {
  append: () => {},
  durable: () => Promise.resolve(),
  replace: () => {},
  bytes: () => 0,
  close: () => Promise.resolve(),
};
