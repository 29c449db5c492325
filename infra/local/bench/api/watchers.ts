import { performance } from 'node:perf_hooks';
import type { Clock } from '../../../../shared/ports.ts';
import type { ApiClient } from '../api-client.ts';
import { machinesPath } from '../manifests.ts';
import { nameOf } from './machines.ts';

export interface FanOut {
  /** From the request of a change to its event, for each change and watch, ms. */
  readonly took: readonly number[];
  /** Of one event. */
  readonly bytes: number;
}

interface FanOutOptions {
  readonly client: ApiClient;
  readonly clock: Clock;
  readonly watches: number;
  readonly changes: number;
  /** How many changes all watches have heard of. */
  progress(changes: number): void;
}

/** Time between two changes, ms: no multiple of the server's own rhythm, so that changes come at every point of it. */
const pause = 370;

/** Opens watches, each with a connection of its own, changes one Machine after the other, and notes when each watch hears of it. */
export async function fanOut({ client, clock, watches, changes, progress }: FanOutOptions): Promise<FanOut> {
  const { metadata } = await client.get<{ metadata: { resourceVersion: string } }>(`${machinesPath}?limit=1`);
  const over = new AbortController();
  const took: number[] = [];
  let bytes = 0;
  let round = { number: 0, began: 0, left: 0, heard: Promise.withResolvers<void>() };

  async function listen(): Promise<void> {
    for await (const line of client.lines(`${machinesPath}?watch=true&resourceVersion=${metadata.resourceVersion}`, over.signal)) {
      const now = performance.now();
      if (!line.includes(`"round":"${round.number}"`)) continue;
      // The first change is only to know that all watches are open.
      if (round.number > 0) took.push(now - round.began);
      bytes = Buffer.byteLength(line) + 1;
      if (--round.left === 0) round.heard.resolve();
    }
    if (!over.signal.aborted) throw new Error('a watch ended before its time');
  }

  const listening = Promise.all(Array.from({ length: watches }, listen));
  listening.catch(() => {});
  try {
    for (let number = 0; number <= changes; number++) {
      round = { number, began: performance.now(), left: watches, heard: Promise.withResolvers() };
      await client.patch(`${machinesPath}/${nameOf(number)}`, { metadata: { labels: { round: `${number}` } } });
      await Promise.race([round.heard.promise, listening]);
      progress(number);
      await clock.sleep(pause);
    }
  } finally {
    over.abort();
    await listening;
  }
  return { took, bytes };
}
