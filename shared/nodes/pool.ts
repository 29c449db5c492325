import type { Clock } from '../ports.ts';

interface Closable {
  close(): void;
}

interface Entry<T> {
  readonly connection: T;
  users: number;
  idleSince: number;
}

export interface Pool<Target, T extends Closable> {
  /** A handle on the connection of this key; `target` is asked only when there is none. Closing the handle gives it back. */
  open(key: string, target: () => Target): T;
  close(): void;
}

/** Connections that are shared while they are used, and kept for `idleMs` after. */
export function createPool<Target, T extends Closable>(options: {
  readonly clock: Clock;
  readonly idleMs: number;
  connect(target: Target): T;
}): Pool<Target, T> {
  const { clock, idleMs, connect } = options;
  const entries = new Map<string, Entry<T>>();

  const closeIdle = (): void => {
    for (const [key, entry] of entries) {
      if (entry.users > 0 || clock.now() - entry.idleSince < idleMs) continue;
      entries.delete(key);
      entry.connection.close();
    }
  };

  return {
    open(key, target) {
      closeIdle();
      const entry = entries.get(key) ?? { connection: connect(target()), users: 0, idleSince: clock.now() };
      entries.set(key, entry);
      entry.users += 1;
      let open = true;
      return {
        ...entry.connection,
        close() {
          if (!open) return;
          open = false;
          entry.users -= 1;
          entry.idleSince = clock.now();
        },
      };
    },
    close() {
      for (const entry of entries.values()) entry.connection.close();
      entries.clear();
    },
  };
}
