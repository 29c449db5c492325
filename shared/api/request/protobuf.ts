import { badRequest, unsupportedMediaType } from '../status.ts';
import { checkKey } from './json-text.ts';
import { type Field, type Message, messageOf, metadataFields } from './protobuf-messages.ts';

/**
 * Kubernetes' protobuf encoding, decoded to the JSON form of an object. Typed clients (kubectl create namespace,
 * configmap, secret; kubectl auth; every Go clientset) send bodies so, and have no JSON to fall back on.
 */

/** `k8s\0`, then a runtime.Unknown: {1: typeMeta {1: apiVersion, 2: kind}, 2: raw}. */
const magic = [0x6b, 0x38, 0x73, 0x00];

const deepest = 32;

type Decoded = Record<string, unknown>;

/** Throws 400 for bytes that are no such message, 415 for a kind that is not known in this encoding. */
export function decodeProtobuf(bytes: Uint8Array): Decoded {
  if (magic.some((byte, i) => bytes[i] !== byte)) throw malformed();
  const unknown = decode(bytes.subarray(magic.length), envelope, 0);
  const { apiVersion, kind } = (unknown.typeMeta ?? {}) as { apiVersion?: string; kind?: string };
  const message = messageOf(apiVersion ?? '', kind ?? '');
  if (message === undefined || apiVersion === undefined || kind === undefined)
    throw unsupportedMediaType(['application/json', 'application/yaml']);
  return { kind, apiVersion, ...decode((unknown.raw as Uint8Array | undefined) ?? new Uint8Array(), message, 0) };
}

const malformed = () => badRequest('the body is not a valid Kubernetes protobuf message');

const envelope: Message = { 1: ['typeMeta', { 1: ['apiVersion', 'string'], 2: ['kind', 'string'] }], 2: ['raw', 'rawBytes'] };

/** Reads one message. Fields that are not in the table are skipped, as protobuf wants it. */
function decode(bytes: Uint8Array, message: Message, depth: number): Decoded {
  if (depth > deepest) throw malformed();
  const out: Decoded = {};
  const reader = { bytes, at: 0 };
  while (reader.at < bytes.length) {
    const tag = Number(varint(reader));
    const raw = read(reader, tag & 7);
    const field = message[tag >>> 3];
    if (field !== undefined) put(out, field, raw, depth);
  }
  return out;
}

/** Go writes fields that are empty: they mean that nothing was set. */
function put(out: Decoded, [name, type, how]: Field, raw: bigint | Uint8Array, depth: number): void {
  const value = convert(type, raw, depth);
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

function convert(type: Field[1], raw: bigint | Uint8Array, depth: number): unknown {
  if (typeof type === 'object') return decode(bytesOf(raw), type, depth + 1);
  switch (type) {
    case 'metadata':
      return decode(bytesOf(raw), metadataFields, depth + 1);
    case 'rawBytes':
      return bytesOf(raw);
    case 'bytes':
      return Buffer.from(bytesOf(raw)).toString('base64');
    case 'json':
      return parseRaw(bytesOf(raw));
    case 'string':
      return utf8(bytesOf(raw));
    case 'bool':
      return numberOf(raw) !== 0;
    case 'int':
      return numberOf(raw);
    case 'time':
      return timeOf(bytesOf(raw), depth, 0);
    case 'microTime':
      return timeOf(bytesOf(raw), depth, 6);
  }
}

const time: Message = { 1: ['seconds', 'int'], 2: ['nanos', 'int'] };

/** RFC 3339 with so many decimals. An empty Time is null in JSON, hence absent here. */
function timeOf(bytes: Uint8Array, depth: number, decimals: 0 | 6): string | undefined {
  const { seconds, nanos = 0 } = decode(bytes, time, depth + 1) as { seconds?: number; nanos?: number };
  if (seconds === undefined) return undefined;
  const date = new Date(seconds * 1000);
  if (Number.isNaN(date.getTime())) throw malformed();
  const fraction = decimals === 0 ? '' : `.${String(Math.floor(nanos / 1000)).padStart(6, '0')}`;
  return `${date.toISOString().slice(0, 19)}${fraction}Z`;
}

interface Reader {
  readonly bytes: Uint8Array;
  at: number;
}

function read(reader: Reader, wireType: number): bigint | Uint8Array {
  if (wireType === 0) return varint(reader);
  const length = wireType === 1 ? 8 : wireType === 5 ? 4 : wireType === 2 ? Number(varint(reader)) : Number.NaN;
  const end = reader.at + length;
  if (!(end <= reader.bytes.length)) throw malformed();
  const part = reader.bytes.subarray(reader.at, end);
  reader.at = end;
  return part;
}

function varint(reader: Reader): bigint {
  let value = 0n;
  for (let shift = 0n; shift < 70n; shift += 7n) {
    const byte = reader.bytes[reader.at++];
    if (byte === undefined) throw malformed();
    value |= BigInt(byte & 0x7f) << shift;
    if (byte < 0x80) return value;
  }
  throw malformed();
}

function bytesOf(raw: bigint | Uint8Array): Uint8Array {
  if (typeof raw === 'bigint') throw malformed();
  return raw;
}

/** Integers are plain varints in two's complement. */
function numberOf(raw: bigint | Uint8Array): number {
  if (typeof raw !== 'bigint') throw malformed();
  return Number(BigInt.asIntN(64, raw));
}

function utf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw malformed();
  }
}

function parseRaw(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(utf8(bytes));
  } catch {
    throw malformed();
  }
}
