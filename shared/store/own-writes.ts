import type { Item } from './item.ts';
import { keepRecent } from './keep-recent.ts';

/** Items kept at once; a few KB each. */
const most = 2_000;

/** What this process has written lately, so that its own watches need not read it again. */
export interface OwnWrites {
  keep(item: Item): void;
  /** The item as this process wrote it, if that was this version. */
  find(partition: string, name: string, version: number): Item | undefined;
}

export function createOwnWrites(): OwnWrites {
  const written = new Map<string, Item>();
  const keyOf = (partition: string, name: string): string => `${partition}\0${name}`;

  return Object.freeze({
    keep: (item: Item) => keepRecent(written, keyOf(item.pk!.S!, item.sk!.S!), item, most),

    find(partition: string, name: string, version: number) {
      const item = written.get(keyOf(partition, name));
      return item?.rv?.N === String(version) ? item : undefined;
    },
  });
}
