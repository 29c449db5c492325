import { beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { clusterNamed, configMapNamed, type Harness, jsonPatchType, merge, openApi, paths, strategic } from './harness.ts';

/** Whatever is sent, the answer is a Status or an object, never a failure of ours, and what is stored can be read. */

let api: Harness;
beforeAll(async () => {
  api = await openApi();
  await api.send('POST', paths.clusters, clusterNamed('c'));
  await api.send('POST', paths.configMaps, configMapNamed('x', { a: '1' }));
});

async function check(method: string, path: string, body: unknown, headers: Record<string, string> = {}): Promise<void> {
  const answer = await api.send(method, path, body, headers);
  expect(answer.code).toBeLessThan(500);
  expect(typeof answer.body.kind).toBe('string');
  expect(api.failures).toEqual([]);
  for (const list of [paths.clusters, paths.configMaps]) expect((await api.send('GET', list)).code).toBe(200);
}

const runs = { numRuns: 150 };

/** An object that is nearly right: valid but for one value somewhere in it. */
const nearly = (object: object) => {
  const spots: string[][] = [];
  const visit = (value: unknown, path: string[]): void => {
    if (path.length > 0) spots.push(path);
    if (value !== null && typeof value === 'object') for (const [key, part] of Object.entries(value)) visit(part, [...path, key]);
  };
  visit(object, []);
  return fc.tuple(fc.constantFrom(...spots), fc.jsonValue({ maxDepth: 2 })).map(([path, value]) => {
    const copy = structuredClone(object) as Record<string, unknown>;
    let at = copy;
    for (const key of path.slice(0, -1)) at = at[key] as Record<string, unknown>;
    at[path.at(-1)!] = value;
    return copy;
  });
};

describe('no request breaks the API:', () => {
  it('objects with one wrong value', async () => {
    const object = {
      ...clusterNamed('f'),
      metadata: { name: 'f', labels: { a: 'b' }, finalizers: ['a/b'], ownerReferences: [{ uid: 'u' }] },
    };
    await fc.assert(
      fc.asyncProperty(nearly(object), (value) => check('POST', paths.clusters, value)),
      runs,
    );
  });

  it('bodies of any bytes in any type', async () => {
    const type = fc.constantFrom('application/json', 'application/yaml', 'application/vnd.kubernetes.protobuf', 'text/plain', ';');
    const text = fc.oneof(fc.string(), fc.json(), fc.uint8Array(), fc.stringMatching(/^[-{}[\]:&*a"' \n]{0,40}$/));
    await fc.assert(
      fc.asyncProperty(fc.constantFrom('POST', 'PUT', 'DELETE'), type, text, (method, contentType, body) =>
        check(method, method === 'POST' ? paths.configMaps : `${paths.configMaps}/none`, body, { 'content-type': contentType }),
      ),
      runs,
    );
  });

  it('patches of any shape', async () => {
    const pointer = fc.constantFrom('/data/a', '/data/-', '/metadata/name', '/metadata/finalizers/0', '', '/x/y', '/data');
    const operation = fc.record({
      op: fc.constantFrom('add', 'remove', 'replace', 'move', 'copy', 'test'),
      path: pointer,
      from: pointer,
      value: fc.jsonValue(),
    });
    const patch = fc.oneof(
      fc.tuple(fc.constant(jsonPatchType), fc.array(operation, { maxLength: 4 })),
      fc.tuple(fc.constantFrom(merge, strategic), fc.oneof(nearly(configMapNamed('x', { a: '1' })), fc.jsonValue())),
      fc.tuple(
        fc.constant(strategic),
        fc.constantFrom(
          { $patch: 'delete' },
          { metadata: { $patch: 'replace' } },
          { data: { '$setElementOrder/a': 1 } },
          { '$deleteFromPrimitiveList/metadata': [1] },
        ),
      ),
    );
    await fc.assert(
      fc.asyncProperty(patch, ([headers, body]) => check('PATCH', `${paths.configMaps}/x`, body, headers)),
      runs,
    );
  });

  it('queries of any text', async () => {
    const name = fc.constantFrom(
      'labelSelector',
      'fieldSelector',
      'continue',
      'limit',
      'resourceVersion',
      'resourceVersionMatch',
      'includeObject',
      'dryRun',
      'fieldManager',
    );
    const text = fc.oneof(fc.string({ unit: 'grapheme' }), fc.stringMatching(/^[a-z!=(), .]{0,12}$/), fc.base64String());
    await fc.assert(
      fc.asyncProperty(fc.dictionary(name, text, { maxKeys: 3 }), async (query) => {
        const { code } = await api.send('GET', `${paths.clusters}?${new URLSearchParams(query)}`);
        expect(code === 504 || code < 500).toBe(true);
        expect(api.failures).toEqual([]);
      }),
      runs,
    );
  });

  it('paths of any text', async () => {
    const part = fc.oneof(
      fc.constantFrom('api', 'apis', 'v1', 'namespaces', 'default', 'configmaps', 'status', 'cluster.k8s.io', '..', '%2e', '%00'),
      fc.webSegment(),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'),
        fc.array(part, { maxLength: 8 }),
        async (method, parts) => {
          const { code } = await api.send(
            method,
            `/${parts.join('/')}?dryRun=All`,
            method === 'GET' || method === 'DELETE' ? undefined : {},
          );
          expect(code).toBeLessThan(500);
          expect(api.failures).toEqual([]);
        },
      ),
      runs,
    );
  });
});
