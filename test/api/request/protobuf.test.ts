import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decodeProtobuf } from '../../../shared/api/request/protobuf.ts';
import { StatusError } from '../../../shared/api/status.ts';
import { encodeProtobuf } from './protobuf-encoder.ts';

/** A field as a client writes it: a whole number as varint, everything else with its length. */
type Value = string | number | bigint | Uint8Array;

const varint = (value: bigint): number[] => {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, value);
  for (; rest > 0x7fn; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  return [...bytes, Number(rest)];
};

function message(...fields: [number, Value][]): Uint8Array {
  const bytes = fields.flatMap(([number, value]) => {
    if (typeof value === 'number' || typeof value === 'bigint') return [...varint(BigInt(number << 3)), ...varint(BigInt(value))];
    const content = typeof value === 'string' ? new TextEncoder().encode(value) : value;
    return [...varint(BigInt((number << 3) | 2)), ...varint(BigInt(content.length)), ...content];
  });
  return Uint8Array.from(bytes);
}

const envelope = (apiVersion: string, kind: string, raw: Uint8Array): Uint8Array =>
  Uint8Array.from([0x6b, 0x38, 0x73, 0, ...message([1, message([1, apiVersion], [2, kind])], [2, raw], [3, ''], [4, ''])]);

const entry = (key: string, value: Value) => message([1, key], [2, value]);

/** What Go writes for metadata: empty texts and an empty time too. */
const metadata = (name: string, ...more: [number, Value][]) =>
  message([1, name], [2, ''], [3, ''], [4, ''], [5, ''], [6, ''], [7, 0], [8, message()], ...more);

const codeOf = (bytes: Uint8Array): number => {
  try {
    decodeProtobuf(bytes);
    return 200;
  } catch (error) {
    if (error instanceof StatusError) return error.code;
    throw error;
  }
};

interface Golden {
  readonly name: string;
  /** Base64. */
  readonly body: string;
  readonly json: Record<string, unknown>;
}

/** What Go's own encoder (k8s.io/apimachinery 0.36) made of objects, and their JSON as Go writes it. */
const golden = readFileSync(new URL('golden/protobuf.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Golden);

/** What the server writes, or means nothing: Go's JSON has it, and protobuf has not. */
const without = new Set<unknown>([null, '{}', '{"allowed":false}', '{"incomplete":false}', '{"replicas":0}']);

function meant(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(meant);
  if (value === null || typeof value !== 'object') return value;
  const parts = Object.entries(value).map(([key, part]) => [key, meant(part)] as const);
  const silent = ([key, part]: readonly [string, unknown]): boolean =>
    part === null || (typeof part === 'object' && without.has(JSON.stringify(part))) || (/^reporting/.test(key) && part === '');
  return Object.fromEntries(parts.filter((entry) => !silent(entry)));
}

describe('a protobuf body', () => {
  it.each(golden)('that Go wrote of $name is the JSON that Go wrote of it', ({ body, json: expected }) => {
    expect(meant(decodeProtobuf(Buffer.from(body, 'base64')))).toEqual(meant(expected));
  });

  it.each(golden)('is $name again after a client wrote it from its JSON', ({ body }) => {
    const decoded = decodeProtobuf(Buffer.from(body, 'base64'));
    // The encoder's clock ticks in milliseconds.
    if (decoded.eventTime !== undefined) return expect(decoded.eventTime).toMatch(/\.123456Z$/);
    expect(decodeProtobuf(encodeProtobuf(decoded)!)).toEqual(decoded);
  });

  it('of any data comes back as it was sent', () => {
    const key = fc.string({ unit: 'grapheme' }).filter((name) => !['__proto__', 'constructor', 'prototype'].includes(name));
    const maps = { data: fc.dictionary(key, fc.string({ unit: 'grapheme' }), { minKeys: 1, noNullPrototype: true }) };
    const metadata = fc.record({ name: key.filter((name) => name !== ''), labels: maps.data, finalizers: fc.array(key, { minLength: 1 }) });
    fc.assert(
      fc.property(fc.record({ ...maps, metadata, immutable: fc.boolean() }), (fields) => {
        const object = { apiVersion: 'v1', kind: 'ConfigMap', ...fields };
        expect(decodeProtobuf(encodeProtobuf(object)!)).toEqual(object);
      }),
    );
  });

  it.each([
    [
      'Namespace',
      envelope(
        'v1',
        'Namespace',
        message([1, metadata('demo', [11, entry('a', 'b')], [11, entry('c', '')])], [2, message()], [3, message([1, ''])]),
      ),
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'demo', labels: { a: 'b', c: '' } } },
    ],
    [
      'Secret',
      envelope('v1', 'Secret', message([1, metadata('s')], [2, entry('k', Uint8Array.of(0, 255))], [3, 'Opaque'], [5, 0])),
      { apiVersion: 'v1', kind: 'Secret', metadata: { name: 's' }, data: { k: 'AP8=' }, type: 'Opaque', immutable: false },
    ],
    [
      'ConfigMap',
      envelope('v1', 'ConfigMap', message([1, metadata('c', [14, 'x/y'], [14, 'z/y'])], [2, entry('k', 'v')])),
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c', finalizers: ['x/y', 'z/y'] }, data: { k: 'v' } },
    ],
    [
      'DeleteOptions of the deleted kind’s group',
      envelope('cluster.k8s.io/v1alpha1', 'DeleteOptions', message([1, 0], [2, message([1, 'u'])], [4, 'Background'], [5, 'All'])),
      {
        apiVersion: 'cluster.k8s.io/v1alpha1',
        kind: 'DeleteOptions',
        gracePeriodSeconds: 0,
        preconditions: { uid: 'u' },
        propagationPolicy: 'Background',
        dryRun: ['All'],
      },
    ],
    [
      'Event',
      envelope(
        'v1',
        'Event',
        message([1, metadata('e')], [6, message([1, 1_564_099_200])], [8, 3], [10, message([1, 1_564_099_200], [2, 123_456_789])]),
      ),
      {
        apiVersion: 'v1',
        kind: 'Event',
        metadata: { name: 'e' },
        firstTimestamp: '2019-07-26T00:00:00Z',
        count: 3,
        eventTime: '2019-07-26T00:00:00.123456Z',
      },
    ],
    [
      'Scale',
      envelope('autoscaling/v1', 'Scale', message([1, metadata('m')], [2, message([1, 0])])),
      { apiVersion: 'autoscaling/v1', kind: 'Scale', metadata: { name: 'm' }, spec: { replicas: 0 } },
    ],
    [
      'message with fields that are not known here',
      envelope('v1', 'ConfigMap', message([1, metadata('c')], [99, 'x'], [98, 7])),
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c' } },
    ],
  ])('of a %s is its JSON form', (_, bytes, expected) => {
    expect(decodeProtobuf(bytes)).toEqual(expected);
  });

  it('reads negative numbers as two’s complement', () => {
    const bytes = envelope('v1', 'DeleteOptions', message([1, -1n]));
    expect(decodeProtobuf(bytes)).toMatchObject({ gracePeriodSeconds: -1 });
  });

  it.each([
    ['without the magic', 400, new TextEncoder().encode('{"kind":"Secret"}')],
    ['that is cut off', 400, envelope('v1', 'Secret', message([1, metadata('s')])).subarray(0, 20)],
    ['whose text is no UTF-8', 400, envelope('v1', 'ConfigMap', message([1, message([1, Uint8Array.of(0xff)])]))],
    ['whose text is a whole number', 400, envelope('v1', 'ConfigMap', message([1, message([1, 7])]))],
    ['whose whole number is a text', 400, envelope('v1', 'DeleteOptions', message([1, 'x']))],
    [
      'whose text has a fixed length of 64 bits',
      400,
      envelope('v1', 'ConfigMap', message([1, Uint8Array.of(9, ...new Uint8Array(8).fill(65))])),
    ],
    ['whose text has a fixed length of 32 bits', 400, envelope('v1', 'ConfigMap', message([1, Uint8Array.of(13, 65, 65, 65, 65)]))],
    ['with a varint of eleven bytes', 400, envelope('v1', 'ConfigMap', Uint8Array.of(0x78, ...new Uint8Array(10).fill(0x80), 1))],
    ['with a group', 400, envelope('v1', 'ConfigMap', Uint8Array.of(0x0b, 0x0c))],
    ['with a field that has number zero', 400, envelope('v1', 'ConfigMap', Uint8Array.of(0x02, 0))],
    ['that is longer than it says', 400, envelope('v1', 'ConfigMap', Uint8Array.of(0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f))],
    ['with a time after the year 9999', 400, envelope('v1', 'Event', message([6, message([1, 400_000_000_000])]))],
    [
      'with managedFields that are nested very deep',
      400,
      envelope('v1', 'ConfigMap', message([1, message([17, message([7, message([1, '['.repeat(5000) + ']'.repeat(5000)])])])])),
    ],
    [
      'with a poisonous key in its managedFields',
      400,
      envelope('v1', 'ConfigMap', message([1, message([17, message([7, message([1, '{"__proto__":{}}'])])])])),
    ],
    ['with a poisonous key', 400, envelope('v1', 'ConfigMap', message([2, entry('__proto__', 'x')]))],
    ['of a kind that nobody sends so', 415, envelope('cluster.k8s.io/v1alpha1', 'Machine', message())],
    ['of no kind', 415, Uint8Array.of(0x6b, 0x38, 0x73, 0)],
  ])('%s is refused with %d', (_, code, bytes) => {
    expect(codeOf(bytes)).toBe(code);
  });

  it('of random bytes is read or refused, never more', () => {
    const kinds = fc.constantFrom('Namespace', 'Secret', 'ConfigMap', 'Event', 'DeleteOptions');
    fc.assert(
      fc.property(kinds, fc.uint8Array({ maxLength: 60 }), (kind, raw) => {
        expect([200, 400]).toContain(codeOf(envelope('v1', kind, raw)));
      }),
      { numRuns: 2000 },
    );
  });
});
