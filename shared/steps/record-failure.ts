import { outcomes } from '../errors.ts';
import { cluster as clusterKind } from '../kinds/cluster/kind.ts';
import { toCluster } from '../kinds/cluster/model.ts';
import { summarize as summarizeCluster } from '../kinds/cluster/status.ts';
import { machine as machineKind } from '../kinds/machine/kind.ts';
import { toMachineSelf } from '../kinds/machine/to-model.ts';
import { timestamp } from '../kinds/object.ts';
import { recordEvent } from '../reconcile/events.ts';
import { note } from './machine/of-machine.ts';
import { type Step, type StepInput, type StepPorts, settled } from './step.ts';

/** Errors after which another attempt would end the same: only a change of the object helps. */
const terminal = new Set(['Invalid', 'JoinTimeout']);

/** The one failure exit of every workflow: writes the condition; reconcile decides what comes next. */
export const recordFailure: Step = async (input, ports) => {
  const failure = parseFailure(input.failure);
  if (input.kind === 'Machine') return recordOnMachine(input, failure, ports);
  if (input.kind === 'Cluster') return recordOnCluster(input, failure, ports);
  return settled(failure.message);
};

interface Failure {
  readonly name: string;
  readonly reason: string;
  readonly message: string;
}

/** A Lambda's error arrives as the JSON text {errorType, errorMessage}; one of the platform's own as plain words. */
function parseFailure(failure: StepInput['failure']): Failure {
  const name = failure?.Error ?? 'Unknown';
  let message = failure?.Cause ?? 'no cause was given';
  try {
    const parsed: unknown = JSON.parse(message);
    if (parsed !== null && typeof parsed === 'object' && 'errorMessage' in parsed) message = String(parsed.errorMessage);
  } catch {
    // Plain words.
  }
  return { name, reason: outcomes[name]?.reason ?? 'ExecutionFailed', message };
}

/** The next attempt after 30 s, then twice as long each time, up to ten minutes. */
const pauseAfter = (attempt: number): number => Math.min(600, 30 * 2 ** Math.min(attempt - 1, 5)) * 1000;

async function recordOnMachine(input: StepInput, { name, reason, message }: Failure, ports: StepPorts) {
  const object = await ports.store.get(machineKind, input);
  if (object === undefined || object.metadata.uid !== input.uid) return settled('the Machine is gone');
  const at = { object, machine: toMachineSelf(object) };
  const { waitingFor, attempt = 1 } = at.machine.status;
  const until = timestamp(ports.clock.now() + pauseAfter(attempt));
  const status =
    terminal.has(name) && !at.machine.deleting
      ? { errorReason: reason, errorMessage: message, observedGeneration: at.machine.generation }
      : // A refusal is on the Machine already, with the Secret that must be mended.
        { waitingFor: name === 'Refused' && waitingFor?.secret !== undefined ? waitingFor : { reason, message, until } };
  await note(at, { status, says: message }, 'loud', ports);
  await recordEvent(machineKind, object, { type: 'Warning', reason, message }, ports);
  return settled(`${reason}: ${message}`);
}

async function recordOnCluster(input: StepInput, { reason, message }: Failure, ports: StepPorts) {
  const object = await ports.store.get(clusterKind, input);
  if (object === undefined || object.metadata.uid !== input.uid) return settled('the Cluster is gone');
  const now = ports.clock.now();
  const until = timestamp(now + pauseAfter(object.status?.attempt ?? 1));
  const next = { ...object, status: { ...object.status, waitingFor: { reason, message, until } } };
  await ports.store.update(clusterKind, { ...next, status: summarizeCluster(toCluster(next), now) }, { dueAt: now });
  await recordEvent(clusterKind, object, { type: 'Warning', reason, message }, ports);
  return settled(`${reason}: ${message}`);
}
