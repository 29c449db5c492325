import { beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { clusterNamed, configMapNamed, type Harness, merge, openApi, paths } from '../harness.ts';
import { json } from '../values.ts';

/** Whatever is applied, and whatever managedFields a client writes, the answer is no failure of ours. */

const type = { 'content-type': 'application/apply-patch+yaml' };

let api: Harness;
beforeAll(async () => {
  api = await openApi();
  await api.send('POST', paths.clusters, clusterNamed('c'));
  await api.send('POST', paths.configMaps, configMapNamed('x', { a: '1' }));
});

async function check(path: string, body: unknown, headers: Record<string, string>): Promise<void> {
  const { code } = await api.send('PATCH', `${path}?fieldManager=${manager()}&force=true`, body, headers);
  expect(code).toBeLessThan(500);
  expect(api.failures).toEqual([]);
  expect((await api.send('GET', path)).code).toBe(200);
}

let turn = 0;
const manager = (): string => `m${turn++ % 12}`;
const runs = { numRuns: 150 };

describe('no apply breaks the API:', () => {
  const part = json({ maxDepth: 3 });

  it('configurations with a part of any shape', async () => {
    const field = fc.constantFrom(
      'spec',
      'status',
      'metadata',
      'labels',
      'finalizers',
      'ownerReferences',
      'clusterNetwork',
      'providerSpec',
    );
    await fc.assert(
      fc.asyncProperty(field, part, (name, value) => {
        const { spec, ...object } = clusterNamed('c');
        const inMetadata = ['labels', 'finalizers', 'ownerReferences'].includes(name);
        const inSpec = ['clusterNetwork', 'providerSpec'].includes(name);
        const body = {
          ...object,
          metadata: { name: 'c', ...(inMetadata && { [name]: value }) },
          spec: { ...(spec as object), ...(inSpec && { [name]: value }) },
          ...(!inMetadata && !inSpec && { [name]: value }),
        };
        return check(`${paths.clusters}/c`, body, type);
      }),
      runs,
    );
  });

  it('bodies of any text', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.string(), fc.json(), fc.stringMatching(/^[-{}[\]:&*a"' \n]{0,40}$/)), (text) =>
        check(`${paths.configMaps}/x`, text, type),
      ),
      runs,
    );
  });

  it('managedFields of any shape, and an apply after them', async () => {
    const element = fc.oneof(
      fc.constantFrom('.', 'f:data', 'f:a', 'f:metadata', 'f:finalizers', 'v:"a/b"', 'k:{"uid":"u"}', 'k:[', 'v:', 'i:0', 'x', ''),
      fc.string(),
    );
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof({ maxDepth: 4 }, fc.constant({}), fc.dictionary(element, tie('tree'), { maxKeys: 3, noNullPrototype: true })),
    }));
    const entry = fc.record({
      manager: fc.constantFrom('m1', 'm2', ''),
      operation: fc.constantFrom('Apply', 'Update', 'Steal'),
      apiVersion: fc.constant('v1'),
      fieldsType: fc.constant('FieldsV1'),
      fieldsV1: fc.oneof(tree, part),
      time: fc.oneof(fc.constant('2026-01-01T00:00:00Z'), part),
    });
    const poisonous = /"[^"]*(__proto__|constructor|prototype)/;
    const entries = fc.oneof(fc.array(entry, { maxLength: 3 }), part).filter((value) => !poisonous.test(JSON.stringify(value)));
    await fc.assert(
      fc.asyncProperty(entries, async (managedFields) => {
        const { code } = await api.send('PATCH', `${paths.configMaps}/x`, { metadata: { managedFields } }, merge);
        expect(code).toBeLessThan(500);
        await check(`${paths.configMaps}/x`, configMapNamed('x', { a: '2' }), type);
      }),
      runs,
    );
  });
});
