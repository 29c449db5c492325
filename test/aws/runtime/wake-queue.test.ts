import type { SendMessageBatchCommand, SendMessageBatchRequestEntry, SQSClient } from '@aws-sdk/client-sqs';
import { describe, expect, it } from '@jest/globals';
import { coalesceMs, delaySeconds } from '../../../infra/aws/queues.ts';
import { sqsWakeQueue } from '../../../infra/aws/runtime/wake-queue.ts';
import { RetryLater } from '../../../shared/errors.ts';
import { kinds } from '../../../shared/kinds/index.ts';
import type { Wake } from '../../../shared/ports.ts';
import { virtualClock } from '../../clock.ts';

const wake = (kind: string, name: string): Wake => ({ group: 'cluster.k8s.io', kind, namespace: 'default', name });

function open(failed = 0) {
  const clock = virtualClock();
  const sent: { queue: string; entries: SendMessageBatchRequestEntry[] }[] = [];
  const client = {
    async send({ input }: SendMessageBatchCommand) {
      sent.push({ queue: input.QueueUrl!, entries: input.Entries! });
      return { Failed: input.Entries!.slice(0, failed).map(({ Id }) => ({ Id, Code: 'InternalError', Message: 'try again' })) };
    },
  } as unknown as SQSClient;
  return { clock, sent, queue: sqsWakeQueue({ client, prefix: 'https://sqs.test/1/P-', clock }) };
}

describe('wakes on SQS', () => {
  it("go to their kind's queue, ten at a time, each object a group", async () => {
    const { queue, sent } = open();
    await queue.send(Array.from({ length: 12 }, (_, i) => ({ wake: wake('Machine', `m-${i}`), id: `e-${i}` })));
    await queue.send([{ wake: wake('MachineDeployment', 'd'), id: 'e' }]);
    expect(sent.map(({ queue: url, entries }) => [url, entries.length])).toEqual([
      ['https://sqs.test/1/P-machine.fifo', 10],
      ['https://sqs.test/1/P-machine.fifo', 2],
      ['https://sqs.test/1/P-machine-deployment.fifo', 1],
    ]);
    const groups = sent.flatMap(({ entries }) => entries.map(({ MessageGroupId }) => MessageGroupId));
    expect(new Set(groups).size).toBe(13);
    expect(JSON.parse(sent[0]!.entries[0]!.MessageBody!)).toEqual(wake('Machine', 'm-0'));
  });

  it('of a machine are as many as its events', async () => {
    const { queue, sent } = open();
    for (const id of ['a', 'b', 'a']) await queue.send([{ wake: wake('Machine', 'm'), id }]);
    const ids = sent.flatMap(({ entries }) => entries.map(({ MessageDeduplicationId }) => MessageDeduplicationId));
    expect(new Set(ids).size).toBe(2);
  });

  it('of an owner are one for each interval, and none is delivered before the interval is over', async () => {
    const { queue, sent, clock } = open();
    for (let i = 0; i < 30; i++) {
      await queue.send([{ wake: wake('MachineSet', 's'), id: `child-${i}` }]);
      await clock.advance(100);
    }
    const ids = sent.flatMap(({ entries }) => entries.map(({ MessageDeduplicationId }) => MessageDeduplicationId));
    expect(new Set(ids).size).toBe(3);
    for (const kind of kinds.filter(({ reconciled }) => reconciled))
      expect([kind.kind, delaySeconds(kind) * 1000 > coalesceMs || kind.owns.length === 0]).toEqual([kind.kind, true]);
  });

  it('of a name that is longer than SQS takes are sent all the same', async () => {
    const { queue, sent } = open();
    const name = 'n'.repeat(253);
    await queue.send([{ wake: wake('Machine', name), id: `event-${name}` }]);
    const [{ MessageGroupId, MessageDeduplicationId, Id } = {}] = sent[0]!.entries;
    expect([MessageGroupId, MessageDeduplicationId, Id].map((text) => /^[A-Za-z0-9_-]{1,80}$/.test(text ?? ''))).toEqual([
      true,
      true,
      true,
    ]);
  });

  it('that SQS did not take are said to be lost, so that the stream tells of them again', async () => {
    const { queue } = open(1);
    await expect(queue.send([{ wake: wake('Machine', 'm'), id: 'e' }])).rejects.toThrow(RetryLater);
  });
});
