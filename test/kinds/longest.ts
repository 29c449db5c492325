/** Executions as long as they can get: every workflow against steps that never settle and are retried as badly as possible. */
import { loadStateMachine } from '../../infra/local/stepfunctions/interpreter/load/load.ts';
import { type HistoryEvent, wakeAt } from '../../infra/local/stepfunctions/interpreter/run/run.ts';
import { deliver } from '../../infra/local/stepfunctions/interpreter/run/signals.ts';
import { answer, type StepCall, type Workflow } from '../../shared/kinds/workflow.ts';
import { Named, start } from '../local/stepfunctions/interpret.ts';

/** Names as long as Kubernetes lets them be. */
const input = {
  kind: 'MachineDeployment',
  namespace: 'n'.repeat(63),
  name: 'm'.repeat(253),
  uid: '0b1c2d3e-4f50-4162-8374-95a6b7c8d9e0',
  generation: 2 ** 31,
  platform: 'gce',
};
/** In JSON each of them takes two bytes. */
const talkative = '"'.repeat(2_000);
/** The longest Cause that Step Functions keeps has 32,768 characters; these take three bytes each. */
const longestCause = '€'.repeat(32_768);
export const mostRetries = 26;

export interface Asked extends StepCall {
  readonly retries: number;
}
/** What a step does when it is asked: answers, or throws. */
export type Acts = (call: Asked) => unknown;

export const asksAgain = (call: Asked) => answer(call, { settled: false, says: talkative, checkAgainIn: 0 }, 0);
export const settles = (call: Asked) => answer(call, { settled: true, says: talkative }, 0);

/** Throws as often as the state machine lets it. */
export function retried(times: number, { retries }: Asked): void {
  if (retries >= times) return;
  throw new Named(retries < 6 ? 'Lambda.ServiceException' : 'RetryLater', 'it passes');
}

const data = ['input', 'parameters', 'output'];

/** The largest data of states, calls and the execution that an event carries, in bytes of JSON. */
const bytesOf = (event: HistoryEvent): number =>
  Object.values(event)
    .flatMap((details) => (typeof details === 'object' ? Object.entries(details) : []))
    .filter(([field]) => data.includes(field))
    .reduce((most, [, text]) => Math.max(most, Buffer.byteLength(text as string)), 0);

/** Plays a workflow on the local interpreter, in which waits pass at once, with all the time of the world. */
export function play({ name, definition }: Pick<Workflow, 'name' | 'definition'>, acts: Acts) {
  const { TimeoutSeconds: _, ...endless } = loadStateMachine(name, definition, { Steps: 'steps', CloudSteps: 'clouds' });
  let largest = 0;
  const run = start(endless, input, (event) => {
    largest = Math.max(largest, bytesOf(event));
  });
  const calls: { readonly call: Asked; readonly events: number }[] = [];
  while (run.ending === undefined) {
    const asked = run.calls.shift();
    if (asked === undefined) {
      deliver(run, { type: 'woken', at: wakeAt(run)! });
      continue;
    }
    const call = asked.payload as Asked;
    calls.push({ call, events: run.events });
    deliver(run, { ...outcomeOf(acts, call), at: run.now, ticket: asked.ticket });
  }
  return { ending: run.ending, events: run.events, largest, calls };
}

function outcomeOf(acts: Acts, call: Asked) {
  try {
    return { type: 'succeeded', result: acts(call) } as const;
  } catch (error) {
    const { name, message } = error as Error;
    return { type: 'failed', error: name, cause: message } as const;
  }
}

/** The steps of a workflow, in order. */
export const stepsOf = ({ definition }: Workflow) =>
  Object.entries(definition.States).flatMap(([name, { Type }]) => (Type === 'Task' && name !== 'RecordFailure' ? [name] : []));

/** All steps but the last settle, as late as can be; the last one never does. */
export const neverSettles =
  (last: string, retries: number): Acts =>
  (call) => {
    retried(call.step === last ? retries : mostRetries, call);
    return call.step === last ? asksAgain(call) : settles(call);
  };

/** Each step settles, or fails if it is the last, only when asking it once more would end the execution, and then as late as can be. */
export const goesToTheLimit =
  (last: string): Acts =>
  (call) => {
    if (call.step !== 'RecordFailure' && !asksAgain(call).handOver) return asksAgain(call);
    retried(mostRetries, call);
    if (call.step === last) throw new Named('Invalid', longestCause);
    return settles(call);
  };
