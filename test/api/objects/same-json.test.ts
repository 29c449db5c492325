import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { sameJson } from '../../../shared/api/objects/same-json.ts';
import { json } from '../values.ts';

describe('two JSON values', () => {
  it('are the same when only the order of keys differs, or something is undefined', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.stringMatching(/^[a-z]$/), json({ maxDepth: 2 })), (object) => {
        const reordered = Object.fromEntries(Object.entries(object).reverse());
        expect(sameJson(object, { ...reordered, other: undefined })).toBe(true);
      }),
    );
  });

  it.each([
    [{ a: 1 }, { a: 1, b: 2 }],
    [{ a: null }, {}],
    [[1], { 0: 1 }],
    [
      [1, 2],
      [2, 1],
    ],
    [null, {}],
    ['1', 1],
    [
      { a: undefined, b: 1 },
      { a: 1, b: undefined },
    ],
  ])('%j and %j are not the same', (a, b) => {
    expect(sameJson(a, b)).toBe(false);
    expect(sameJson(b, a)).toBe(false);
  });
});
