import { canonical } from '../canonical.ts';
import { conditionOf, type StoredCondition, withCondition } from '../conditions.ts';
import { fnv1a } from '../names.ts';
import type { MachineSelf, MachineStatus, RolloutSpec } from './model.ts';

export interface Hindrance {
  readonly reason: string;
  readonly message: string;
  /** Somebody has to do something: an Event says so too. */
  readonly tell?: true;
}

/**
 * What `kubectl get machine` says, from what steps observed: phase and the Ready condition. Steps call it when they
 * write, so that an observation and its summary are one write.
 */
export function summarize(machine: Summarized, now: number, hindrance?: Hindrance): MachineStatus {
  const { status } = machine;
  const conditions = withCondition(status.conditions, { type: 'Ready', ...readiness(machine, hindrance) }, now);
  return { ...status, phase: phaseOf(machine), conditions: withUpToDate(machine, conditions, now) };
}

type Summarized = Pick<MachineSelf, 'deleting' | 'providerID' | 'template' | 'status'>;

export const templateHash = (template: RolloutSpec): string => fnv1a(canonical(template)).toString(16);

/** A machine that runs cannot become another. Who changes what it was made from is told so; nobody else is bothered. */
function withUpToDate({ template, status: { madeFrom } }: Summarized, conditions: StoredCondition[], now: number): StoredCondition[] {
  const changed = madeFrom !== undefined && madeFrom !== templateHash(template);
  if (!changed && conditionOf(conditions, 'UpToDate') === undefined) return conditions;
  const message = 'the spec is not what its instance was made from; an instance is never changed: undo the change, or delete the Machine';
  const claim = changed
    ? { status: 'False' as const, reason: 'UnsupportedChange', message }
    : { status: 'True' as const, reason: 'UpToDate', message: 'the spec is what its instance was made from' };
  return withCondition(conditions, { type: 'UpToDate', ...claim }, now);
}

/** As Cluster API: later rules win. */
function phaseOf({ deleting, providerID, status }: Pick<MachineSelf, 'deleting' | 'providerID' | 'status'>): string {
  if (deleting) return 'Deleting';
  if (status.errorReason !== undefined) return 'Failed';
  if (status.nodeRef !== undefined) return 'Running';
  if (providerID !== undefined) return 'Provisioned';
  return status.execution === undefined ? 'Pending' : 'Provisioning';
}

type Readiness = { status: 'True' | 'False' | 'Unknown'; reason: string; message: string };

function readiness({ deleting, status }: Pick<MachineSelf, 'deleting' | 'status'>, hindrance?: Hindrance): Readiness {
  if (deleting)
    return {
      status: 'False',
      reason: 'Deleting',
      message: status.waitingFor?.message ?? status.lastOperation?.description ?? 'is being deleted',
    };
  if (status.errorReason !== undefined) return { status: 'False', reason: status.errorReason, message: status.errorMessage ?? '' };
  const node = conditionOf(status.conditions, 'NodeReady');
  // What a machine waited for, and that it is paused now, say nothing of a Node that is there.
  if (node !== undefined)
    return {
      status: node.status,
      reason: node.status === 'True' ? 'NodeReady' : (node.reason ?? 'NodeNotReady'),
      message: node.message ?? '',
    };
  const held = hindrance ?? status.waitingFor;
  if (held !== undefined) return { status: 'False', reason: held.reason, message: held.message };
  return { status: 'False', reason: 'Provisioning', message: status.lastOperation?.description ?? 'is being created' };
}
