import { keys } from '../fields.ts';
import type { Operation, Plan, Target } from '../operation.ts';
import type { MachineSelf, MachineStatus } from './model.ts';
import type { MachineProviderSpec } from './provider-spec.ts';
import { type Hindrance, summarize, templateHash } from './status.ts';

/** What is known when a machine is looked at. */
export interface MachineFacts {
  readonly now: number;
  readonly machine: MachineSelf;
  /** The Cluster that its label names, if there is one. */
  readonly cluster?: {
    readonly deleting: boolean;
    readonly paused: boolean;
    /** Its secrets bundle and client configs exist. */
    readonly secretsReady: boolean;
    readonly masterAddresses: readonly string[];
  };
  /** The last execution that was started for it; absent when none of that name exists. */
  readonly execution?: { readonly name: string; readonly running: boolean };
  /** What its MachineClass says, while that is still to be taken and there is such a class. */
  readonly machineClass?: { readonly providerSpec: MachineProviderSpec };
  /** The version of the credentials Secret, when the machine waits for it to be mended. */
  readonly secretVersion?: string;
}

/**
 * An execution whose end we were not told of is looked for after this many seconds. Whoever waits for a Secret waits with
 * a time as well: a Secret wakes those that are due some day.
 */
const safetyNet = 600;

/** What to do for a machine: start its creation, start its teardown, or say what it waits for. */
export function planMachine(facts: MachineFacts): Plan<MachineStatus> {
  const { machine, cluster } = facts;
  if (machine.paused || cluster?.paused === true)
    return nothing(facts, { reason: 'Paused', message: 'nothing is done while it is paused' });
  if (machine.deleting) return planTeardown(facts);
  if (!machine.finalizers.includes(keys.machineFinalizer))
    return operations(facts, [
      {
        op: 'update',
        target: self(machine),
        change: { finalizers: [...machine.finalizers, keys.machineFinalizer] },
        because: 'its instance must be deleted before it goes',
      },
    ]);
  return planCreation(facts);
}

function planCreation(facts: MachineFacts): Plan<MachineStatus> {
  const { machine, execution } = facts;
  if (machine.status.nodeRef !== undefined || isFinal(facts)) return nothing(facts);
  if (execution?.running) return nothing(facts, undefined, safetyNet);
  const hindrance = hindranceOf(facts);
  if (hindrance !== undefined) return nothing(facts, hindrance, 60);
  const pause = pauseOf(facts);
  if (pause === 'until it changes') return nothing(facts, undefined, safetyNet);
  if (pause > 0) return nothing(facts, undefined, pause);
  return start(facts, 'create', 'it has no Node yet');
}

function planTeardown(facts: MachineFacts): Plan<MachineStatus> {
  const { machine, execution } = facts;
  if (!machine.finalizers.includes(keys.machineFinalizer)) return nothing(facts);
  if (machine.status.execution === undefined)
    return operations(facts, [
      {
        op: 'update',
        target: self(machine),
        change: { finalizers: machine.finalizers.filter((finalizer) => finalizer !== keys.machineFinalizer) },
        because: 'nothing was ever made for it',
      },
    ]);
  // A creation under way notices the deletion at its next step and ends; only then may the teardown begin.
  if (execution?.running) return nothing(facts, undefined, 60);
  const pause = machine.status.execution.startsWith('teardown-') ? pauseOf(facts) : 0;
  if (pause === 'until it changes') return nothing(facts, undefined, safetyNet);
  if (pause > 0) return nothing(facts, undefined, pause);
  return start(facts, 'teardown', 'it is being deleted');
}

/** What of others stands in the way. */
function hindranceOf({ machine, cluster, machineClass }: MachineFacts): Hindrance | undefined {
  if (machine.machineClass !== undefined && machineClass === undefined)
    return {
      reason: 'WaitingForMachineClass',
      message: `MachineClass ${machine.namespace}/${machine.machineClass} does not exist: apply it, or correct spec.providerSpec.valueFrom.machineClass.name`,
      tell: true,
    };
  if (cluster === undefined)
    return {
      reason: 'WaitingForCluster',
      message: `Cluster ${machine.namespace}/${machine.clusterName} does not exist: apply it, or correct the label ${keys.clusterName}`,
    };
  if (cluster.deleting) return { reason: 'ClusterDeleting', message: `Cluster ${machine.clusterName} is being deleted` };
  if (machine.role === 'master') {
    if (machine.index === undefined)
      return {
        reason: 'InvalidName',
        message: `the name of a master must end in its index, as in ${machine.clusterName}-master-0: the index picks its address`,
      };
    if (machine.index >= cluster.masterAddresses.length)
      return {
        reason: 'WaitingForAddress',
        message: `masters.ips of Cluster ${machine.clusterName} has ${cluster.masterAddresses.length} addresses, and master ${machine.index} needs masters.ips[${machine.index}]: add it`,
      };
  }
  if (!cluster.secretsReady)
    return { reason: 'WaitingForClusterSecrets', message: `the secrets of Cluster ${machine.clusterName} are not made yet` };
  return undefined;
}

/** A terminal error stands until somebody changes the spec. */
const isFinal = ({ machine }: MachineFacts): boolean =>
  machine.status.errorReason !== undefined && machine.status.observedGeneration === machine.generation;

/** Seconds until the next attempt may start, after a failure that was recorded. */
function pauseOf({ now, machine, secretVersion }: MachineFacts): number | 'until it changes' {
  const waiting = machine.status.waitingFor;
  if (waiting === undefined) return 0;
  if (waiting.secretVersion !== undefined) return waiting.secretVersion === (secretVersion ?? 'none') ? 'until it changes' : 0;
  return waiting.until === undefined ? 0 : Math.max(0, Math.ceil((Date.parse(waiting.until) - now) / 1000));
}

function start(facts: MachineFacts, workflow: 'create' | 'teardown', because: string): Plan<MachineStatus> {
  const { machine, now } = facts;
  const execution = nextExecution(facts, workflow);
  const { waitingFor: _, errorReason: __, errorMessage: ___, ...rest } = machine.status;
  // Of its class nothing is asked again: from here on the machine is what the class says now.
  const taken = facts.machineClass?.providerSpec;
  const status = {
    ...rest,
    ...(taken !== undefined && { providerSpec: taken }),
    execution: execution.name,
    attempt: execution.attempt,
    observedGeneration: machine.generation,
    // A later attempt goes on with the instance of the first, if there is one, and with what was taken from a class.
    madeFrom: machine.providerID === undefined && rest.providerSpec === undefined ? templateHash(machine.template) : rest.madeFrom,
  };
  const platform = taken?.platform.type ?? machine.platform ?? '';
  return {
    operations: [
      {
        op: 'start',
        workflow: `${workflow}-machine`,
        execution: execution.name,
        input: { kind: 'Machine', namespace: machine.namespace, name: machine.name, uid: machine.uid, platform },
        because,
        ...(workflow === 'create' && { untold: true }),
      },
    ],
    status: summarize({ ...machine, status }, now),
    checkAgainIn: safetyNet,
  };
}

/** The one that was written down but does not exist (we died before it started), else the next attempt. */
function nextExecution({ machine, execution }: MachineFacts, workflow: string): { name: string; attempt: number } {
  const { execution: last, attempt = 0 } = machine.status;
  const prefix = `${workflow}-${machine.uid}-`;
  if (last?.startsWith(prefix) && execution === undefined) return { name: last, attempt };
  const next = last?.startsWith(prefix) ? attempt + 1 : 1;
  return { name: `${prefix}${next}`, attempt: next };
}

const self = (machine: MachineSelf): Target => ({ kind: 'Machine', name: machine.name, uid: machine.uid });

function nothing({ machine, now }: MachineFacts, hindrance?: Hindrance, checkAgainIn?: number): Plan<MachineStatus> {
  return {
    operations: [],
    status: summarize(observed(machine), now, hindrance),
    ...(checkAgainIn !== undefined && { checkAgainIn }),
    ...(hindrance?.tell && { tells: { type: 'Warning', reason: hindrance.reason, message: hindrance.message } }),
  };
}

/** `kubectl wait` believes no condition of an older generation. A terminal error keeps the one that it speaks of. */
const observed = (machine: MachineSelf): MachineSelf =>
  machine.status.errorReason === undefined
    ? { ...machine, status: { ...machine.status, observedGeneration: machine.generation } }
    : machine;

const operations = (facts: MachineFacts, list: readonly Operation[]): Plan<MachineStatus> => ({ ...nothing(facts), operations: list });
