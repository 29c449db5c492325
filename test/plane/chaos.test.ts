import { describe, it } from '@jest/globals';
import { tellInStorm } from './chaos-story.ts';

describe('a plane in a storm', () => {
  it.each(Array.from({ length: 15 }, (_, i) => i + 1))('keeps the laws, and comes to rest after it (seed %d)', async (seed) => {
    await tellInStorm(seed);
  });
});
