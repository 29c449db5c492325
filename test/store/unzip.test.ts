import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { unzipAll } from '../../shared/store/unzip.ts';

describe('unzipping', () => {
  it('gives back each text, however many and however long', () => {
    const text = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.nat({ max: 400_000 }).map((length) => 'é'.repeat(length / 2)),
    );
    fc.assert(
      fc.property(fc.array(text, { maxLength: 20 }), (texts) => {
        expect(unzipAll(texts.map((one) => gzipSync(one)))).toEqual(texts);
      }),
      { numRuns: 50 },
    );
  });

  it('keeps texts apart when something stands between them', () => {
    const zipped = ['a', 'b', 'c'].map((one) => gzipSync(one));
    expect(unzipAll([zipped[0]!, Buffer.concat([zipped[1]!, Buffer.from([0, 9, 0, 0])]), zipped[2]!])).toEqual(['a', 'b', 'c']);
  });

  it('throws where one is broken', () => {
    const broken = gzipSync('b'.repeat(100));
    broken[12]! ^= 0xff;
    expect(() => unzipAll([gzipSync('a'), broken, gzipSync('c')])).toThrow();
    expect(() => unzipAll([gzipSync('a').subarray(0, 10)])).toThrow();
  });
});
