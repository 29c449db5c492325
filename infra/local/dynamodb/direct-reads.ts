import type { Level } from 'dynalite/db/index.js';

/**
 * Reads single values in this thread. By itself dynalite sends each one (the table's definition, then the item, with every
 * request) to a pool of threads, which takes several times as long as finding it in the cache of LevelDB.
 */
export function readDirectly(level: Level): void {
  if (typeof level.getSync !== 'function')
    throw new Error('this LevelDB has no getSync: it is not the version 3 that this host is made for');
  level.get = (key, done) => {
    try {
      setImmediate(done, null, level.getSync(key));
    } catch (error) {
      setImmediate(done, error as Error);
    }
  };
}
