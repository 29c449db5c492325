import { createHash } from 'node:crypto';
import { SendMessageBatchCommand, type SendMessageBatchRequestEntry, type SQSClient } from '@aws-sdk/client-sqs';
import { RetryLater } from '../../../shared/errors.ts';
import { kindNamed } from '../../../shared/kinds/index.ts';
import type { Clock, Wake, WakeQueue } from '../../../shared/ports.ts';
import { kebab } from '../names.ts';
import { coalesceMs } from '../queues.ts';

interface WakeQueueOptions {
  readonly client: SQSClient;
  /** A queue's URL without the name of its kind. */
  readonly prefix: string;
  readonly clock: Clock;
}

/** As many as one SendMessageBatch takes. */
const batch = 10;

/** A FIFO queue for each reconciled kind, grouped by object. */
export function sqsWakeQueue({ client, prefix, clock }: WakeQueueOptions): WakeQueue {
  async function sendBatch(QueueUrl: string, Entries: SendMessageBatchRequestEntry[]): Promise<void> {
    const { Failed = [] } = await client.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
    if (Failed.length > 0)
      throw new RetryLater(`SQS took ${Entries.length - Failed.length} of ${Entries.length} wakes: ${Failed[0]?.Message}`);
  }

  return {
    async send(wakes) {
      const queues = Map.groupBy(wakes, ({ wake }) => kebab(wake.kind));
      const batches = [...queues].flatMap(([queue, ofQueue]) => {
        const entries = entriesOf(ofQueue, clock.now());
        return Array.from({ length: Math.ceil(entries.length / batch) }, (_, i) =>
          sendBatch(`${prefix}${queue}.fifo`, entries.slice(i * batch, (i + 1) * batch)),
        );
      });
      await Promise.all(batches);
    },
  };
}

/** Each wake once, in order; the Id only names it within its batch. */
function entriesOf(wakes: Parameters<WakeQueue['send']>[0], now: number): SendMessageBatchRequestEntry[] {
  const entries = new Map<string, SendMessageBatchRequestEntry>();
  for (const { wake, id } of wakes) {
    const deduplication = short(deduplicationOf(wake, id, now));
    if (entries.has(deduplication)) continue;
    entries.set(deduplication, {
      Id: String(entries.size),
      MessageBody: JSON.stringify(wake),
      MessageGroupId: short(`${wake.namespace}/${wake.name}`),
      MessageDeduplicationId: deduplication,
    });
  }
  return [...entries.values()];
}

/**
 * An owner of a thousand is woken by each of them. Its queue delays what it delivers, so that all wakes of one interval are
 * one: whoever sends in it finds that the first has not been delivered yet, and what he tells of is seen.
 */
function deduplicationOf({ kind, group, namespace, name }: Wake, id: string, now: number): string {
  const owns = (kindNamed(group, kind)?.owns.length ?? 0) > 0;
  return owns ? `${namespace}/${name}@${Math.floor(now / coalesceMs)}` : id;
}

/** SQS takes 128 characters of these alphabets; names may be longer, and may hold others. */
const short = (text: string): string => createHash('sha256').update(text).digest('hex');
