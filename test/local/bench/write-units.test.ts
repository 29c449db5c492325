import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { bytesOf, type Footprint, footprintOf, refusedUnits, type WireItem, writeUnits } from '../../../infra/local/bench/write-units.ts';

describe('the size of an item', () => {
  const cases: readonly [string, WireItem, number][] = [
    ['a text is its UTF-8', { name: { S: 'Grüße' } }, 4 + 7],
    ['bytes are what the base64 stands for', { obj: { B: Buffer.alloc(900).toString('base64') } }, 3 + 900],
    ['a number is a byte, and one for every two digits', { rv: { N: '1234567890123456' } }, 2 + 1 + 8],
    ['zeros at its ends do not count', { n: { N: '100000' } }, 1 + 1 + 1],
    ['nor before it', { n: { N: '0.00012' } }, 1 + 1 + 1],
    ['nothing is left of zero', { n: { N: '0' } }, 1 + 1],
    ['a minus is a byte', { dueAt: { N: '-1700000000001' } }, 5 + 1 + 7 + 1],
    ['an exponent is none of the digits', { n: { N: '12E+30' } }, 1 + 1 + 1],
    ['true and null are a byte', { b: { BOOL: true }, n: { NULL: true } }, 2 + 2],
    ['a set is its members', { s: { SS: ['ab', 'c'] }, n: { NS: ['1', '22'] }, b: { BS: ['AAAA'] } }, 1 + 3 + (1 + 4) + (1 + 3)],
    ['a list is three bytes, and one for each element', { l: { L: [{ S: 'ab' }, { N: '1' }] } }, 1 + 3 + 2 + 2 + 2],
    ['a map too, and its names', { m: { M: { key: { S: 'v' } } } }, 1 + 3 + 1 + 3 + 1],
  ];
  it.each(cases)('%s', (_, item, bytes) => expect(bytesOf(item)).toBe(bytes));
});

/** Footprints with the indexes byVersion, byOwner and byDue. */
const of = (bytes: number, ...indexKeys: readonly (string | undefined)[]): Footprint => ({ bytes, indexKeys });

describe('a write is billed', () => {
  const cases: readonly [string, Footprint | undefined, Footprint | undefined, number][] = [
    ['1 for a new item in no index', undefined, of(300, undefined, undefined, undefined), 1],
    ['2 for one of a byte more than a kilobyte', undefined, of(1025, undefined, undefined, undefined), 2],
    ['1 more for each index that it appears in', undefined, of(1024, '1', 'uid', '5'), 1 + 3],
    ['2 for each index key that changes', of(900, '1', 'uid', '5'), of(900, '2', 'uid', '6'), 1 + 2 + 0 + 2],
    ['nothing for an index key that stays', of(900, '1', 'uid', '5'), of(900, '1', 'uid', '5'), 1],
    ['1 for an index that it leaves', of(900, '1', 'uid', '5'), of(900, '1', 'uid', undefined), 1 + 1],
    ['by the larger of what was and what is', of(5000, '1'), of(100, '1'), 5],
    ['as much for an item that goes: its size, and its entries', of(2000, '1', 'uid', undefined), undefined, 2 + 2],
    ['1 for the removal of nothing', undefined, undefined, 1],
  ];
  it.each(cases)('%s', (_, before, after, units) => expect(writeUnits(before, after)).toBe(units));

  it('the same whichever way it goes, and never below a put of the same', () => {
    const footprint = fc.record({
      bytes: fc.integer({ min: 1, max: 400_000 }),
      indexKeys: fc.array(fc.option(fc.string(), { nil: undefined }), { minLength: 5, maxLength: 5 }),
    });
    fc.assert(
      fc.property(footprint, footprint, (a, b) => {
        expect(writeUnits(a, b)).toBe(writeUnits(b, a));
        expect(writeUnits(a, b)).toBeGreaterThanOrEqual(writeUnits(a, a));
      }),
    );
  });

  it('by what it found when its condition did not hold', () => {
    expect([refusedUnits(undefined), refusedUnits(of(100)), refusedUnits(of(3000))]).toEqual([1, 1, 3]);
  });
});

describe('a footprint', () => {
  it('has the keys of the indexes, texts and numbers', () => {
    const item: WireItem = { pk: { S: 'machines' }, rv: { N: '7' }, owner: { S: 'uid-1' } };
    expect(footprintOf(item, ['rv', 'owner', 'dueAt'])).toEqual({ bytes: 10 + 4 + 10, indexKeys: ['7', 'uid-1', undefined] });
  });
});
