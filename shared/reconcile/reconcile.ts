import { Conflict, NotFound, RetryLater } from '../errors.ts';
import { canonical } from '../kinds/canonical.ts';
import type { Kind } from '../kinds/define-kind.ts';
import { keys } from '../kinds/fields.ts';
import { type KubeObject, nameOf, type ObjectName } from '../kinds/object.ts';
import type { Operation, Plan } from '../kinds/operation.ts';
import type { Clock, Log, Workflows } from '../ports.ts';
import type { Store, Write } from '../store/store.ts';
import { apply } from './apply.ts';
import { recordEvent } from './events.ts';

/** What every reconcile needs of the world. */
export interface ReconcilePorts {
  readonly store: Store;
  readonly workflows: Workflows;
  readonly clock: Clock;
  readonly log: Log;
}

/** How a kind is reconciled: what is read, and the pure function that decides. */
export interface Controller<T extends KubeObject, Facts, Status> {
  readonly kind: Kind<T>;
  gather(object: T, turn: number, ports: ReconcilePorts): Promise<Facts>;
  plan(facts: Facts): Plan<Status>;
}

interface WithTurn {
  turn?: number;
}

/** How often a plan is made anew when somebody else wrote in between, before the queue tries again later. */
const patience = 8;

/**
 * Brings one object a step nearer to what it should be: gather facts, plan, take the turn, apply, report.
 *
 * It is level-based: it looks at what is, never at what happened, so that a wake may be lost, doubled or late. Of two
 * that plan from the same facts only one takes the turn (a conditional put of `status.turn`), and only that one acts.
 *
 * Returns when there is nothing more to do until something changes or `checkAgainIn` has passed. Throws RetryLater
 * when others kept writing; any other error is the world's, and the object stays due.
 */
export async function reconcile<T extends KubeObject, Facts, Status>(
  controller: Controller<T, Facts, Status>,
  name: ObjectName,
  ports: ReconcilePorts,
): Promise<void> {
  for (let round = 0; round < patience; round++) {
    const object = await ports.store.get(controller.kind, name);
    if (object === undefined) return;
    try {
      await act(controller, object, ports);
      return;
    } catch (error) {
      if (error instanceof NotFound) return;
      if (!(error instanceof Conflict)) throw error;
    }
  }
  throw new RetryLater(`${controller.kind.kind} ${name.namespace}/${name.name} changed ${patience} times while it was planned`);
}

async function act<T extends KubeObject, Facts, Status>(
  controller: Controller<T, Facts, Status>,
  object: T,
  ports: ReconcilePorts,
): Promise<void> {
  const { kind } = controller;
  const status = (object.status ?? {}) as WithTurn;
  const turn = (status.turn ?? 0) + 1;
  const plan = controller.plan(await controller.gather(object, turn, ports));
  const dueAt = plan.checkAgainIn === undefined ? undefined : ports.clock.now() + plan.checkAgainIn * 1000;

  if (plan.operations.length === 0) return report(kind, object, { ...plan, status: { ...plan.status, turn: status.turn } }, dueAt, ports);

  // Until the operations are done the object stays due, so that dying in the middle costs time and nothing else.
  const taken = await ports.store.update(
    kind,
    { ...linked(object, plan.operations, ports), status: { ...plan.status, turn } },
    { dueAt: dueAt ?? ports.clock.now(), wakes: concernsOwner(object, plan, status.turn) ? 'owner' : 'nobody' },
  );
  const last = await apply(kind, taken, plan.operations, ports);
  if (dueAt === undefined && last === taken) await ports.store.settle(kind, nameOf(last), last.metadata.resourceVersion ?? '');
}

/** The object with a link to the execution that is about to start, where executions have a place to be read. */
function linked<T extends KubeObject>(object: T, operations: readonly Operation[], { workflows }: ReconcilePorts): T {
  const start = operations.find((operation) => operation.op === 'start');
  const link = start && workflows.linkTo?.(start.workflow, start.execution);
  if (link === undefined) return object;
  const annotations = { ...object.metadata.annotations, [keys.execution]: link };
  return { ...object, metadata: { ...object.metadata, annotations } };
}

/** Writes the status if it says something new, and tells of it; else only when to look again. */
async function report<T extends KubeObject>(
  kind: Kind<T>,
  object: T,
  { status, tells }: Pick<Plan<unknown>, 'status' | 'tells'>,
  dueAt: number | undefined,
  ports: ReconcilePorts,
): Promise<void> {
  const { store, clock } = ports;
  const write: Write = { wakes: 'owner', ...(dueAt !== undefined && { dueAt }) };
  if (!sameStatus(object, status)) {
    await store.update(kind, { ...object, status }, write);
    if (tells !== undefined) await recordEvent(kind, object, tells, ports);
  } else if (!isDueInTime(store.dueAt(object), dueAt, clock.now()))
    await store.settle(kind, nameOf(object), object.metadata.resourceVersion ?? '', dueAt);
}

/** A look that comes a little sooner than it need costs less than a write that puts it off. */
function isDueInTime(known: number | undefined, wanted: number | undefined, now: number): boolean {
  if (known === undefined || wanted === undefined) return known === wanted;
  return known <= wanted && known - now >= (wanted - now) / 2;
}

/** An owner counts what its children say. That an execution starts changes no count: its steps will tell what comes of it. */
const concernsOwner = (object: KubeObject, { operations, status }: Plan<unknown>, turn: number | undefined): boolean =>
  operations.some(({ op }) => op !== 'start') && !sameStatus(object, { ...(status as object), turn });

const sameStatus = (object: KubeObject, status: unknown): boolean => canonical(status) === canonical(object.status ?? {});
