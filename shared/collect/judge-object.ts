import { Conflict, NotFound, RetryLater } from '../errors.ts';
import type { Kind } from '../kinds/define-kind.ts';
import { judge, type Verdict } from '../kinds/garbage.ts';
import { type KubeObject, nameOf, type ObjectName } from '../kinds/object.ts';
import { beginDeletion, storeOrRemove } from '../reconcile/deletion.ts';
import { dependentsInShort, ownersOf } from './owners.ts';
import type { CollectPorts } from './ports.ts';
import { importRuns, patience } from './ports.ts';

/**
 * Reads an object and its owners, decides, and does what was decided, unless somebody wrote in between: then it starts over. The reads
 * are consistent, and an owner that is absent by its uid never comes back, so what is deleted here has no owner left. Returns the
 * object as it now is, or undefined when it is gone.
 */
export async function judgeObject(kind: Kind, name: ObjectName, ports: CollectPorts): Promise<KubeObject | undefined> {
  for (let attempt = 0; attempt < patience; attempt++) {
    const object = await ports.store.get(kind, name);
    if (object === undefined || (object.metadata.ownerReferences ?? []).length === 0 || (await importRuns(ports))) return object;
    const verdict = await verdictOn(kind, object, ports);
    if (verdict.becomes === 'kept') return object;
    try {
      return await carryOut(kind, object, verdict, ports);
    } catch (error) {
      if (error instanceof NotFound) return undefined;
      if (!(error instanceof Conflict)) throw error;
    }
  }
  throw new RetryLater(`${kind.kind} ${name.namespace}/${name.name} changed ${patience} times while its owners were looked at`);
}

async function verdictOn(kind: Kind, object: KubeObject, { store }: CollectPorts): Promise<Verdict> {
  const owners = await ownersOf(store, object);
  const someWait = owners.some(({ state }) => state === 'waiting');
  return judge(object, owners, someWait ? await dependentsInShort(store, { kind, object }) : 'none');
}

type Action = Exclude<Verdict, { becomes: 'kept' }>;

async function carryOut(kind: Kind, object: KubeObject, verdict: Action, ports: CollectPorts): Promise<KubeObject | undefined> {
  const { store, clock, log } = ports;
  const about = { kind: kind.kind, ...nameOf(object), uid: object.metadata.uid };
  if (verdict.becomes === 'changed') {
    log.info('removes references to owners', about);
    return storeOrRemove(store, kind, withOwners(object, verdict.ownerReferences), clock.now());
  }
  log.info('deletes what has no owner any more', about);
  return beginDeletion(store, kind, object, clock.now(), verdict.propagation);
}

/** The object with these owners, or with none. */
export function withOwners(
  object: KubeObject,
  owners: readonly NonNullable<KubeObject['metadata']['ownerReferences']>[number][],
): KubeObject {
  const { ownerReferences: _, ...metadata } = object.metadata;
  return { ...object, metadata: { ...metadata, ...(owners.length > 0 && { ownerReferences: [...owners] }) } };
}
