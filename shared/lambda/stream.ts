import middy from '@middy/core';
import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';
import { kinds } from '../kinds/index.ts';
import { wakesOf } from '../reconcile/dispatch.ts';
import { parseRecord, type StreamRecord } from '../store/record.ts';
import { type Host, host } from './host.ts';

/** Turns the table's stream into wakes. What could not be dispatched is delivered again, from the first that failed on. */
export const dispatchDoor = () =>
  middy<DynamoDBStreamEvent, DynamoDBBatchResponse>().handler(async ({ Records }) => {
    const ports = host();
    for (const record of Records) {
      try {
        await dispatch(record as StreamRecord, ports);
      } catch (error) {
        ports.log.error('could not dispatch a change', { id: record.eventID, error: String(error) });
        return { batchItemFailures: [{ itemIdentifier: record.dynamodb?.SequenceNumber ?? '' }] };
      }
    }
    return { batchItemFailures: [] };
  });

async function dispatch(record: StreamRecord, { store, queue, sealer }: Host): Promise<void> {
  const change = parseRecord(record);
  if (change === undefined || change.dueOnly || change.wakes === 'nobody') return;
  const kind = kinds.find(({ group, plural }) => group === change.group && plural === change.plural);
  if (kind === undefined) return;
  const object = await change.open(kind, sealer);
  const { id, deleted, wakes: only } = change;
  const wakes = await wakesOf({ id, kind, object, deleted, ...(only !== undefined && { only }) }, store);
  await queue.send(wakes.map((wake) => ({ wake, id: `${change.id}-${wake.kind}-${wake.namespace}/${wake.name}` })));
}
