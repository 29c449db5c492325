import { beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { KubeObject } from '../../../shared/kinds/object.ts';
import { mutated } from '../fuzz/generate.ts';
import { seeds } from '../fuzz/seeds.ts';
import { type Harness, jsonPatchType, merge, openApi, strategic } from '../harness.ts';

/** Writing what is there changes nothing: GitOps tools see drift in a version that moves. */

const applyType = { 'content-type': 'application/apply-patch+yaml' };

let api: Harness;
beforeAll(async () => {
  api = await openApi();
});

/** As a user would write it: without what belongs to the server. */
const configurationOf = ({ metadata, ...object }: KubeObject): KubeObject => {
  const { managedFields: _, uid: __, resourceVersion: ___, generation: ____, creationTimestamp: _____, ...own } = metadata;
  return { ...object, metadata: own } as KubeObject;
};

/** Every way to write what is there, and its answer's version. */
async function writeAgain(path: string, got: KubeObject): Promise<unknown[]> {
  const writes: [string, unknown, Record<string, string>][] = [
    ['PUT', got, {}],
    ['PUT', JSON.parse(JSON.stringify(got, Object.keys(flat(got)).sort())), {}],
    ['PATCH', {}, merge],
    ['PATCH', withoutNulls(got), merge],
    ['PATCH', [], jsonPatchType],
    ['PATCH', [{ op: 'test', path: '/metadata/name', value: got.metadata.name }], jsonPatchType],
    ['PATCH', [{ op: 'replace', path: '', value: got }], jsonPatchType],
    ['PATCH', {}, strategic],
    ['PATCH', withoutNulls(got), strategic],
  ];
  const versions: unknown[] = [];
  for (const [method, body, type] of writes) {
    const { code, body: answer } = await api.send(method, `${path}?fieldManager=other`, body, type);
    // Strategic merge is for Kubernetes' own kinds.
    if (code !== 415 || type !== strategic) versions.push(answer.metadata?.resourceVersion ?? answer);
  }
  return versions;
}

/**
 * A Secret with a text for a key that is in `data` as well. Upstream, too, folds the text in after it has seen who owns what, so that the
 * next apply finds another value than it was told.
 */
const contradictsItself = ({ data, stringData }: KubeObject): boolean => Object.keys(stringData ?? {}).some((key) => key in Object(data));

/** In a patch, null takes a field away. */
const withoutNulls = (got: KubeObject): unknown => JSON.parse(JSON.stringify(got, (_, part) => (part === null ? undefined : part)));

/** All names of fields, at any depth. */
const flat = (value: unknown): Record<string, true> =>
  value === null || typeof value !== 'object'
    ? {}
    : Object.assign({}, ...Object.entries(value).map(([key, part]) => ({ [key]: true, ...flat(part) })));

describe('writing what is there', () => {
  it.each(seeds.map(({ collection, object }, i) => [object.kind, i, collection, object] as const))(
    'changes no version of a %s (%d), however it is written',
    async (_, i, collection, object) => {
      const name = `x${i}`;
      const { code, body } = await api.send('POST', collection, { ...object, metadata: { ...object.metadata, name } });
      expect(code).toBe(201);
      const versions = await writeAgain(`${collection}/${name}`, body);
      expect(versions.length).toBeGreaterThanOrEqual(7);
      expect(new Set(versions)).toEqual(new Set([body.metadata.resourceVersion]));
    },
  );

  it('changes no version when it is applied again, whatever it is', async () => {
    let applied = 0;
    const any = fc
      .constantFrom(...seeds)
      .chain(({ collection, object }) => fc.record({ collection: fc.constant(collection), object: mutated([object]) }))
      .filter(({ object }) => !contradictsItself(object));
    await fc.assert(
      fc.asyncProperty(any, async ({ collection, object }) => {
        const path = `${collection}/f`;
        const query = `?fieldManager=one&force=true`;
        const first = await api.send('PATCH', path + query, object, applyType);
        if (first.code >= 300) return;
        // Who applies nothing owns nothing: as upstream, the next apply is the first, and records all that was there before.
        if (first.body.metadata.managedFields === undefined) return;
        applied++;
        const again = await api.send('PATCH', path + query, object, applyType);
        expect([again.code, again.body]).toEqual([200, first.body]);
        const whole = `${path}?fieldManager=two&force=true`;
        const taken = await api.send('PATCH', whole, configurationOf(first.body), applyType);
        const still = await api.send('PATCH', whole, configurationOf(taken.body), applyType);
        expect([taken.code, still.code, still.body]).toEqual([200, 200, taken.body]);
        const { managedFields: _, resourceVersion: __, ...metadata } = taken.body.metadata;
        expect({ ...first.body, metadata: { ...first.body.metadata, ...metadata } }).toEqual(first.body);
      }),
      { numRuns: 500 },
    );
    expect(applied).toBeGreaterThan(50);
  });
});
