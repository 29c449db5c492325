import { Duration } from 'aws-cdk-lib';
import { EventSourceMapping, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { SqsDlq } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { acknowledge } from './acknowledge.ts';
import type { Functions } from './functions.ts';
import { type Plan, undeliveredQueueName } from './plan.ts';
import type { Storage } from './storage.ts';

/** Takes what tells of a change and could not be delivered. The sweep makes up for it; somebody should know why. */
export function createUndelivered(plan: Plan): Queue {
  const queue = new Queue(plan.stack, 'Undelivered', {
    queueName: undeliveredQueueName(plan),
    encryption: QueueEncryption.SQS_MANAGED,
    enforceSSL: true,
    retentionPeriod: Duration.days(14),
  });
  acknowledge(queue, 'SQS3', 'This is a dead-letter queue: of the stream and of a rule, not of another queue.');
  return queue;
}

/** The table's stream calls `dispatch`: in order for each object, and not for ever with what fails. */
export function mapStream({ stack, options }: Plan, { streamArn }: Storage, functions: Functions, undelivered: Queue): void {
  new EventSourceMapping(stack, 'Stream', {
    target: functions.get('dispatch')!,
    eventSourceArn: streamArn,
    startingPosition: StartingPosition.TRIM_HORIZON,
    batchSize: 100,
    parallelizationFactor: options.dispatchersAtOnce,
    bisectBatchOnError: true,
    retryAttempts: 5,
    // Older than this, the sweep has seen to it several times.
    maxRecordAge: Duration.hours(1),
    reportBatchItemFailures: true,
    onFailure: new SqsDlq(undelivered),
  });
}
