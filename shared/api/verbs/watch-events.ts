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
  /** By uid: whether this watcher was last told that the object is there. */
  const told = new Map<string, boolean>();

  return ({ type, object, labelsVersion }) => {
    if (type === 'SYNCED' || object === undefined) return undefined;
    const uid = object.metadata.uid ?? '';
    const matches = selector.matches(object);
    // Before this connection the watcher may have seen it with other labels.
    const labelsChanged = from !== undefined && type === 'MODIFIED' && Number(labelsVersion ?? from) > Number(from);
    const known = told.get(uid);
    const remains = matches && type !== 'DELETED';
    if (type === 'DELETED') told.delete(uid);
    else told.set(uid, remains);
    if (remains) return { type: (known ?? !(type === 'ADDED' || labelsChanged)) ? 'MODIFIED' : 'ADDED', object };
    const mayBeKnown = known ?? (labelsChanged || matches);
    return mayBeKnown ? { type: 'DELETED', object } : undefined;
  };
}
