import { kinds } from '../../../shared/kinds/index.ts';
import type { Sort } from './usage.ts';

/** What cannot be measured on this machine: how AWS runs what was measured. Where a document says it, it is named. */

/** A month has 730 hours. */
export const hoursOfMonth = 730;
export const daysOfMonth = hoursOfMonth / 24;

const queues = kinds.filter(({ reconciled }) => reconciled).length;

/** What stands there whether or not it is used. */
export const deployed = {
  queues,
  /**
   * CloudWatch bills each metric that an alarm looks at, not the alarm. Six alarms: the dead letters of each queue and of the stream; errors
   * of four functions; throttles of Lambda and of the table; failed executions, the oldest due object and answers of 5xx with one metric each.
   */
  alarmMetrics: queues + 1 + 4 + 2 + 3,
  /** How long the oldest object has been due. */
  customMetrics: 1,
} as const;

/** How many functions there are of a sort, with AWS and Google Cloud as clouds: each has a role of its own. */
export const functionsOf: Readonly<Record<Sort, number>> = {
  api: kinds.length + 1,
  reconcile: queues,
  dispatch: 1,
  executions: 1,
  collect: 1,
  sweep: 1,
  steps: 1,
  cloudSteps: 2,
};

/** MB. */
export const memoryOf: Readonly<Record<Sort, number>> = {
  api: 256,
  reconcile: 256,
  dispatch: 256,
  executions: 256,
  collect: 256,
  sweep: 256,
  steps: 512,
  cloudSteps: 512,
};

/** A function has a processor to itself from so many MB on, and its share of one below (docs.aws.amazon.com/lambda, "Configure Lambda function memory"). */
export const memoryOfOneCpu = 1769;

/** What a call waits for the world outside, ms: here clouds and clusters answer at once. */
export const outsideMsOf: Readonly<Record<Sort, number>> = {
  api: 0,
  reconcile: 0,
  dispatch: 0,
  executions: 0,
  collect: 0,
  sweep: 20,
  steps: 300,
  cloudSteps: 300,
};

/** So many calls come to a process that must start first, which is billed. */
export const coldStart = { share: 0.02, ms: 800 };

/** What Lambda itself logs of a call: START, END, REPORT. */
export const logBytesOfCall = 500;

/**
 * Lambda polls a queue with five long polls of 20 s at a time, be there anything in it or not, and each is a request (docs.aws.amazon.com/lambda,
 * "Using Lambda with Amazon SQS", of standard queues; AWS knowledge centre, "sqs-high-charges": empty receives are billed).
 */
export const polling = { pollers: 5, seconds: 20 };

/**
 * DynamoDB asks KMS for a table's key again for each caller every five minutes in which it calls (docs.aws.amazon.com/kms, "How
 * Amazon DynamoDB uses AWS KMS"; unverified). Each function is a caller, and a change calls each anew.
 */
export const keyCacheMinutes = 5;

/** A process that starts opens data keys of so many days. */
export const dataKeysOfProcess = 2;

/** For each request that changes something, people and programs look so often. Watches that are held open come on top. */
export const looksOfChange = 4;

/** DynamoDB adds 100 bytes to an item and to each of its index entries; of keys alone, these are of about as many again. */
export const storageOverhead = 1.5;
