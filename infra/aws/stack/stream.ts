import { Duration } from 'aws-cdk-lib';
import { EventSourceMapping, type EventSourceMappingProps, FilterCriteria, FilterRule, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { SqsDlq } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { collected } from '../../../shared/store/record.ts';
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

/**
 * The table's stream calls `dispatch`, and with what concerns the collector also `collect`: in order for each object, and not for ever with
 * what fails. More than two may not read a stream at once.
 */
export function mapStream({ stack, options }: Plan, { streamArn }: Storage, functions: Functions, undelivered: Queue): void {
  const stream: Omit<EventSourceMappingProps, 'target'> = {
    eventSourceArn: streamArn,
    startingPosition: StartingPosition.TRIM_HORIZON,
    batchSize: 100,
    bisectBatchOnError: true,
    retryAttempts: 5,
    // Older than this, the sweep has seen to it several times.
    maxRecordAge: Duration.hours(1),
    reportBatchItemFailures: true,
    onFailure: new SqsDlq(undelivered),
  };
  new EventSourceMapping(stack, 'Stream', {
    ...stream,
    target: functions.get('dispatch')!,
    parallelizationFactor: options.dispatchersAtOnce,
  });
  new EventSourceMapping(stack, 'Ends', { ...stream, target: functions.get('collect')!, filters: [...ends] });
}

/** As `concernsCollector` has it. What is filtered out calls nothing and costs nothing. */
const ends = Object.entries(collected).map(([attribute, type]) =>
  FilterCriteria.filter({ dynamodb: { NewImage: { [attribute]: { [type]: FilterRule.exists() } } } }),
);
