import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync, writeFileSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

/** An append-only file of JSON lines. What `append` has returned from survives kill -9 (the kernel has it), though not a power cut. */
export interface Journal<Line> {
  append(line: Line): void;
  close(): void;
}

/** A journal is rewritten from a snapshot after this many lines. */
const linesBeforeCompaction = 10_000;

/** Replays the file at `path`, then goes on appending to it. `snapshot` is one line that stands for all before it. */
export function openJournal<Line>(path: string, replay: (line: Line) => void, snapshot: () => Line): Journal<Line> {
  // User data is in here: for the owner's eyes only.
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  // What follows the last newline is a write that a kill cut short: it was never answered, so it never happened.
  const lines = existsSync(path) ? readFileSync(path, 'utf8').split('\n').slice(0, -1) : [];
  for (const line of lines) replay(JSON.parse(line) as Line);

  const compact = (): number => {
    writeFileSync(`${path}.new`, `${JSON.stringify(snapshot())}\n`, { mode: 0o600 });
    renameSync(`${path}.new`, path);
    return openSync(path, 'a');
  };
  let descriptor = compact();
  let written = 0;
  return {
    append(line) {
      writeSync(descriptor, `${JSON.stringify(line)}\n`);
      written += 1;
      if (written < linesBeforeCompaction) return;
      closeSync(descriptor);
      descriptor = compact();
      written = 0;
    },
    close: () => closeSync(descriptor),
  };
}
