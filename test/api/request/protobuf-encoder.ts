import { type Field, type Message, messageOf, metadataFields } from '../../../shared/api/request/protobuf-messages.ts';

/** Kubernetes' protobuf, written as a client writes it: the way back of the decoder, for the kinds that clients send so. */

const varint = (value: number | bigint): number[] => {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  for (; rest > 0x7fn; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  return [...bytes, Number(rest)];
};

export const lengthDelimited = (number: number, content: Uint8Array): Uint8Array =>
  Buffer.concat([Uint8Array.from([...varint((number << 3) | 2), ...varint(content.length)]), content]);

export const number = (field: number, value: number): Uint8Array => Uint8Array.from([...varint(field << 3), ...varint(value)]);

const text = (value: unknown): Uint8Array => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));

/** `raw` in the envelope that every body has. */
export const enveloped = (apiVersion: string, kind: string, raw: Uint8Array): Uint8Array =>
  Buffer.concat([
    Buffer.from('k8s\0'),
    lengthDelimited(1, Buffer.concat([lengthDelimited(1, text(apiVersion)), lengthDelimited(2, text(kind))])),
    lengthDelimited(2, raw),
    lengthDelimited(3, text('')),
    lengthDelimited(4, text('')),
  ]);

/** Of a kind that nobody sends in protobuf, undefined. What does not fit its field is left out. */
export function encodeProtobuf(object: unknown): Uint8Array | undefined {
  const { apiVersion, kind } = (object ?? {}) as Record<string, unknown>;
  if (typeof apiVersion !== 'string' || typeof kind !== 'string') return undefined;
  const message = messageOf(apiVersion, kind);
  return message && enveloped(apiVersion, kind, encode(object, message));
}

function encode(value: unknown, message: Message): Uint8Array {
  if (value === null || typeof value !== 'object') return new Uint8Array();
  return Buffer.concat(
    Object.entries(message).flatMap(([number, field]: [string, Field]) => {
      const part = (value as Record<string, unknown>)[field[0]];
      return part === undefined || part === null ? [] : fieldBytes(Number(number), field, part);
    }),
  );
}

function fieldBytes(number: number, [, type, how]: Field, value: unknown): Uint8Array[] {
  if (how === 'list') return (Array.isArray(value) ? value : []).flatMap((item) => one(number, type, item));
  if (how === 'map' && typeof type === 'object')
    return Object.entries(value as object).map(([key, item]) => lengthDelimited(number, encode({ key, value: item }, type)));
  return one(number, type, value);
}

function one(field: number, type: Field[1], value: unknown): Uint8Array[] {
  if (typeof type === 'object') return [lengthDelimited(field, encode(value, type))];
  switch (type) {
    case 'metadata':
      return [lengthDelimited(field, encode(value, metadataFields))];
    case 'bool':
      return [number(field, value ? 1 : 0)];
    case 'int':
      return [number(field, Number.isSafeInteger(value) ? Number(value) : 0)];
    case 'bytes':
    case 'rawBytes':
      return [lengthDelimited(field, Buffer.from(typeof value === 'string' ? value : '', 'base64'))];
    case 'json':
      return [lengthDelimited(field, text(JSON.stringify(value)))];
    case 'strings':
      return [lengthDelimited(field, Buffer.concat((Array.isArray(value) ? value : []).map((item) => lengthDelimited(1, text(item)))))];
    case 'time':
    case 'microTime':
      return [lengthDelimited(field, time(typeof value === 'string' ? Date.parse(value) : Number.NaN))];
    default:
      return [lengthDelimited(field, text(value))];
  }
}

function time(ms: number): Uint8Array {
  if (Number.isNaN(ms)) return new Uint8Array();
  const seconds = Math.floor(ms / 1000);
  return Buffer.concat([number(1, seconds), number(2, (ms - seconds * 1000) * 1_000_000)]);
}
