import type { KubeObject } from '../../kinds/object.ts';
import type { Change } from '../../store/store.ts';

/**
 * Turns the store's changes into those of a world without what one watcher may not see. An object that is hidden from now on is
 * DELETED for them, with its name and labels alone; one that is shown from now on is ADDED. `from`: the version that the watcher has a
 * list of; undefined: none, they hear of everything.
 */
export function hidingFrom(from: string | undefined): (change: Change<KubeObject>, visible: boolean) => Change<KubeObject> | undefined {
  /** By uid: what this watcher does not know of. */
  const hidden = new Set<string>();

  return (change, visible) => {
    const { type, object } = change;
    if (object === undefined) return change;
    const uid = object.metadata.uid ?? '';
    const wasHidden = hidden.delete(uid);
    if (visible) {
      if (!wasHidden) return change;
      return type === 'DELETED' ? undefined : { ...change, type: 'ADDED' };
    }
    if (type !== 'DELETED') hidden.add(uid);
    return !wasHidden && mayBeKnown(change, from) ? { ...change, type: 'DELETED', object: bare(object) } : undefined;
  };
}

/** Whether the watcher may have seen it before it was hidden: with a list, only when its labels have changed since that. */
function mayBeKnown({ type, labelsVersion }: Change<KubeObject>, from: string | undefined): boolean {
  if (type === 'ADDED') return false;
  if (from === undefined) return true;
  return type === 'MODIFIED' && Number(labelsVersion ?? from) > Number(from);
}

/** Enough to forget it by. Annotations are not in it: `kubectl apply` keeps a copy of the content there. */
function bare({ apiVersion, kind, metadata }: KubeObject): KubeObject {
  const { name, namespace, uid, resourceVersion, creationTimestamp, labels } = metadata;
  return JSON.parse(JSON.stringify({ apiVersion, kind, metadata: { name, namespace, uid, resourceVersion, creationTimestamp, labels } }));
}
