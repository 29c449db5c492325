import { Conflict, NotFound, RetryLater } from '../errors.ts';
import type { Kind } from '../kinds/define-kind.ts';
import { foreground, orphan, waitsFor } from '../kinds/deletion.ts';
import { blocks } from '../kinds/garbage.ts';
import { type KubeObject, nameOf, type ObjectName } from '../kinds/object.ts';
import { storeOrRemove } from '../reconcile/deletion.ts';
import { allDependents, type Known, shownDependents } from './dependents.ts';
import { judgeObject, withOwners } from './judge-object.ts';
import { type CollectPorts, forEach, importRuns, patience } from './ports.ts';

/**
 * Lets an owner go that waits for its dependents: those of one that is deleted in the foreground are deleted first, those of one that
 * is to leave orphans are set free. Does nothing for any other.
 */
export async function letOwnerGo(kind: Kind, name: ObjectName, ports: CollectPorts): Promise<void> {
  for (let attempt = 0; attempt < patience; attempt++) {
    const owner = await ports.store.get(kind, name);
    const finalizer = owner && waitsFor(kind, owner);
    if (owner === undefined || finalizer === undefined || (await importRuns(ports))) return;
    const done = finalizer === orphan ? await setFree({ kind, object: owner }, ports) : await areGone({ kind, object: owner }, ports);
    if (!done) return;
    try {
      await withoutFinalizer(kind, owner, finalizer, ports);
      if (finalizer === foreground) return;
    } catch (error) {
      if (error instanceof NotFound) return;
      if (!(error instanceof Conflict)) throw error;
    }
  }
  throw new RetryLater(`${kind.kind} ${name.namespace}/${name.name} changed ${patience} times while its dependents were looked at`);
}

/** Deletes the dependents. True: none is left that the owner must wait for, also none that only a full look shows. */
async function areGone(owner: Known, ports: CollectPorts): Promise<boolean> {
  for (const look of [shownDependents, allDependents]) {
    const left = await forEach(await look(ports.store, owner), ({ kind, object }) => judgeObject(kind, nameOf(object), ports));
    if (left.some((one) => one !== undefined && blocks(one, owner.object.metadata.uid ?? ''))) return false;
  }
  return true;
}

async function setFree(owner: Known, ports: CollectPorts): Promise<true> {
  await forEach(await allDependents(ports.store, owner), (dependent) => freeFrom(owner.object, dependent, ports));
  return true;
}

/** Takes the references to one owner away, for as long as they are there. */
async function freeFrom({ metadata: { uid } }: KubeObject, dependent: Known, { store, clock, log }: CollectPorts): Promise<void> {
  const { kind } = dependent;
  for (let attempt = 0; attempt < patience; attempt++) {
    const object = await store.get(kind, nameOf(dependent.object));
    const owners = object?.metadata.ownerReferences ?? [];
    const others = owners.filter((owner) => owner.uid !== uid);
    if (object === undefined || others.length === owners.length) return;
    log.info('sets free what is to outlive its owner', { kind: kind.kind, ...nameOf(object) });
    try {
      await storeOrRemove(store, kind, withOwners(object, others), clock.now());
      return;
    } catch (error) {
      if (error instanceof NotFound) return;
      if (!(error instanceof Conflict)) throw error;
    }
  }
  throw new RetryLater(`${kind.kind} ${dependent.object.metadata.name} changed ${patience} times while it was set free`);
}

async function withoutFinalizer(kind: Kind, object: KubeObject, done: string, { store, clock }: CollectPorts): Promise<void> {
  const finalizers = (object.metadata.finalizers ?? []).filter((finalizer) => finalizer !== done);
  const { finalizers: _, ...metadata } = object.metadata;
  const next = { ...object, metadata: { ...metadata, ...(finalizers.length > 0 && { finalizers }) } };
  await storeOrRemove(store, kind, next, clock.now());
}
