import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  directoryString,
  element,
  elements,
  explicit,
  integer,
  oid,
  sequence,
  set,
  tags,
  time,
} from '../../../shared/bootstrap/x509/der.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const bytes = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'hex'));

describe('DER', () => {
  it.each([
    ['zero', '00', '020100'],
    ['a number whose top bit would mean a sign', '80', '02020080'],
    ['a number with leading zeros', '00007f', '02017f'],
    ['two bytes', '0100', '02020100'],
  ])('writes integers in their shortest form: %s', (_what, magnitude, expected) => {
    expect(hex(integer(bytes(magnitude)))).toBe(expected);
  });

  it.each([
    ['1.3.101.112', '06032b6570'],
    ['1.2.840.10045.4.3.2', '06082a8648ce3d040302'],
    ['2.5.29.15', '0603551d0f'],
    ['1.2.840.113549.1.1.11', '06092a864886f70d01010b'],
  ])('writes the object identifier %s', (dotted, expected) => {
    expect(hex(oid(dotted))).toBe(expected);
  });

  it.each([
    [Date.UTC(2027, 0, 2, 3, 4, 5, 999), tags.utcTime, '270102030405Z'],
    [Date.UTC(2049, 11, 31, 23, 59, 59), tags.utcTime, '491231235959Z'],
    [Date.UTC(2050, 0, 1), tags.generalizedTime, '20500101000000Z'],
  ])('writes the time %d to the second, with the year in four digits from 2050 on', (moment, tag, digits) => {
    const [read] = elements(time(moment));
    expect([read?.tag, Buffer.from(read?.contents ?? []).toString()]).toEqual([tag, digits]);
  });

  it('writes texts as PrintableString, and as UTF8String when a character does not fit', () => {
    expect(elements(directoryString('os:admin'))[0]?.tag).toBe(tags.printableString);
    expect(elements(directoryString('admin@demo'))[0]?.tag).toBe(tags.utf8String);
  });

  it('sorts the members of a SET by their bytes, whatever the order they came in', () => {
    const members = ['os:reader', 'os:admin', 'a'].map(directoryString);
    expect(hex(set(...members))).toBe(hex(set(...members.toReversed())));
    expect(elements(elements(set(...members))[0]!.contents).map(({ contents }) => Buffer.from(contents).toString())).toEqual([
      'a',
      'os:admin',
      'os:reader',
    ]);
  });

  it('reads back any contents at any length, with a length field as short as can be', () => {
    const length = fc.oneof(fc.nat(300), fc.constantFrom(127, 128, 255, 256, 65_535, 65_536));
    fc.assert(
      fc.property(length, fc.integer({ min: 0, max: 255 }), (size, fill) => {
        const contents = new Uint8Array(size).fill(fill);
        const whole = element(tags.octetString, contents);
        const [read, ...rest] = elements(whole);
        const lengthOctets = size < 128 ? 1 : size < 256 ? 2 : size < 65_536 ? 3 : 4;
        return rest.length === 0 && hex(read!.contents) === hex(contents) && whole.length === 1 + lengthOctets + size;
      }),
    );
  });

  it('refuses bytes that are cut off', () => {
    const whole = sequence(explicit(0, integer(bytes('02'))), directoryString('talos'));
    expect(() => elements(whole.subarray(0, whole.length - 1))).toThrow('more than there are');
  });
});
