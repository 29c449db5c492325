import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import type { Clock, Log, Wake, WakeQueue } from '../../shared/ports.ts';
import { meterSent } from './meter.ts';
import { createLane } from './wake-lane.ts';

/** Handles a batch as the Lambda behind an SQS queue does. */
export type Consumer = (event: SQSEvent) => Promise<SQSBatchResponse>;

interface WakeQueueOptions {
  /** By `<kind>.<group>`. */
  readonly consumers: Readonly<Record<string, Consumer>>;
  readonly clock: Clock;
  readonly log: Log;
  /** How many objects of a kind are reconciled at the same time. */
  readonly atOnce?: number;
}

export interface LocalWakeQueue extends WakeQueue {
  /** Objects that wait or are being reconciled. */
  depth(): number;
  /** Stops taking wakes, and resolves when what runs has ended. */
  close(): Promise<void>;
}

/** A FIFO queue for each kind, grouped by object. */
export function createWakeQueue({ consumers, clock, log, atOnce = 16 }: WakeQueueOptions): LocalWakeQueue {
  const lanes = new Map(
    Object.entries(consumers).map(([name, consume]) => [
      name,
      createLane({ reconcile: (wake) => deliver(consume, wake, log), clock, atOnce }),
    ]),
  );
  return {
    async send(wakes) {
      meterSent(wakes.length);
      for (const { wake } of wakes) lanes.get(`${wake.kind}.${wake.group}`)?.push(wake);
    },
    depth: () => [...lanes.values()].reduce((sum, lane) => sum + lane.depth(), 0),
    async close() {
      await Promise.all([...lanes.values()].map((lane) => lane.close()));
    },
  };
}

/** False: it failed. */
async function deliver(consume: Consumer, wake: Wake, log: Log): Promise<boolean> {
  try {
    return (await consume(asEvent(wake))).batchItemFailures.length === 0;
  } catch (error) {
    log.error('a reconciler broke', { ...wake, error: String(error) });
    return false;
  }
}

/** One message, as the Lambda gets it from SQS. */
function asEvent(wake: Wake): SQSEvent {
  const messageId = `${wake.namespace}/${wake.name}`;
  return {
    Records: [
      {
        messageId,
        receiptHandle: '',
        body: JSON.stringify(wake),
        attributes: {
          ApproximateReceiveCount: '1',
          SentTimestamp: '0',
          SenderId: '',
          ApproximateFirstReceiveTimestamp: '0',
          MessageGroupId: messageId,
        },
        messageAttributes: {},
        md5OfBody: '',
        eventSource: 'aws:sqs',
        eventSourceARN: `arn:aws:sqs:local:000000000000:${wake.kind}.fifo`,
        awsRegion: 'local',
      },
    ],
  };
}
