import type { KubeObject } from '../../kinds/object.ts';
import type { Change } from '../../store/store.ts';
import type { Selector } from '../selectors.ts';

export interface WatchEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly object: KubeObject;
}

/**
 * Turns the store's changes into what one watcher should hear: an object that stops to match its selector is DELETED
 * for it, one that starts to match is ADDED. `from`: the version that the watcher has a list of; undefined: none.
 */
export function eventsFor(selector: Selector, from: string | undefined): (change: Change<KubeObject>) => WatchEvent | undefined {
  if (selector.everything) return ({ type, object }) => (type === 'SYNCED' || object === undefined ? undefined : { type, object });
  /** Uids of the objects that this watcher has been told of. */
  const told = new Set<string>();

  return ({ type, object, labelsVersion }) => {
    if (type === 'SYNCED' || object === undefined) return undefined;
    const uid = object.metadata.uid ?? '';
    const matches = selector.matches(object);
    // Before this connection the watcher may have seen it with other labels.
    const labelsChanged = from !== undefined && type === 'MODIFIED' && Number(labelsVersion ?? from) > Number(from);
    if (type === 'DELETED' || !matches) {
      const knew = told.delete(uid);
      return knew || labelsChanged || (type === 'DELETED' && matches) ? { type: 'DELETED', object } : undefined;
    }
    const isNew = !told.has(uid) && (type === 'ADDED' || labelsChanged);
    told.add(uid);
    return { type: isNew ? 'ADDED' : 'MODIFIED', object };
  };
}
