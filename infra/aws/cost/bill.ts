import {
  coldStart,
  dataKeysOfProcess,
  hoursOfMonth,
  logBytesOfCall,
  memoryOf,
  memoryOfOneCpu,
  outsideMsOf,
  polling,
} from './assumptions.ts';
import { type Paid, prices } from './prices.ts';
import { type Sort, sorts, type Usage } from './usage.ts';

/** A line of the bill. */
export interface Item {
  readonly part: Part;
  readonly what: string;
  /** How many of the price's units. */
  readonly quantity: number;
  readonly paid: Paid;
  readonly usd: number;
}

export const parts = [
  'lambda',
  'dynamodb',
  'stepFunctions',
  'sqs',
  'scheduler',
  'kms',
  'logs',
  'alarms',
  'metrics',
  'apiGateway',
  'dashboard',
  'vpc',
] as const;
export type Part = (typeof parts)[number];

export const item = (part: Part, what: string, quantity: number, paid: Paid): Item => ({
  part,
  what,
  quantity,
  paid,
  usd: quantity * prices[paid].usd,
});

export const gigabyte = 1_000_000_000;

/** What is paid for what is done. `cpuShare`: of the time that calls took where they were measured, so much was work. */
export function billOf(usage: Usage, cpuShare: number): Item[] {
  const { functions, transitions, sends, wakes } = usage;
  const of = (amount: 'reads' | 'writes' | 'calls'): number => sorts.reduce((sum, sort) => sum + functions[sort][amount], 0);
  const logGb = (usage.logBytes + of('calls') * logBytesOfCall) / gigabyte;
  return [
    ...sorts.flatMap((sort) => [
      item('lambda', `${namesOf[sort]}: calls`, functions[sort].calls, 'lambdaRequest'),
      item('lambda', `${namesOf[sort]}: time`, gbSecondsOf(sort, functions[sort], cpuShare), 'lambdaGbSecond'),
    ]),
    item('dynamodb', 'reads', of('reads'), 'dynamodbRead'),
    item('dynamodb', 'writes', of('writes'), 'dynamodbWrite'),
    item('stepFunctions', 'transitions', transitions, 'transition'),
    // Each wake may be received and deleted by itself; many are not.
    item('sqs', 'wakes', sends + 2 * wakes, 'sqsRequest'),
    item('kms', 'data keys', of('calls') * coldStart.share * dataKeysOfProcess, 'kmsRequest'),
    item('logs', 'ingested', logGb, 'logIngestion'),
    item('logs', 'kept for a month', logGb, 'logStorage'),
    item('apiGateway', 'requests', functions.api.calls, 'apiRequest'),
  ];
}

const namesOf: Readonly<Record<Sort, string>> = {
  api: 'API',
  reconcile: 'reconcilers',
  dispatch: 'dispatch',
  executions: 'ends of executions',
  collect: 'collector',
  sweep: 'sweep',
  steps: 'steps',
  cloudSteps: 'steps in clouds',
};

/** Work takes as much longer as Lambda gives less of a processor; waiting takes as long as it takes. */
function gbSecondsOf(sort: Sort, { calls, ms }: { readonly calls: number; readonly ms: number }, cpuShare: number): number {
  const memory = memoryOf[sort];
  const slower = Math.max(1, memoryOfOneCpu / memory);
  const total = ms * (cpuShare * slower + 1 - cpuShare) + calls * (outsideMsOf[sort] + coldStart.share * coldStart.ms);
  return (total / 1000) * (memory / 1024);
}

/** Requests of Lambda's pollers in a month, to one queue: 5 at a time of 20 s each are 657,000. */
export const pollsOfMonth = (polling.pollers * hoursOfMonth * 3600) / polling.seconds;
