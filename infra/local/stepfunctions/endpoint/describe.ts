/** Executions and events in the words of the Step Functions API. Times are seconds since 1970. */
import type { Entry } from '../executions/entry.ts';
import type { HistoryEvent } from '../interpreter/run/run.ts';

const seconds = (ms: number): number => ms / 1000;
const whole = { included: true };

export const statusOf = ({ ended }: Entry) => ended?.status ?? 'RUNNING';

export function summary(entry: Entry) {
  const { start, ended } = entry;
  return {
    executionArn: start.executionArn,
    stateMachineArn: start.machineArn,
    name: start.name,
    status: statusOf(entry),
    startDate: seconds(start.at),
    ...(ended && { stopDate: seconds(ended.at) }),
    redriveCount: 0,
  };
}

export function description(entry: Entry) {
  const { output, ...why } = outcomeOf(entry);
  const result = output === undefined ? {} : { output: JSON.stringify(output), outputDetails: whole };
  return { ...summary(entry), input: entry.input, inputDetails: whole, ...result, ...why };
}

/** What came of it, as far as it has ended. */
export function outcomeOf({ ended }: Entry): { readonly output?: unknown; readonly error?: string; readonly cause?: string } {
  if (ended === undefined) return {};
  if (ended.status === 'SUCCEEDED') return { output: ended.output };
  if (ended.status === 'FAILED') return ended.failure;
  if (ended.status === 'TIMED_OUT') return { error: 'States.Timeout' };
  const { error, cause } = ended;
  return { ...(error !== undefined && { error }), ...(cause !== undefined && { cause }) };
}

const data = ['input', 'output', 'parameters', 'inputDetails', 'outputDetails'];

/** Without execution data, an event still says what happened and where. */
export function eventInWords(event: HistoryEvent, withData: boolean) {
  const fields = Object.entries(event).map(([key, value]) => [key, key.endsWith('Details') && !withData ? withoutData(value) : value]);
  return { ...Object.fromEntries(fields), timestamp: seconds(event.timestamp) };
}

const withoutData = (details: object) => Object.fromEntries(Object.entries(details).filter(([key]) => !data.includes(key)));
