import middy from '@middy/core';
import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';
import { type Ask, type Collector, createCollector } from '../collect/collector.ts';
import { kinds } from '../kinds/index.ts';
import { parseRecord, type StreamRecord } from '../store/record.ts';
import { type Host, host } from './host.ts';

/** What the sweep sends. */
export interface Asked {
  readonly collect: Ask;
}

/**
 * The table's stream, as far as it concerns the collector, or the sweep -> the collector. What could not be collected is delivered again, from
 * the first that failed on; of what the sweep asked for, the next one asks again.
 */
export const collectDoor = () => {
  const collectors = new WeakMap<Host, Collector>();
  return middy<DynamoDBStreamEvent | Asked, DynamoDBBatchResponse | undefined>().handler(async (event) => {
    const ports = host();
    const collector = collectors.get(ports) ?? createCollector(ports);
    collectors.set(ports, collector);
    if (!('Records' in event)) {
      await collector.look(event.collect);
      return undefined;
    }
    for (const record of event.Records) {
      try {
        await collect(record as StreamRecord, collector, ports);
      } catch (error) {
        ports.log.error('could not collect after a change', { id: record.eventID, error: String(error) });
        return { batchItemFailures: [{ itemIdentifier: record.dynamodb?.SequenceNumber ?? '' }] };
      }
    }
    return { batchItemFailures: [] };
  });
};

async function collect(record: StreamRecord, collector: Collector, { sealer }: Host): Promise<void> {
  const change = parseRecord(record);
  if (change === undefined || change.dueOnly || change.wakes === 'nobody') return;
  const kind = kinds.find(({ group, plural }) => group === change.group && plural === change.plural);
  if (kind === undefined || kind.expiresAfter !== undefined) return;
  await collector.heard({ kind, object: await change.open(kind, sealer), deleted: change.deleted });
}
