import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { shorten } from '../../shared/kinds/shorten.ts';

const texts = fc.oneof(fc.string({ unit: 'binary', maxLength: 60 }), fc.string({ unit: fc.constantFrom('a', 'é', '€', '🐢', ' ', '\n') }));
const most = fc.integer({ min: 3, max: 60 });

describe('a shortened text', () => {
  it.each([
    ['short', 10, 'short'],
    [' two\r\n\tlines\u0007 ', 20, 'two lines'],
    ['just fits', 9, 'just fits'],
    ['does not fit', 9, 'does n…'],
    // A turtle has four bytes and is there or not.
    ['🐢🐢🐢', 11, '🐢🐢…'],
    ['🐢🐢🐢', 10, '🐢…'],
    ['half a \ud83d turtle', 40, 'half a \ufffd turtle'],
  ])('%j within %d bytes is %j', (text, bytes, expected) => {
    expect(shorten(text, bytes)).toBe(expected);
  });

  it('has no more bytes than allowed, and in JSON at most twice as many', () => {
    fc.assert(
      fc.property(texts, most, (text, bytes) => {
        const short = shorten(text, bytes);
        expect(Buffer.byteLength(short)).toBeLessThanOrEqual(bytes);
        expect(Buffer.byteLength(JSON.stringify(short)) - 2).toBeLessThanOrEqual(2 * bytes);
      }),
    );
  });

  it('is the beginning of the text in one line', () => {
    fc.assert(
      fc.property(texts, most, (text, bytes) => {
        const line = shorten(text, Number.POSITIVE_INFINITY);
        const short = shorten(text, bytes);
        expect(short === line || line.startsWith(short.slice(0, -1))).toBe(true);
        expect(short).not.toMatch(/[\p{Cc}]|\ufffd\ufffd/u);
      }),
    );
  });
});
