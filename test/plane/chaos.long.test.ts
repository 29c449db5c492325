import { describe, it } from '@jest/globals';
import { tellInStorm } from './chaos-story.ts';

/** As chaos.test.ts, with seeds that it does not tell; `SEEDS=500-800` in the environment tells others. */
const [from, to] = (process.env.SEEDS ?? '101-420').split('-').map(Number) as [number, number];

describe('a plane in many storms', () => {
  it.each(Array.from({ length: to - from + 1 }, (_, i) => from + i))(
    'keeps the laws, and comes to rest after it (seed %d)',
    async (seed) => {
      await tellInStorm(seed);
    },
  );
});
