import { createHash, randomUUID } from 'node:crypto';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import type { Clock } from '../../../shared/ports.ts';

interface Message {
  readonly id: string;
  readonly group: string;
  readonly body: string;
  receives: number;
  visibleAt: number;
}

interface QueueOptions {
  readonly arn: string;
  readonly delaySeconds: number;
  readonly maxReceives: number;
  readonly batchSize: number;
  readonly clock: Clock;
  consume(event: SQSEvent): Promise<SQSBatchResponse>;
}

export interface Queue {
  send(entry: { readonly MessageBody: string; readonly MessageGroupId: string; readonly MessageDeduplicationId: string }): void;
  /** Bodies of what could not be handled. */
  readonly dead: readonly string[];
  /** All bodies that were ever sent. */
  readonly sent: readonly string[];
  close(): Promise<void>;
}

const deduplicationMs = 300_000;
/** ms until what failed is seen again: the visibility timeout, shortened. */
const hiddenMs = 1_000;

/** A FIFO queue with a Lambda behind it: order and one delivery at a time within a group, de-duplication, a delay, a dead-letter queue. */
export function createQueue({ arn, delaySeconds, maxReceives, batchSize, clock, consume }: QueueOptions): Queue {
  let messages: Message[] = [];
  const seen = new Map<string, number>();
  const inFlight = new Set<string>();
  const running = new Set<Promise<void>>();
  const closing = new AbortController();
  const dead: string[] = [];
  const sent: string[] = [];

  function pump(): void {
    if (closing.signal.aborted) return;
    const now = clock.now();
    const blocked = new Set(inFlight);
    const batch: Message[] = [];
    for (const message of messages) {
      if (blocked.has(message.group)) continue;
      if (message.visibleAt > now) blocked.add(message.group);
      else if (batch.length < batchSize) batch.push(message);
    }
    if (batch.length === 0) return;
    const groups = new Set(batch.map(({ group }) => group));
    for (const group of groups) inFlight.add(group);
    const run = deliver(batch).finally(() => {
      for (const group of groups) inFlight.delete(group);
      running.delete(run);
      pump();
    });
    running.add(run);
    pump();
  }

  async function deliver(batch: readonly Message[]): Promise<void> {
    for (const message of batch) message.receives++;
    const failed = await consume(eventOf(batch, arn)).then(
      ({ batchItemFailures }) => new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier)),
      () => new Set(batch.map(({ id }) => id)),
    );
    for (const message of batch) {
      const again = failed.has(message.id);
      if (again && message.receives < maxReceives) hide(message, hiddenMs);
      else {
        messages = messages.filter((other) => other !== message);
        if (again) dead.push(message.body);
      }
    }
  }

  function hide(message: Message, ms: number): void {
    message.visibleAt = clock.now() + ms;
    void clock.sleep(ms, closing.signal).then(pump);
  }

  return {
    dead,
    sent,
    send({ MessageBody, MessageGroupId, MessageDeduplicationId }) {
      const before = seen.get(MessageDeduplicationId);
      if (before !== undefined && clock.now() - before < deduplicationMs) return;
      seen.set(MessageDeduplicationId, clock.now());
      sent.push(MessageBody);
      const message = { id: randomUUID(), group: MessageGroupId, body: MessageBody, receives: 0, visibleAt: 0 };
      messages.push(message);
      hide(message, delaySeconds * 1000);
    },
    async close() {
      closing.abort();
      await Promise.all(running);
    },
  };
}

const eventOf = (batch: readonly Message[], arn: string): SQSEvent => ({
  Records: batch.map(({ id, group, body, receives }) => ({
    messageId: id,
    receiptHandle: id,
    body,
    attributes: {
      ApproximateReceiveCount: String(receives),
      SentTimestamp: '1545082649183',
      SenderId: 'AIDAIENQZJOLO23YVJ4VO',
      ApproximateFirstReceiveTimestamp: '1545082649185',
      MessageGroupId: group,
    },
    messageAttributes: {},
    md5OfBody: createHash('md5').update(body).digest('hex'),
    eventSource: 'aws:sqs',
    eventSourceARN: arn,
    awsRegion: 'us-east-1',
  })),
});
