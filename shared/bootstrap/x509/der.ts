/**
 * Distinguished Encoding Rules (ITU-T X.690), as much as certificates need. A value is written as its finished bytes,
 * so that composing is calling: `sequence(integer(…), oid(…))`.
 */

export type Der = Uint8Array<ArrayBuffer>;

export const tags = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  oid: 0x06,
  utf8String: 0x0c,
  printableString: 0x13,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const;

export function concat(parts: readonly Uint8Array[]): Der {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

/** Lengths below 128 are one byte; longer ones are their count of bytes with the top bit set, then big-endian: 300 is 82 01 2c. */
function lengthOctets(length: number): number[] {
  if (length < 0x80) return [length];
  const octets: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) octets.unshift(rest % 256);
  return [0x80 | octets.length, ...octets];
}

/** One element: tag, length, contents. */
export function element(tag: number, ...contents: readonly Uint8Array[]): Der {
  const body = concat(contents);
  return concat([Uint8Array.of(tag, ...lengthOctets(body.length)), body]);
}

export const sequence = (...members: readonly Uint8Array[]): Der => element(tags.sequence, ...members);
/** DER wants the members of a SET sorted by their encodings. */
export const set = (...members: readonly Uint8Array[]): Der => element(tags.set, ...[...members].sort(Buffer.compare));
export const octetString = (...contents: readonly Uint8Array[]): Der => element(tags.octetString, ...contents);
/** A whole number of bytes: no unused bits. */
export const bitString = (bits: Uint8Array): Der => element(tags.bitString, Uint8Array.of(0), bits);
export const boolean = (value: boolean): Der => element(tags.boolean, Uint8Array.of(value ? 0xff : 0));
export const nothing = (): Der => element(tags.null);
/** `[number] EXPLICIT`, around a constructed value. */
export const explicit = (number: number, ...contents: readonly Uint8Array[]): Der => element(0xa0 | number, ...contents);
/** `[number] IMPLICIT`, in place of a primitive's own tag. */
export const implicit = (number: number, contents: Uint8Array): Der => element(0x80 | number, contents);

/** A non-negative integer from its big-endian magnitude: shortest form, and a leading zero where the top bit would mean a sign. */
export function integer(magnitude: Uint8Array): Der {
  let start = 0;
  while (start < magnitude.length - 1 && magnitude[start] === 0) start += 1;
  const digits = magnitude.subarray(start);
  const needsSign = digits.length === 0 || (digits[0] ?? 0) >= 0x80;
  return element(tags.integer, needsSign ? Uint8Array.of(0) : Uint8Array.of(), digits);
}

/** An object identifier from its dotted form; arcs are base 128, high digits first, so 10045 is ce 3d. */
export function oid(dotted: string): Der {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const octets = [first * 40 + second, ...rest].flatMap((arc) => {
    const digits = [arc % 128];
    for (let high = Math.floor(arc / 128); high > 0; high = Math.floor(high / 128)) digits.unshift(0x80 | (high % 128));
    return digits;
  });
  return element(tags.oid, Uint8Array.from(octets));
}

/** PrintableString where its small alphabet is enough, UTF8String otherwise. */
export function directoryString(text: string): Der {
  const printable = /^[A-Za-z0-9 '()+,\-./:=?]*$/.test(text);
  return element(printable ? tags.printableString : tags.utf8String, new TextEncoder().encode(text));
}

/** A point in time, to the second: UTCTime before 2050 and GeneralizedTime from then on, as RFC 5280 wants. */
export function time(milliseconds: number): Der {
  const moment = new Date(milliseconds);
  const digits = moment
    .toISOString()
    .replace(/\.\d+Z$/, 'Z')
    .replace(/[-:T]/g, '');
  const utc = moment.getUTCFullYear() >= 1950 && moment.getUTCFullYear() < 2050;
  return element(utc ? tags.utcTime : tags.generalizedTime, new TextEncoder().encode(utc ? digits.slice(2) : digits));
}

/** An element that was read: its tag, its contents, and itself as it stood. */
export interface Element {
  readonly tag: number;
  readonly contents: Uint8Array;
  readonly whole: Uint8Array;
}

/** Splits bytes into the elements that follow each other in them. Throws RangeError when they are cut off. */
export function elements(bytes: Uint8Array): readonly Element[] {
  const found: Element[] = [];
  for (let offset = 0; offset < bytes.length; ) {
    const first = bytes[offset + 1] ?? 0;
    const size = first < 0x80 ? 0 : first & 0x7f;
    let length = first;
    if (size > 0) length = bytes.subarray(offset + 2, offset + 2 + size).reduce((sum, octet) => sum * 256 + octet, 0);
    const start = offset + 2 + size;
    if (start + length > bytes.length) throw new RangeError(`element at byte ${offset} says ${length} bytes, more than there are`);
    found.push({
      tag: bytes[offset] ?? 0,
      contents: bytes.subarray(start, start + length),
      whole: bytes.subarray(offset, start + length),
    });
    offset = start + length;
  }
  return found;
}
