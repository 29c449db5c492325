import { describe, expect, it } from '@jest/globals';
import { atMost } from '../../shared/provisioners/aws/at-most.ts';

describe('requests in turn', () => {
  it('run so many at once and no more, in order, whether they succeed or fail', async () => {
    const inTurn = atMost(3);
    const started: number[] = [];
    const ends: (() => void)[] = [];
    const results = Array.from({ length: 10 }, (_, n) =>
      inTurn(async () => {
        started.push(n);
        await new Promise<void>((resolve) => ends.push(resolve));
        if (n % 2 === 1) throw new Error(`${n} failed`);
        return n;
      }),
    );
    const settled = Promise.allSettled(results);
    for (let ended = 0; ended < 10; ended++) {
      await new Promise((resolve) => setImmediate(resolve));
      expect(started).toHaveLength(Math.min(10, ended + 3));
      ends[ended]!();
    }
    expect((await settled).map(({ status }) => status)).toEqual(Array.from({ length: 10 }, (_, n) => (n % 2 ? 'rejected' : 'fulfilled')));
    expect(started).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });
});
