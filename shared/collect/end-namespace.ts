import { Conflict, NotFound } from '../errors.ts';
import { type NamespaceObject, namespace as namespaceKind } from '../kinds/core/namespace.ts';
import type { Kind } from '../kinds/define-kind.ts';
import { emptied, isEnding } from '../kinds/deletion.ts';
import { kinds } from '../kinds/index.ts';
import { conditionsOfEnd, type Remaining, stages } from '../kinds/namespace-end.ts';
import { type KubeObject, nameOf, type ObjectName } from '../kinds/object.ts';
import { beginDeletion, storeOrRemove } from '../reconcile/deletion.ts';
import { pages } from './dependents.ts';
import { type CollectPorts, forEach, importRuns } from './ports.ts';

/** Somebody whose presence proves that a Namespace is not empty yet. */
interface Witness extends ObjectName {
  readonly kind: Kind;
  readonly uid: string;
}

/** What was found in a Namespace after all that could go was deleted. */
interface Left {
  readonly remaining: readonly Remaining[];
  readonly witness: Witness;
}

/** 'when something went': an end was heard of in it. 'anyhow': whoever should be marked and is not, is now. */
export type Reason = 'when something went' | 'anyhow';

/**
 * Ends Namespaces. A look deletes what the stage has and notes one object that is still there. As long as that one is, no other look is
 * needed: a thousand Machines that go cost a handful of looks, not a thousand. The note is lost with the process, which costs one more.
 */
export function createNamespaceEnds(ports: CollectPorts) {
  const { store, clock, log } = ports;
  const witnesses = new Map<string, Witness>();

  async function endNamespace(name: string, reason: Reason): Promise<void> {
    const found = await store.get(namespaceKind, { namespace: '', name });
    if (found === undefined || !isEnding(found) || (await importRuns(ports))) return;
    const uid = found.metadata.uid ?? '';
    if (reason === 'when something went' && (await isThere(witnesses.get(uid)))) return;
    const left = await empty(name);
    if (left === undefined) witnesses.delete(uid);
    else witnesses.set(uid, left.witness);
    await tell(found, left);
  }

  async function isThere(witness: Witness | undefined): Promise<boolean> {
    return witness !== undefined && (await store.get(witness.kind, witness))?.metadata.uid === witness.uid;
  }

  /** Deletes stage by stage; what has come in meanwhile is found by another round. Undefined: nothing is left. */
  async function empty(name: string): Promise<Left | undefined> {
    for (;;) {
      let removed = 0;
      for (const stage of stages(kinds)) {
        const looks = await Promise.all(stage.map((kind) => deleteAll(kind, name)));
        const left = looks.flatMap((look) => look.left ?? []);
        if (left.length > 0) return { remaining: left.map((each) => each.remaining), witness: left[0]!.witness };
        removed += looks.reduce((sum, look) => sum + look.removed, 0);
      }
      if (removed === 0) return undefined;
    }
  }

  async function deleteAll(kind: Kind, namespace: string) {
    const left: KubeObject[] = [];
    let removed = 0;
    for await (const page of pages(store, kind, namespace)) {
      const stay = (await forEach(page, (object) => deleteOne(kind, object))).filter((object) => object !== undefined);
      left.push(...stay);
      removed += page.length - stay.length;
    }
    return { removed, ...(left.length > 0 && { left: { remaining: remainingOf(kind, left), witness: witnessOf(kind, left) } }) };
  }

  /** The object as it is left; undefined: it is gone. */
  async function deleteOne(kind: Kind, object: KubeObject): Promise<KubeObject | undefined> {
    try {
      return await beginDeletion(store, kind, object, clock.now());
    } catch (error) {
      if (error instanceof NotFound) return undefined;
      if (!(error instanceof Conflict)) throw error;
      const now = await store.get(kind, nameOf(object));
      return now && deleteOne(kind, now);
    }
  }

  /** Lets the Namespace go, or says in its status what it waits for. */
  async function tell(found: NamespaceObject, left: Left | undefined): Promise<void> {
    const conditions = conditionsOfEnd(found.status?.conditions, left?.remaining ?? [], clock.now());
    const told = { ...found, status: { ...found.status, conditions: [...conditions] } };
    try {
      if (left === undefined) {
        log.info('a namespace is empty', { name: found.metadata.name });
        await storeOrRemove(store, namespaceKind, emptied(told), clock.now());
      } else if (!saysTheSame(found, told)) await store.update(namespaceKind, told, { wakes: 'nobody' });
    } catch (error) {
      // Somebody else has written it: that is a change, which is heard of, and looked at again.
      if (!(error instanceof Conflict) && !(error instanceof NotFound)) throw error;
    }
  }

  return endNamespace;
}

const saysTheSame = (a: NamespaceObject, b: NamespaceObject): boolean =>
  JSON.stringify(a.status?.conditions) === JSON.stringify(b.status?.conditions);

/** The one in the middle: whether they go in order of their names or against it, it is not among the first. */
function witnessOf(kind: Kind, left: readonly KubeObject[]): Witness {
  const object = left[Math.floor(left.length / 2)]!;
  return { kind, ...nameOf(object), uid: object.metadata.uid ?? '' };
}

function remainingOf(kind: Kind, left: readonly KubeObject[]): Remaining {
  const finalizers: Record<string, number> = {};
  for (const finalizer of left.flatMap(({ metadata }) => metadata.finalizers ?? []))
    finalizers[finalizer] = (finalizers[finalizer] ?? 0) + 1;
  return { kind, count: left.length, finalizers };
}
