import { badRequest, tooLarge, unsupportedMediaType } from '../status.ts';
import { checkKey, parseJson } from './json-text.ts';
import { type Field, type Message, messageOf, metadataFields } from './protobuf-messages.ts';

/**
 * Kubernetes' protobuf encoding, decoded to the JSON form of an object. Typed clients (kubectl create namespace,
 * configmap, secret; kubectl auth; every Go clientset) send bodies so, and have no JSON to fall back on.
 */

/** `k8s\0`, then a runtime.Unknown: {1: typeMeta {1: apiVersion, 2: kind}, 2: raw}. */
const magic = [0x6b, 0x38, 0x73, 0x00];

/** Of a field: what protobuf allows. */
const highestNumber = 2 ** 29 - 1;

/** Messages in a body. Each becomes an object, of which a client would get a million for two bytes each. */
const mostMessages = 100_000;

/** How much more of a body will be read. */
interface Left {
  messages: number;
}

type Decoded = Record<string, unknown>;

/** Throws 400 for bytes that are no such message, 415 for a kind that is not known in this encoding. */
export function decodeProtobuf(bytes: Uint8Array): Decoded {
  if (magic.some((byte, i) => bytes[i] !== byte)) throw malformed();
  const left: Left = { messages: mostMessages };
  const unknown = decode(bytes.subarray(magic.length), envelope, left);
  const { apiVersion, kind } = (unknown.typeMeta ?? {}) as { apiVersion?: string; kind?: string };
  const message = messageOf(apiVersion ?? '', kind ?? '');
  if (message === undefined || apiVersion === undefined || kind === undefined)
    throw unsupportedMediaType(['application/json', 'application/yaml']);
  return { kind, apiVersion, ...decode((unknown.raw as Uint8Array | undefined) ?? new Uint8Array(), message, left) };
}

const malformed = () => badRequest('the body is not a valid Kubernetes protobuf message');

const envelope: Message = { 1: ['typeMeta', { 1: ['apiVersion', 'string'], 2: ['kind', 'string'] }], 2: ['raw', 'rawBytes'] };

/** Reads one message. Fields that are not in the table are skipped, as protobuf wants it. */
function decode(bytes: Uint8Array, message: Message, left: Left): Decoded {
  if (--left.messages < 0) throw tooLarge(`a protobuf body may have ${mostMessages} messages: send JSON`);
  const out: Decoded = {};
  const reader = { bytes, at: 0 };
  while (reader.at < bytes.length) {
    const tag = Number(varint(reader));
    const number = Math.floor(tag / 8);
    if (number === 0 || number > highestNumber) throw malformed();
    const raw = read(reader, tag % 8);
    const field = message[number];
    if (field !== undefined) put(out, field, raw, left);
  }
  return out;
}

/** Go writes fields that are empty: they mean that nothing was set. */
function put(out: Decoded, [name, type, how]: Field, raw: Raw, left: Left): void {
  const value = convert(type, raw, left);
  if (how === 'list') {
    out[name] ??= [];
    (out[name] as unknown[]).push(value);
  } else if (how === 'map') {
    const { key = '', value: part } = value as { key?: string; value?: unknown };
    checkKey(key, name);
    out[name] ??= {};
    (out[name] as Decoded)[key] = part ?? '';
  } else if (!isEmpty(value) || how === 'always') out[name] = value;
}

const isEmpty = (value: unknown): boolean =>
  value === undefined ||
  value === '' ||
  value === 0 ||
  (typeof value === 'object' && value !== null && !(value instanceof Uint8Array) && Object.keys(value).length === 0);

function convert(type: Field[1], raw: Raw, left: Left): unknown {
  if (typeof type === 'object') return decode(bytesOf(raw), type, left);
  switch (type) {
    case 'metadata':
      return decode(bytesOf(raw), metadataFields, left);
    case 'rawBytes':
      return bytesOf(raw);
    case 'bytes':
      return Buffer.from(bytesOf(raw)).toString('base64');
    case 'json':
      return parseRaw(bytesOf(raw));
    case 'string':
      return utf8(bytesOf(raw));
    case 'strings':
      return decode(bytesOf(raw), items, left).items ?? [];
    case 'bool':
      return numberOf(raw) !== 0;
    case 'int':
      return numberOf(raw);
    case 'time':
      return timeOf(bytesOf(raw), left, 0);
    case 'microTime':
      return timeOf(bytesOf(raw), left, 6);
  }
}

/** A list that is a message of its own, so that it can be the value of a map. */
const items: Message = { 1: ['items', 'string', 'list'] };

const time: Message = { 1: ['seconds', 'int'], 2: ['nanos', 'int'] };

/** RFC 3339 with so many decimals. An empty Time is null in JSON, hence absent here. */
function timeOf(bytes: Uint8Array, left: Left, decimals: 0 | 6): string | undefined {
  const { seconds = 0, nanos = 0 } = decode(bytes, time, left) as { seconds?: number; nanos?: number };
  if (seconds === 0 && nanos === 0) return undefined;
  const date = new Date(seconds * 1000);
  if (!isWritten(date) || nanos < 0 || nanos >= 1e9) throw malformed();
  const fraction = decimals === 0 ? '' : `.${String(Math.floor(nanos / 1000)).padStart(6, '0')}`;
  return `${date.toISOString().slice(0, 19)}${fraction}Z`;
}

/** RFC 3339 has four digits for the year. */
const isWritten = (date: Date): boolean => /^\d{4}$/.test(String(date.getUTCFullYear()).padStart(4, '0'));

interface Reader {
  readonly bytes: Uint8Array;
  at: number;
}

/** What a field has: a whole number, bytes, or a number of fixed length, which no field of ours is. */
type Raw = bigint | number | Uint8Array | undefined;

function read(reader: Reader, wireType: number): Raw {
  if (wireType === 0) return varint(reader);
  const length = wireType === 1 ? 8 : wireType === 5 ? 4 : wireType === 2 ? Number(varint(reader)) : Number.NaN;
  const start = reader.at;
  const end = start + length;
  if (!(end <= reader.bytes.length)) throw malformed();
  reader.at = end;
  return wireType === 2 ? reader.bytes.subarray(start, end) : undefined;
}

/** A bigint where a number would not do: most are lengths and numbers of fields, of one or two bytes. */
function varint(reader: Reader): bigint | number {
  let small = 0;
  for (let i = 0, unit = 1; i < 4; i++, unit *= 128) {
    const byte = reader.bytes[reader.at + i];
    if (byte === undefined) throw malformed();
    small += (byte & 0x7f) * unit;
    if (byte < 0x80) {
      reader.at += i + 1;
      return small;
    }
  }
  return longVarint(reader);
}

function longVarint(reader: Reader): bigint {
  let value = 0n;
  for (let shift = 0n; shift < 70n; shift += 7n) {
    const byte = reader.bytes[reader.at++];
    if (byte === undefined) throw malformed();
    value |= BigInt(byte & 0x7f) << shift;
    if (byte < 0x80) return value;
  }
  throw malformed();
}

function bytesOf(raw: Raw): Uint8Array {
  if (!(raw instanceof Uint8Array)) throw malformed();
  return raw;
}

/** Integers are plain varints in two's complement. */
function numberOf(raw: Raw): number {
  if (typeof raw === 'number') return raw;
  if (typeof raw !== 'bigint') throw malformed();
  return Number(BigInt.asIntN(64, raw));
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function utf8(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch {
    throw malformed();
  }
}

/** JSON within the message, where Go writes nothing for nothing. */
const parseRaw = (bytes: Uint8Array): unknown => (bytes.length === 0 ? undefined : parseJson(utf8(bytes)).value);
