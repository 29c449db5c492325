import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { canonical } from '../../../shared/kinds/canonical.ts';
import { patchBetween } from '../../../shared/kinds/machine-set/in-place.ts';
import { mergePatch } from '../../../shared/kinds/merge-patch.ts';

describe('the patch between two objects', () => {
  it.each([
    [{ a: 1 }, { a: 1 }, {}],
    [{ a: { b: 1, c: 2 } }, { a: { c: 2, b: 1 } }, {}],
    [{ a: 1 }, { a: 2 }, { a: 2 }],
    [{ a: { b: 1, c: 2 } }, { a: { b: 1 } }, { a: { c: null } }],
    [{ a: [1, 2] }, { a: [1] }, { a: [1] }],
    [{}, { a: { b: {} } }, { a: { b: {} } }],
    [{ a: 1 }, { a: undefined }, { a: null }],
  ])('from %j to %j is %j', (from, to, patch) => {
    expect(patchBetween(from, to)).toEqual(patch);
  });

  it('turns the one into the other when it is merged', () => {
    // Without null, which a merge patch cannot write.
    const json = fc.dictionary(
      fc.constantFrom('a', 'b', 'c'),
      fc.letrec<{ value: unknown }>((tie) => ({
        value: fc.oneof(
          { maxDepth: 3 },
          fc.integer(),
          fc.string(),
          fc.array(fc.integer()),
          fc.dictionary(fc.constantFrom('x', 'y'), tie('value')),
        ),
      })).value,
    );
    fc.assert(
      fc.property(json, json, (from, to) => {
        expect(canonical(mergePatch(from, patchBetween(from, to)))).toBe(canonical(to));
        expect(patchBetween(to, to)).toEqual({});
      }),
    );
  });
});
