import { AlreadyExists, Conflict, NotFound } from '../errors.ts';
import { canonical } from '../kinds/canonical.ts';
import { apiVersionOf, type Kind } from '../kinds/define-kind.ts';
import { kindNamed } from '../kinds/index.ts';
import { mergePatch } from '../kinds/merge-patch.ts';
import { controllerOf, type KubeObject, nameOf } from '../kinds/object.ts';
import type { Change, CreateOperation, Operation, Target } from '../kinds/operation.ts';
import { beginDeletion, storeOrRemove } from './deletion.ts';
import { recordEvents } from './events.ts';
import type { ReconcilePorts } from './reconcile.ts';
import { wordsFor } from './words.ts';

/** How many children are made or deleted at the same time. */
const atOnce = 16;

/**
 * Carries the operations of one plan out. Each is safe to repeat: a child is created under a name that only this turn
 * has, an update and a deletion go to one uid, an execution starts once under its name. Returns the planned object as
 * it now is, or undefined when an operation removed it.
 */
export async function apply<T extends KubeObject>(
  kind: Kind<T>,
  self: T,
  operations: readonly Operation[],
  ports: ReconcilePorts,
): Promise<T | undefined> {
  let current: T | undefined = self;
  const others: Operation[] = [];
  for (const operation of operations) {
    if ('target' in operation && operation.target.uid === self.metadata.uid && current !== undefined) {
      current = await applyToSelf(kind, current, operation, ports);
    } else others.push(operation);
  }
  for (let i = 0; i < others.length; i += atOnce)
    await settleAll(others.slice(i, i + atOnce).map((operation) => applyToOther(kind, self, operation, ports)));
  await recordEvents(kind, self, operations, ports);
  return current;
}

/** All run to their end before the first error is thrown: nothing goes on behind the caller's back. */
async function settleAll(work: readonly Promise<void>[]): Promise<void> {
  const failed = (await Promise.allSettled(work)).find((result) => result.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}

async function applyToSelf<T extends KubeObject>(
  kind: Kind<T>,
  self: T,
  operation: Extract<Operation, { target: Target }>,
  { store, clock }: ReconcilePorts,
): Promise<T | undefined> {
  if (operation.op === 'delete') return beginDeletion(store, kind, self, clock.now());
  return storeOrRemove(store, kind, changed(self, operation.change), clock.now());
}

async function applyToOther(kind: Kind, owner: KubeObject, operation: Operation, ports: ReconcilePorts): Promise<void> {
  const { does, name, because } = wordsFor(operation);
  ports.log.info(`${does} ${name}`, { kind: kind.kind, ...nameOf(owner), because });
  switch (operation.op) {
    case 'create':
      return create(kind, owner, operation, ports);
    case 'start':
      return ports.workflows.start(operation.workflow, operation.execution, operation.input);
    case 'update':
      return onTarget(owner, operation.target, ports, (target, object, now) =>
        storeOrRemove(ports.store, target, changed(object, operation.change), now),
      );
    case 'delete':
      return onTarget(owner, operation.target, ports, (target, object, now) => beginDeletion(ports.store, target, object, now));
  }
}

async function create(kind: Kind, owner: KubeObject, operation: CreateOperation, { store, clock }: ReconcilePorts): Promise<void> {
  const childKind = kindOf(kind.group, operation.kind);
  const child: KubeObject = {
    apiVersion: apiVersionOf(childKind),
    kind: childKind.kind,
    metadata: {
      name: operation.name,
      namespace: owner.metadata.namespace ?? '',
      labels: { ...operation.labels },
      annotations: { ...operation.annotations },
      ...(operation.finalizers !== undefined && { finalizers: [...operation.finalizers] }),
      ownerReferences: [
        {
          apiVersion: owner.apiVersion,
          kind: owner.kind,
          name: owner.metadata.name,
          uid: owner.metadata.uid ?? '',
          controller: true,
          blockOwnerDeletion: true,
        },
      ],
    },
    spec: operation.spec,
  };
  try {
    await store.create(childKind, child, childKind.reconciled ? { dueAt: clock.now() } : {});
  } catch (error) {
    if (!(error instanceof AlreadyExists)) throw error;
    // Ours from before a crash, or (rarely) a sibling of the same suffix: the next plan counts and sees.
    const existing = await store.get(childKind, { namespace: owner.metadata.namespace ?? '', name: operation.name });
    if (existing !== undefined && controllerOf(existing)?.uid !== owner.metadata.uid)
      throw new Conflict(`${operation.kind} ${operation.name} exists and belongs to somebody else`);
  }
}

async function onTarget(
  owner: KubeObject,
  target: Target,
  { store, clock }: ReconcilePorts,
  write: (kind: Kind, object: KubeObject, now: number) => Promise<unknown>,
): Promise<void> {
  const kind = kindOf(owner.apiVersion.split('/')[0] ?? '', target.kind);
  for (;;) {
    const object = await store.get(kind, { namespace: owner.metadata.namespace ?? '', name: target.name });
    if (object === undefined || object.metadata.uid !== target.uid) return;
    try {
      await write(kind, object, clock.now());
      return;
    } catch (error) {
      if (error instanceof NotFound) return;
      // The child's status moved on meanwhile; what we want of it stays the same as long as the turn is ours.
      if (!(error instanceof Conflict)) throw error;
    }
  }
}

/** The object with a plan's change; the generation rises when the spec does. */
function changed<T extends KubeObject>(object: T, change: Change): T {
  const { spec, ...metadata } = change;
  const merged = mergePatch(object, { metadata, ...(spec !== undefined && { spec }) }) as T;
  if (canonical(merged.spec) !== canonical(object.spec)) merged.metadata.generation = (object.metadata.generation ?? 1) + 1;
  return merged;
}

function kindOf(group: string, name: string): Kind {
  const kind = kindNamed(group, name);
  if (kind === undefined) throw new NotFound(`no kind ${name} in group ${group}`);
  return kind;
}
