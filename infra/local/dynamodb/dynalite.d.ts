/** What we use of dynalite and of its database layer. */
declare module 'dynalite' {
  import type { Server } from 'node:http';

  export interface Options {
    /** LevelDB's directory; absent: in memory. */
    path?: string;
    createTableMs?: number;
  }
  export default function dynalite(options: Options): Server;
}

declare module 'dynalite/db/index.js' {
  type Done = (error?: Error | null) => void;
  export type Attributes = Record<string, unknown>;

  export interface Index {
    readonly IndexName: string;
  }
  export interface TableDefinition {
    readonly TableName: string;
    readonly LocalSecondaryIndexes?: readonly Index[];
    readonly GlobalSecondaryIndexes?: readonly Index[];
  }
  export type LevelOperation = { type: 'put'; key: string; value: Attributes } | { type: 'del'; key: string };

  export interface ItemDatabase {
    put(key: string, value: Attributes, done: Done): void;
    del(key: string, done: Done): void;
  }
  export interface Level {
    open(): Promise<void>;
    get(key: string, done: (error: Error | null, value?: Attributes) => void): void;
    getSync(key: string): Attributes | undefined;
    put(key: string, value: Attributes, done: Done): void;
    del(key: string, done: Done): void;
    batch(operations: readonly LevelOperation[], done: Done): void;
  }
  export interface LevelStore {
    readonly db: Level;
    getItemDb(table: string): ItemDatabase;
  }
  export interface IndexActions {
    readonly puts: readonly { readonly index: string; readonly key: string; readonly item: Attributes }[];
    readonly deletes: readonly { readonly index: string; readonly key: string }[];
  }
  const db: {
    create(options: { path?: string }): LevelStore;
    createKey(item: Attributes, table: TableDefinition): string;
    getIndexActions(
      indexes: readonly Index[],
      existing: Attributes | undefined,
      item: Attributes | undefined,
      table: TableDefinition,
    ): IndexActions;
    updateIndexes(
      store: LevelStore,
      table: TableDefinition,
      existing: Attributes | undefined,
      item: Attributes | undefined,
      done: Done,
    ): void;
  };
  export default db;
}
