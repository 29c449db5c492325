import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import type { Clock, Log, Wake, WakeQueue } from '../../shared/ports.ts';

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

/**
 * A FIFO queue for each kind, grouped by object: one reconcile of an object at a time, and wakes that arrive meanwhile
 * are one wake. An object that is woken again and again rests ten times as long as a reconcile takes, so that an owner of
 * a thousand children does not do nothing but count them; a failed one rests longer each time.
 */
export function createWakeQueue({ consumers, clock, log, atOnce = 32 }: WakeQueueOptions): LocalWakeQueue {
  const lanes = new Map(Object.entries(consumers).map(([name, consume]) => [name, createLane(consume, clock, log, atOnce)]));
  return {
    async send(wakes) {
      for (const { wake } of wakes) lanes.get(`${wake.kind}.${wake.group}`)?.push(wake);
    },
    depth: () => [...lanes.values()].reduce((sum, lane) => sum + lane.depth(), 0),
    async close() {
      await Promise.all([...lanes.values()].map((lane) => lane.close()));
    },
  };
}

interface Entry {
  readonly wake: Wake;
  /** Woken again while it runs or rests. */
  again: boolean;
  /** Reconciles in a row, this one included. */
  runs: number;
  failures: number;
  /** Ends its rest. */
  disturb?: () => void;
}

/** An object rests this many times as long as its reconcile took. The first of a row is disturbed at once: the second mostly goes on with it. */
const restFor = 10;
const longestRest = 10_000;
const longestPause = 30_000;

function createLane(consume: Consumer, clock: Clock, log: Log, atOnce: number) {
  const entries = new Map<string, Entry>();
  const ready: string[] = [];
  const running = new Set<Promise<void>>();
  const closing = new AbortController();

  function push(wake: Wake): void {
    if (closing.signal.aborted) return;
    const key = `${wake.namespace}/${wake.name}`;
    const entry = entries.get(key);
    if (entry !== undefined) {
      entry.again = true;
      entry.disturb?.();
      return;
    }
    entries.set(key, { wake, again: false, runs: 0, failures: 0 });
    ready.push(key);
    pump();
  }

  function pump(): void {
    while (running.size < atOnce && !closing.signal.aborted) {
      const key = ready.shift();
      const entry = key === undefined ? undefined : entries.get(key);
      if (key === undefined || entry === undefined) return;
      entry.again = false;
      const run: Promise<void> = reconcileOnce(key, entry).finally(() => {
        running.delete(run);
        pump();
      });
      running.add(run);
    }
  }

  async function reconcileOnce(key: string, entry: Entry): Promise<void> {
    const began = clock.now();
    const failed = await deliver(entry.wake);
    entry.failures = failed ? entry.failures + 1 : 0;
    const took = clock.now() - began;
    entry.runs++;
    if (failed) entry.again = true;
    void settle(key, entry, failed ? Math.min(longestPause, 250 * 2 ** entry.failures) : Math.min(longestRest, restFor * took));
  }

  async function settle(key: string, entry: Entry, rest: number): Promise<void> {
    const goesOn = entry.failures === 0 && entry.runs === 1;
    if (!goesOn) await clock.sleep(rest, closing.signal);
    else if (!entry.again) {
      const disturbed = new AbortController();
      entry.disturb = () => disturbed.abort();
      await clock.sleep(rest, AbortSignal.any([closing.signal, disturbed.signal]));
      delete entry.disturb;
    }
    if (!entry.again) entries.delete(key);
    else ready.push(key);
    pump();
  }

  async function deliver(wake: Wake): Promise<boolean> {
    try {
      return (await consume(asEvent(wake))).batchItemFailures.length > 0;
    } catch (error) {
      log.error('a reconciler broke', { ...wake, error: String(error) });
      return true;
    }
  }

  return {
    push,
    depth: () => entries.size,
    async close() {
      closing.abort();
      await Promise.all(running);
    },
  };
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
