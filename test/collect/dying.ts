import type { Store } from '../../shared/store/store.ts';

export class Died extends Error {}

/** A process that dies over its write number `at`: before it is made, or after, when nobody hears of it. */
export interface Death {
  at: number;
  readonly when: 'before' | 'after';
}

/** The store as such a process has it. Once dead it reads and writes no more. */
export function dying(store: Store, death: Death): Store {
  let dead = false;
  const alive = <Args extends unknown[], T>(call: (...args: Args) => Promise<T>) => {
    return async (...args: Args): Promise<T> => {
      if (dead) throw new Died();
      return call(...args);
    };
  };
  const fatal = <Args extends unknown[], T>(write: (...args: Args) => Promise<T>) =>
    alive(async (...args: Args): Promise<T> => {
      const last = --death.at === 0;
      if (last) dead = true;
      if (last && death.when === 'before') throw new Died();
      const answer = await write(...args);
      if (last) throw new Died();
      return answer;
    });
  return {
    ...store,
    get: alive(store.get) as Store['get'],
    list: alive(store.list) as Store['list'],
    dependentsOf: alive(store.dependentsOf) as Store['dependentsOf'],
    create: fatal(store.create) as Store['create'],
    update: fatal(store.update) as Store['update'],
    remove: fatal(store.remove) as Store['remove'],
  };
}
