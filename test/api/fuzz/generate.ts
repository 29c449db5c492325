import fc from 'fast-check';

/** Requests that are nearly right: most get past the first check, and something in them is not as it should be. */

const deep = (levels: number): unknown => JSON.parse(`${'{"a":['.repeat(levels)}1${']}'.repeat(levels)}`);

/** Values that somebody's code trips over. Those with keys that JavaScript treats as its own are read from text, as a client's are. */
const awkward: readonly unknown[] = [
  ...[null, true, false, 0, -1, 1.5, 1e308, 2 ** 31, 2 ** 53, 1e-7],
  ...['', ' ', 'x', 'a/b', '/', '..', '%', '0', '-1', 'null', '\u0000', '\n', '😀', '\ud800', 'x'.repeat(300), '2026-11-22T13:00:00Z'],
  ...['__proto__', 'constructor', '*', '$patch', '{{x}}', '{}', '[', 'YQ==', '!!!', '10.0.0.0/8', '::', 'zone: [', '&a *a'],
  ...[[], {}, [null], [[]], [{}], [1, 'a'], ['a', 'a'], [{ uid: 'u' }, { uid: 'u' }], deep(3), deep(120)],
  ...['{"toString":1}', '{"valueOf":null}', '{"length":-1}', '{"then":{}}', '{"hasOwnProperty":1}', '{"":""}', '{"a.b/c":"d"}'].map(
    (text) => JSON.parse(text),
  ),
  ...['{"__proto__":{"a":1}}', '{"constructor":{"prototype":{}}}', '{"$patch":"delete"}', '{"$patch":"x"}', '{"$retainKeys":1}'].map(
    (text) => JSON.parse(text),
  ),
];

export const awkwardValue = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...awkward) },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
);

const key = fc.constantFrom(
  ...[
    'a',
    'name',
    'namespace',
    'uid',
    'resourceVersion',
    'labels',
    'annotations',
    'finalizers',
    'ownerReferences',
    'managedFields',
    'spec',
  ],
  ...[
    'status',
    'data',
    'kind',
    'generateName',
    'deletionTimestamp',
    'generation',
    'metadata',
    'items',
    '$patch',
    '$setElementOrder/finalizers',
    '$deleteFromPrimitiveList/finalizers',
    '',
  ],
);

const edit = fc.record({
  how: fc.constantFrom('replace', 'replace', 'replace', 'remove', 'add', 'wrap', 'move'),
  where: fc.nat(999),
  other: fc.nat(999),
  key,
  value: awkwardValue,
});
type Edit = typeof edit extends fc.Arbitrary<infer T> ? T : never;

type Container = Record<string, unknown>;
interface Spot {
  readonly parent: Container;
  readonly key: string;
}

/** One of these, changed in one to three places. One in ten is as it was. */
export const mutated = <T extends object>(originals: readonly T[]): fc.Arbitrary<T> =>
  fc
    .tuple(
      fc.constantFrom(...originals),
      fc.oneof({ weight: 9, arbitrary: fc.array(edit, { minLength: 1, maxLength: 3 }) }, fc.constant([])),
    )
    .map(([original, edits]) => {
      const copy = structuredClone(original);
      for (const each of edits) carryOut(copy as Container, each);
      return copy;
    });

function carryOut(root: Container, { how, where, other, key, value }: Edit): void {
  const spots = spotsIn(root);
  const spot = spots[where % spots.length];
  if (spot === undefined) return;
  const part = spot.parent[spot.key];
  if (how === 'remove') delete spot.parent[spot.key];
  else if (how === 'add' && part !== null && typeof part === 'object') set(part as Container, key, structuredClone(value));
  else if (how === 'wrap') set(spot.parent, spot.key, [part]);
  else if (how === 'move') set(spot.parent, spot.key, structuredClone(valueAt(spots[other % spots.length])));
  else set(spot.parent, spot.key, structuredClone(value));
}

const valueAt = (spot: Spot | undefined): unknown => spot?.parent[spot.key];

/** As JSON.parse would: an own field, whatever it is called. */
const set = (parent: Container, key: string, value: unknown): void =>
  void Object.defineProperty(parent, key, { value, enumerable: true, writable: true, configurable: true });

function spotsIn(value: unknown, depth = 0): Spot[] {
  if (value === null || typeof value !== 'object' || depth > 12) return [];
  return Object.keys(value).flatMap((key) => [{ parent: value as Container, key }, ...spotsIn((value as Container)[key], depth + 1)]);
}

const tear = fc.record({ at: fc.double({ min: 0, max: 1, noNaN: true }), drop: fc.nat(6), piece: fc.nat(99) });

/** A text with pieces of its language put in, taken out and doubled. */
export const torn = (texts: fc.Arbitrary<string>, pieces: readonly string[]): fc.Arbitrary<string> =>
  fc.tuple(texts, fc.array(tear, { maxLength: 3 })).map(([text, tears]) =>
    tears.reduce((torn, { at, drop, piece }) => {
      const place = Math.floor(at * torn.length);
      return (
        torn.slice(0, place) +
        (piece < 66 ? (pieces[piece % pieces.length] ?? '') : torn.slice(place, place + drop)) +
        torn.slice(place + drop)
      );
    }, text),
  );

/** The same with bytes. */
export const tornBytes = (all: fc.Arbitrary<Uint8Array>): fc.Arbitrary<Uint8Array> =>
  fc
    .tuple(
      all,
      fc.array(fc.record({ at: fc.double({ min: 0, max: 1, noNaN: true }), drop: fc.nat(4), put: fc.uint8Array({ maxLength: 4 }) }), {
        maxLength: 2,
      }),
    )
    .map(([bytes, tears]) =>
      tears.reduce<Uint8Array>((torn, { at, drop, put }) => {
        const place = Math.floor(at * torn.length);
        return Buffer.concat([torn.subarray(0, place), put, torn.subarray(place + drop)]);
      }, bytes),
    );
