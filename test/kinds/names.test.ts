import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { childName, childSuffix, fnv1a, safeEncode } from '../../shared/kinds/names.ts';

describe('names', () => {
  // Upstream keeps 58 characters with the dash, we count the name without it.
  it.each([
    { length: 1, keeps: 1 },
    { length: 57, keeps: 57 },
    { length: 58, keeps: 57 },
    { length: 100, keeps: 57 },
  ])('keep $keeps of $length characters before a suffix of five', ({ length, keeps }) => {
    expect(childName('n'.repeat(length), 'abcde')).toBe(`${'n'.repeat(keeps)}-abcde`);
  });

  it('are labels of at most 63 characters, whatever they are made from', () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/),
        fc.uuid(),
        fc.nat(),
        fc.nat({ max: 1000 }),
        (base, uid, turn, index) => {
          const name = childName(base, childSuffix(uid, turn, index));
          expect(name.length).toBeLessThanOrEqual(63);
          expect(name).toMatch(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/);
        },
      ),
    );
  });

  it('hash as FNV-1a does', () => {
    expect([fnv1a(''), fnv1a('a'), fnv1a('foobar')]).toEqual([0x811c9dc5, 0xe40c292c, 0xbf9cf968]);
  });

  it('spell no words: hashes have no vowels', () => {
    expect(safeEncode('0123456789')).toMatch(/^[bcdfghjklmnpqrstvwxz2456789]{10}$/);
    expect(new Set(safeEncode('0123456789')).size).toBe(10);
  });

  it('hardly ever repeat over the turns of one owner', () => {
    // 2,000 of 27^5 = 14,348,907 suffixes: 0.14 repeats are to be expected, and a repeat only costs another turn.
    const suffixes = Array.from({ length: 2000 }, (_, i) => childSuffix('0d3f6b6e-uid', Math.floor(i / 20), i % 20));
    expect(new Set(suffixes).size).toBeGreaterThanOrEqual(1999);
  });

  it('differ between owners of the same turn', () => {
    expect(childSuffix('one', 1, 0)).not.toBe(childSuffix('two', 1, 0));
  });
});
