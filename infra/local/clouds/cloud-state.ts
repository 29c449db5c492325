import { join } from 'node:path';
import { type Journal, openJournal } from './journal.ts';

/**
 * What a fake cloud holds: tables of records, and the list of all instances that were ever created. With a directory,
 * each change is in a journal before it is answered, so that what was answered is still so after kill -9.
 */
export interface CloudState {
  /** The table of this name; the same name is the same table. */
  table<T>(name: string): Table<T>;
  /** Makes the changes inside one line of the journal: after a crash all of them are there, or none. */
  atomically<R>(changes: () => R): R;
  /** Says that an instance was made. Never forgotten, whatever becomes of the instance. */
  recordCreation(creation: Creation): void;
  creations(): readonly Creation[];
  close(): void;
}

export interface Table<T> {
  get(id: string): T | undefined;
  /** Stores a record: give it a new value, changing one in place is not seen. */
  put(id: string, record: T): void;
  delete(id: string): void;
  /** In order of first put. */
  all(): T[];
}

/** One instance that was made: tests count these per machine. */
export interface Creation {
  /** ms since 1970 */
  readonly at: number;
  readonly id: string;
  readonly name: string;
  /** AWS tags or GCE labels, as they were in the call that made it. */
  readonly tags: Readonly<Record<string, string>>;
}

/** Table, id and record; no record: deleted. */
type Change = readonly [table: string, id: string, record?: unknown];

interface Line {
  readonly changes: Change[];
  readonly creations: Creation[];
}

/** Opens the state kept in `<dataDir>/<name>.jsonl`; without a directory it lives in memory. */
export function openCloudState(name: string, dataDir?: string): CloudState {
  const tables = new Map<string, Map<string, unknown>>();
  const creations: Creation[] = [];
  const rows = (table: string): Map<string, unknown> => tables.get(table) ?? tables.set(table, new Map()).get(table)!;
  const replay = (line: Line): void => {
    for (const [table, id, record] of line.changes) record === undefined ? rows(table).delete(id) : rows(table).set(id, record);
    creations.push(...line.creations);
  };
  const snapshot = (): Line => ({
    changes: [...tables].flatMap(([table, records]) => [...records].map(([id, record]): Change => [table, id, record])),
    creations,
  });
  const journal = dataDir === undefined ? undefined : openJournal(join(dataDir, `${name}.jsonl`), replay, snapshot);
  const writer = createWriter(journal);
  return {
    table: <T>(table: string): Table<T> => ({
      get: (id) => rows(table).get(id) as T | undefined,
      all: () => [...rows(table).values()] as T[],
      put(id, record) {
        rows(table).set(id, record);
        writer.write({ changes: [[table, id, record]], creations: [] });
      },
      delete(id) {
        if (rows(table).delete(id)) writer.write({ changes: [[table, id]], creations: [] });
      },
    }),
    atomically: writer.atomically,
    recordCreation(creation) {
      creations.push(creation);
      writer.write({ changes: [], creations: [creation] });
    },
    creations: () => creations,
    close: () => journal?.close(),
  };
}

/** Writes each line at once, or gathers the lines of one `atomically` into one. */
function createWriter(journal: Journal<Line> | undefined): { write(line: Line): void; atomically<R>(changes: () => R): R } {
  let gathered: Line | undefined;
  return {
    write(line) {
      if (gathered === undefined) {
        journal?.append(line);
        return;
      }
      gathered.changes.push(...line.changes);
      gathered.creations.push(...line.creations);
    },
    atomically(changes) {
      if (gathered !== undefined) return changes();
      const line: Line = { changes: [], creations: [] };
      gathered = line;
      try {
        return changes();
      } finally {
        // Also after a throw: what the tables hold and what the journal holds must not differ.
        gathered = undefined;
        if (line.changes.length + line.creations.length > 0) journal?.append(line);
      }
    },
  };
}
