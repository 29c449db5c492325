import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { afterAll, describe, expect, it } from '@jest/globals';
import { largeBodies } from './large-bodies.ts';
import type { Cost } from './large-body-worker.ts';

/** ms of CPU time: nobody else waits longer than that for one body. */
const bound = 1000;
/** MB that a body may take, beside the 60 that the modules and the objects of the test take. */
const memory = 200 + 60;

describe('a body of nearly 3 MB', () => {
  let worker: Worker | undefined;
  afterAll(() => worker?.terminate());

  const start = (): Worker =>
    new Worker(new URL('large-body-worker.ts', import.meta.url), {
      resourceLimits: { maxOldGenerationSizeMb: memory, maxYoungGenerationSizeMb: 16 },
    });

  /** Throws where the memory does not suffice: then the thread has gone. */
  async function costOf(index: number): Promise<Cost> {
    worker ??= start();
    worker.postMessage(index);
    try {
      const [cost] = (await once(worker, 'message')) as [Cost];
      return cost;
    } catch (error) {
      worker = undefined;
      throw error;
    }
  }

  it.each(largeBodies.map(({ name }, index) => [name, index] as const))('%s is answered in time, in few words', async (_, index) => {
    let cost = await costOf(index);
    // A machine that does other things too may take longer once, not each time.
    for (let turn = 0; turn < 2 && cost.ms >= bound; turn++) cost = await costOf(index);
    expect(cost.failures).toEqual([]);
    expect(cost.code).toBeLessThan(500);
    if (cost.code >= 400) expect(cost.answer).toBeLessThan(100_000);
    expect(cost.warnings).toBeLessThan(8192);
    expect(cost.ms).toBeLessThan(bound);
  });
});
