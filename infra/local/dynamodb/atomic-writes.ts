import db, { type ItemDatabase, type LevelOperation, type LevelStore } from 'dynalite/db/index.js';

/**
 * Makes each of dynalite's writes one LevelDB batch. By itself it deletes old index entries, puts new ones and puts the item
 * one after the other, so that a process killed in between leaves an item that its indexes do not know; a batch is stored
 * whole or not at all (and in a third of the time). dynalite 4.0.0 calls `updateIndexes` first and then puts or deletes the
 * item, under a lock on the item's key: so the index entries are kept for that moment and go with it.
 *
 * Returns the store that dynalite opens, once it has been made.
 */
export function makeWritesAtomic(): () => LevelStore {
  for (const name of ['create', 'createKey', 'getIndexActions', 'updateIndexes'] as const)
    if (typeof db[name] !== 'function')
      throw new Error(`this dynalite has no db.${name}: it is not the version 4.0.0 that this host is made for`);

  const staged = new Map<string, LevelOperation[]>();
  let opened: LevelStore | undefined;

  db.updateIndexes = (_store, table, existing, item, done) => {
    const either = item ?? existing;
    if (either !== undefined) {
      const operations = (['local', 'global'] as const).flatMap((scope) => {
        const indexes = (scope === 'local' ? table.LocalSecondaryIndexes : table.GlobalSecondaryIndexes) ?? [];
        const { puts, deletes } = db.getIndexActions(indexes, existing, item, table);
        const keyOf = ({ index, key }: { index: string; key: string }) => `index-${scope}~${table.TableName}~${index}~${key}`;
        return [
          ...deletes.map((entry): LevelOperation => ({ type: 'del', key: keyOf(entry) })),
          ...puts.map((entry): LevelOperation => ({ type: 'put', key: keyOf(entry), value: entry.item })),
        ];
      });
      staged.set(itemKey(table.TableName, db.createKey(either, table)), operations);
    }
    done();
  };

  const create = db.create;
  db.create = (options) => {
    const store = create(options);
    opened = store;
    const getItemDb = store.getItemDb;
    const wrapped = new Map<string, ItemDatabase>();
    const wrap = (table: string): ItemDatabase => {
      const together = (operation: LevelOperation, done: (error?: Error | null) => void): void => {
        const indexEntries = staged.get(operation.key) ?? [];
        staged.delete(operation.key);
        store.db.batch([...indexEntries, operation], done);
      };
      return Object.assign(getItemDb(table), {
        put: (key: string, value: Record<string, unknown>, done: (error?: Error | null) => void) =>
          together({ type: 'put', key: itemKey(table, key), value }, done),
        del: (key: string, done: (error?: Error | null) => void) => together({ type: 'del', key: itemKey(table, key) }, done),
      });
    };
    store.getItemDb = (table) => {
      const itemDb = wrapped.get(table) ?? wrap(table);
      wrapped.set(table, itemDb);
      return itemDb;
    };
    return store;
  };

  return () => {
    if (opened === undefined) throw new Error('dynalite has opened no store yet');
    return opened;
  };
}

const itemKey = (table: string, key: string): string => `item-${table}~${key}`;
