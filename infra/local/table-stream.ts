import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';
import type { Clock, Log } from '../../shared/ports.ts';
import type { StreamRecord } from '../../shared/store/record.ts';

type Dispatch = (event: DynamoDBStreamEvent) => Promise<DynamoDBBatchResponse>;

export interface TableStream {
  /** Takes what was written; the store calls it after each put. */
  append(record: StreamRecord): void;
  /** Resolves when all that was appended has been dispatched. */
  close(): Promise<void>;
}

/** How often a batch that failed is delivered again before its first record is given up: the sweep finds what it told. */
const tries = 5;

/**
 * As a Lambda reads a DynamoDB stream: in order, in batches, what failed again. Records are lost with the process; the
 * sweep finds what they told.
 */
export function createTableStream(dispatch: Dispatch, clock: Clock, log: Log, batchSize = 100): TableStream {
  let waiting: StreamRecord[] = [];
  let draining: Promise<void> | undefined;

  async function drain(): Promise<void> {
    for (let failures = 0; waiting.length > 0; ) {
      const batch = waiting.slice(0, batchSize);
      const done = await deliver(batch);
      waiting = waiting.slice(done);
      if (done === batch.length) failures = 0;
      else if (++failures < tries) await clock.sleep(50 * 2 ** failures);
      else {
        failures = 0;
        log.error('gave up on a change; the sweep will find it', { id: waiting[0]?.eventID });
        waiting = waiting.slice(1);
      }
    }
    draining = undefined;
  }

  /** How many records of the batch are done: all, or those before the first that failed. */
  async function deliver(batch: readonly StreamRecord[]): Promise<number> {
    try {
      const { batchItemFailures } = await dispatch({ Records: batch } as unknown as DynamoDBStreamEvent);
      const failed = batch.findIndex(({ dynamodb }) =>
        batchItemFailures.some(({ itemIdentifier }) => itemIdentifier === dynamodb.SequenceNumber),
      );
      return failed < 0 ? batch.length : failed;
    } catch (error) {
      log.error('could not dispatch a batch of changes', { records: batch.length, error: String(error) });
      return 0;
    }
  }

  return {
    append(record) {
      waiting.push(record);
      // Begun in a later turn, so that writes of one turn are one batch.
      draining ??= Promise.resolve().then(drain);
    },
    close: async () => draining,
  };
}
