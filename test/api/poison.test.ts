import { beforeAll, describe, expect, it } from '@jest/globals';
import { parseJson } from '../../shared/api/request/json-text.ts';
import { configMapNamed, type Harness, jsonPatchType, merge, openApi, paths, strategic } from './harness.ts';
import { encodeProtobuf } from './request/protobuf-encoder.ts';

/** Keys that mean something to JavaScript, nesting that no code of ours could walk, short texts that unfold to long ones, and halves of characters. */

const applyType = { 'content-type': 'application/apply-patch+yaml' };
const yamlType = { 'content-type': 'application/yaml' };
const protobufType = { 'content-type': 'application/vnd.kubernetes.protobuf' };
const there = `${paths.configMaps}/there`;
const applied = `${there}?fieldManager=m`;
const typed = '"apiVersion":"v1","kind":"ConfigMap"';

let api: Harness;
beforeAll(async () => {
  api = await openApi();
  await api.send('POST', paths.configMaps, configMapNamed('there', { a: '1' }));
});

async function refused(method: string, path: string, body: unknown, headers: Record<string, string>): Promise<string> {
  const before = (await api.send('GET', there)).body;
  const answer = await api.send(method, path, body, headers);
  expect(answer.code).toBeGreaterThanOrEqual(400);
  expect(answer.code).toBeLessThan(500);
  expect(api.failures).toEqual([]);
  expect((await api.send('GET', there)).body).toEqual(before);
  return answer.body.message;
}

describe.each(['__proto__', 'constructor', 'prototype'])('the key %s', (key) => {
  const poisoned = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x' }, data: JSON.parse(`{"${key}":"v"}`) };

  it.each([
    ['JSON', 'POST', paths.configMaps, `{"metadata":{"name":"x"},"data":{"${key}":"v"}}`, {}],
    ['JSON, at the top', 'POST', paths.configMaps, `{"${key}":{"a":"b"},"metadata":{"name":"x"}}`, {}],
    ['JSON, in a list', 'POST', paths.configMaps, `{"metadata":{"name":"x","ownerReferences":[{"${key}":1}]}}`, {}],
    ['JSON, written in escapes', 'POST', paths.configMaps, `{"data":{"\\u00${key.charCodeAt(0).toString(16)}${key.slice(1)}":"v"}}`, {}],
    ['YAML', 'POST', paths.configMaps, `metadata: {name: x}\ndata:\n  ${key}: v\n`, yamlType],
    ['YAML, merged', 'POST', paths.configMaps, `a: &a {${key}: v}\nmetadata: {name: x}\ndata: {<<: *a}\n`, yamlType],
    ['protobuf', 'POST', paths.configMaps, encodeProtobuf(poisoned)!, protobufType],
    ['a merge patch', 'PATCH', there, `{"metadata":{"${key}":{"a":"b"}}}`, merge],
    ['a strategic merge patch', 'PATCH', there, `{"metadata":{"labels":{"${key}":"v"}}}`, strategic],
    ['a directive', 'PATCH', there, `{"metadata":{"$deleteFromPrimitiveList/${key}":["v"]}}`, strategic],
    ['the path of a JSON patch', 'PATCH', there, [{ op: 'add', path: `/metadata/${key}`, value: 'v' }], jsonPatchType],
    ['the path of a JSON patch, in the middle', 'PATCH', there, [{ op: 'add', path: `/${key}/a`, value: 'v' }], jsonPatchType],
    ['the source of a JSON patch', 'PATCH', there, [{ op: 'copy', path: '/data/a', from: `/${key}/name` }], jsonPatchType],
    ['the value of a JSON patch', 'PATCH', there, `[{"op":"add","path":"/data","value":{"${key}":"v"}}]`, jsonPatchType],
    ['an applied configuration', 'PATCH', applied, `{${typed},"data":{"${key}":"v"}}`, applyType],
    ['an applied configuration in YAML', 'PATCH', applied, `apiVersion: v1\nkind: ConfigMap\ndata: {${key}: v}\n`, applyType],
    ['the options of a deletion', 'DELETE', there, `{"preconditions":{"${key}":{}}}`, {}],
  ])('is refused in %s', async (_, method, path, body, headers) => {
    expect(await refused(method, path, body, headers)).toContain('is not allowed');
    expect(({} as Record<string, unknown>).a).toBeUndefined();
  });
});

describe('nesting of 10,000 levels', () => {
  const maps = `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`;
  const lists = `${'['.repeat(10_000)}1${']'.repeat(10_000)}`;
  const managed = JSON.parse(`{"metadata":{"managedFields":[{"manager":"m","fieldsV1":{}}]}}`);

  it.each([
    ['JSON', 'POST', paths.configMaps, `{"data":${maps}}`, {}],
    ['lists in JSON', 'POST', paths.configMaps, `{"data":${lists}}`, {}],
    ['YAML', 'POST', paths.configMaps, maps, yamlType],
    ['a merge patch', 'PATCH', there, maps, merge],
    ['a strategic merge patch', 'PATCH', there, maps, strategic],
    ['a JSON patch', 'PATCH', there, `[{"op":"add","path":"/data","value":${maps}}]`, jsonPatchType],
    ['an applied configuration', 'PATCH', applied, `{${typed},"data":${maps}}`, applyType],
    ['managedFields', 'PATCH', there, JSON.stringify(managed).replace('"fieldsV1":{}', `"fieldsV1":${maps}`), merge],
    ['the options of a deletion', 'DELETE', there, maps, {}],
  ])('is refused in %s', async (_, method, path, body, headers) => {
    await refused(method, path, body, headers);
  });

  it('is refused where the operations of a JSON patch pile it up', async () => {
    const turn = [
      { op: 'add', path: '/metadata/b', value: {} },
      { op: 'move', from: '/metadata/a', path: '/metadata/b/a' },
      { op: 'move', from: '/metadata/b', path: '/metadata/a' },
    ];
    const operations = [{ op: 'add', path: '/metadata/a', value: {} }, ...Array.from({ length: 3300 }, () => turn).flat()];
    expect(await refused('PATCH', there, operations, jsonPatchType)).toContain('nested deeper than');
  });
});

describe('what unfolds', () => {
  const aliases = Array.from(
    { length: 9 },
    (_, i) => `${'bcdefghij'[i]}: &${'bcdefghij'[i]} [${Array(9).fill(`*${'abcdefghi'[i]}`).join()}]`,
  );

  it.each([
    ['aliases of aliases', 'POST', paths.configMaps, `a: &a [x,x,x,x,x,x,x,x,x]\n${aliases.join('\n')}`, yamlType],
    ['an alias of itself', 'POST', paths.configMaps, 'metadata: {name: x}\ndata: &a {b: *a}\n', yamlType],
    ['aliases of aliases that are applied', 'PATCH', applied, `a: &a [x,x,x,x,x,x,x,x,x]\n${aliases.join('\n')}`, applyType],
    [
      'copies of copies',
      'PATCH',
      there,
      [{ op: 'add', path: '/a', value: {} }, ...Array.from({ length: 40 }, () => ({ op: 'copy', from: '/a', path: '/a/x' }))].flatMap(
        (one, i) => (i === 0 ? [one] : [one, { op: 'copy', from: '/a', path: '/a/y' }]),
      ),
      jsonPatchType,
    ],
    [
      'tests of a wide map, again and again',
      'PATCH',
      there,
      [
        { op: 'add', path: '/data', value: Object.fromEntries(Array.from({ length: 50_000 }, (_, i) => [`k${i}`, ''])) },
        ...Array.from({ length: 9000 }, () => ({ op: 'test', path: '/metadata', value: {} })).map((one, i) =>
          i < 8999 ? { ...one, path: '/data', value: { k: '' } } : one,
        ),
      ],
      jsonPatchType,
    ],
  ])('is refused: %s', async (_, method, path, body, headers) => {
    await refused(method, path, body, headers);
  });
});

describe('half of a surrogate pair, which is no character, is stored as U+FFFD', () => {
  const roles = '/apis/rbac.authorization.k8s.io/v1/namespaces/default/roles';

  it.each([
    ['a name in JSON', '{"metadata":{"name":"half-\\ud800"},"rules":[]}', {}],
    ['the second half of a pair', '{"metadata":{"name":"half-\\udc00"},"rules":[]}', {}],
    ['a name in YAML', 'metadata: {name: "half-\\ud800"}\nrules: []\n', yamlType],
    ['a name in YAML, in eight digits', 'metadata: {name: "half-\\U0000D800"}\nrules: []\n', yamlType],
  ])('%s', async (_, body, headers) => {
    expect(await api.send('POST', roles, body, headers)).toMatchObject({ code: 201, body: { metadata: { name: 'half-\ufffd' } } });
    expect((await api.send('DELETE', `${roles}/${encodeURIComponent('half-\ufffd')}`)).code).toBe(200);
  });

  it.each([
    ['in keys and in values, in lists too', '{"\\ud800":["\\ud800",{"a":"x\\uDFFFy"}]}', { '\ufffd': ['\ufffd', { a: 'x\ufffdy' }] }],
    ['not where both halves are there', '{"a":"\\ud83d\\ude00"}', { a: '😀' }],
    ['not where an escape only looks like one', '{"a":"\\\\ud800"}', { a: '\\ud800' }],
  ])('%s', (_, text, value) => {
    expect(parseJson(text).value).toEqual(value);
  });

  it('so that two keys may become one, of which the last counts and strict validation hears', () => {
    expect(parseJson('{"\\ud800":1,"\\ud801":2}')).toEqual({ value: { '\ufffd': 2 }, duplicates: ['\ufffd'] });
  });
});
