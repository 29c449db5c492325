import { type StoredCondition, withCondition } from '../conditions.ts';
import type { Condition } from '../object.ts';
import { formatSelector } from '../selector.ts';
import { isPaused, type MachineSetFacts } from './facts.ts';
import { isEmpty, missingFrom } from './in-place.ts';
import type { MachineSetStatus } from './kind.ts';
import type { MachineSet, Member } from './model.ts';

/** What a condition says; since when, follows from what it said before. */
export type Claim = Omit<Condition, 'lastTransitionTime'>;

/** A claim with the reasons `X` and `NotX` of Cluster API, unless there is a better word. */
export const claim = (type: string, holds: boolean, message = '', reason = holds ? type : `Not${type}`): Claim => ({
  type,
  status: holds ? 'True' : 'False',
  reason,
  message,
});

export const conditionsFrom = (claims: readonly Claim[], former: readonly StoredCondition[], now: number): StoredCondition[] =>
  claims.reduce<StoredCondition[]>((conditions, each) => withCondition(conditions, each, now), [...former]);

/** What `kubectl get machineset` says: the Machines counted, and what is going on in words. */
export function machineSetStatus(facts: MachineSetFacts): MachineSetStatus {
  const { machineSet, machines, now } = facts;
  const ready = machines.filter(isReady);
  return {
    replicas: machines.length,
    fullyLabeledReplicas: machines.filter((machine) => isEmpty(missingFrom(machine.labels, machineSet.template.labels))).length,
    readyReplicas: ready.length,
    availableReplicas: ready.filter((machine) => secondsUntilAvailable(machine, machineSet, now) === 0).length,
    labelSelector: formatSelector(machineSet.selector),
    observedGeneration: machineSet.generation,
    conditions: conditionsFrom(claims(facts, ready.length), machineSet.conditions, now),
  };
}

/** A Machine that is being deleted is drained: it is not counted on, although its Node may be ready still. */
const isReady = (machine: Member): boolean => machine.ready === true && !machine.deleting;

/** Seconds until the next ready Machine has been ready for long enough; undefined when there is none to wait for. */
export function nextAvailableIn({ machineSet, machines, now }: MachineSetFacts): number | undefined {
  const waits = machines.filter(isReady).map((machine) => secondsUntilAvailable(machine, machineSet, now));
  return waits.filter((seconds) => seconds > 0).sort((a, b) => a - b)[0];
}

function secondsUntilAvailable(machine: Member, { minReadySeconds }: MachineSet, now: number): number {
  const since = machine.readySince ?? now;
  return Math.max(Math.ceil((since - now) / 1000 + minReadySeconds), 0);
}

function claims(facts: MachineSetFacts, ready: number): Claim[] {
  const { machineSet, machines } = facts;
  const [desired, existing] = [machineSet.deleting ? 0 : machineSet.desired, machines.length];
  const once = facts.clusterStarts ? ', once its Cluster has its secrets' : '';
  return [
    claim('MachinesReady', ready === existing, ready === existing ? '' : `${ready} of ${existing} Machines are ready`),
    claim('ScalingUp', existing < desired, existing < desired ? `Scaling up from ${existing} to ${desired} replicas${once}` : ''),
    claim('ScalingDown', existing > desired, existing > desired ? `Scaling down from ${existing} to ${desired} replicas` : ''),
    claim('Deleting', machineSet.deleting, machineSet.deleting ? `Deleting ${machinesInWords(existing)}` : ''),
    claim('Paused', isPaused(facts), isPaused(facts) ? 'Nothing is done while it is paused' : ''),
  ];
}

export const machinesInWords = (count: number): string => `${count} Machine${count === 1 ? '' : 's'}`;
