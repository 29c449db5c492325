import { clusterNamed, configMapNamed, deploymentNamed, jsonPatchType, machineNamed, merge, paths, strategic } from './harness.ts';
import { enveloped, lengthDelimited } from './request/protobuf-encoder.ts';

/** The most that 3 MB can be made to cost. */
export interface LargeBody {
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly body: string | Uint8Array;
  readonly headers: Record<string, string>;
}

const many = <T>(count: number, make: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i));
const map = <T>(count: number, make: (i: number) => readonly [string, T]): Record<string, T> => Object.fromEntries(many(count, make));
const spec = (more: object) => ({ ...machineNamed('m'), spec: { ...(machineNamed('m').spec as object), ...more } });
const nested = (levels: number): string => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;
const withMetadata = (metadata: object) => ({ ...configMapNamed('there'), metadata: { name: 'there', ...metadata } });
const entry = (fieldsV1: object, i = 0, operation = 'Update') => ({
  manager: `m${i}`,
  operation,
  apiVersion: 'v1',
  fieldsType: 'FieldsV1',
  fieldsV1,
});

const applyType = { 'content-type': 'application/apply-patch+yaml' };
const yamlType = { 'content-type': 'application/yaml' };
const protobufType = { 'content-type': 'application/vnd.kubernetes.protobuf' };
const there = `${paths.configMaps}/there`;
const roles = '/apis/rbac.authorization.k8s.io/v1/clusterroles';
const longList = { op: 'add', path: '/metadata/finalizers', value: many(1_000_000, () => 0) };
const wideMap = { op: 'add', path: '/data', value: map(100_000, (i) => [`k${i}`, '']) };

const sent =
  (method: string, path: string, headers: Record<string, string>) =>
  (cases: Record<string, unknown>): LargeBody[] =>
    Object.entries(cases).map(([name, body]) => ({
      name,
      method,
      path: `${path}?fieldManager=a&fieldValidation=Strict`,
      headers,
      body: typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body),
    }));

const configMaps = sent(
  'POST',
  paths.configMaps,
  {},
)({
  'of labels that are wrong': { metadata: { name: 'x', labels: map(150_000, (i) => [`l ${i}`, 'v v']) } },
  'of labels': { metadata: { name: 'x', labels: map(150_000, (i) => [`l${i}`, 'vv']) } },
  'of annotations': { metadata: { name: 'x', annotations: map(150_000, (i) => [`l ${i}`, 'v v']) } },
  'of data': configMapNamed(
    'x',
    map(180_000, (i) => [`l${i}`, 'v']),
  ),
  'of data that fits': configMapNamed(
    'x',
    map(25_000, (i) => [`l${i}`, 'v']),
  ),
  'of one text': configMapNamed('x', { a: 'x'.repeat(3_000_000) }),
  'of duplicate keys': `{"data":{${many(300_000, () => '"a":"b"').join()}}}`,
  'of duplicate keys very deep': `${'{"a":'.repeat(900)}{${many(300_000, () => '"a":"b"').join()}}${'}'.repeat(900)}`,
  'of backslashes': `{"data":{"a":"${'\\\\'.repeat(1_400_000)}"}}`,
  'of quotes': `{"data":{"a":"${'\\"'.repeat(1_400_000)}"}}`,
  'of spaces': `{"metadata":{"name":"x"}${' '.repeat(3_000_000)}}`,
  'of list items': `{"data":[${'1,'.repeat(1_000_000)}1]}`,
  'of empty maps': `{"data":[${'{},'.repeat(1_000_000)}1]}`,
  'of depth': nested(500_000),
  'of lists in lists': `${'['.repeat(1_500_000)}${']'.repeat(1_500_000)}`,
  'of one name': configMapNamed('a-'.repeat(1_400_000)),
  'of one kind': { kind: 'x'.repeat(3_000_000) },
});

const patched = [
  ...sent(
    'PATCH',
    there,
    merge,
  )({
    'of finalizers': { metadata: { finalizers: many(200_000, (i) => `a.b/${i}`) } },
    'of finalizers that are numbers': { metadata: { finalizers: many(170_000, () => 1) } },
    'of owners that are empty': { metadata: { ownerReferences: many(110_000, () => ({})) } },
    'of nulls': { data: map(150_000, (i) => [`a${i}`, null]) },
    'of deep maps': nested(400_000),
    'of owned fields': { metadata: { managedFields: [entry({ 'f:data': map(150_000, (i) => [`f:a${i}`, {}]) })] } },
    'of managers': { metadata: { managedFields: many(30_000, (i) => entry({ 'f:data': {} }, i)) } },
    'of managers that fit': { metadata: { managedFields: many(2_500, (i) => entry({ [`f:d${i}`]: {} }, i)) } },
    'of appliers that fit': { metadata: { managedFields: many(2_500, (i) => entry({ [`f:d${i}`]: {} }, i, 'Apply')) } },
  }),
  ...sent(
    'PATCH',
    there,
    strategic,
  )({
    'of finalizers in order': {
      metadata: { finalizers: many(90_000, (i) => `a.b/${i}`), '$setElementOrder/finalizers': many(90_000, (i) => `a.b/${i}`) },
    },
    'of finalizers to delete': {
      metadata: { finalizers: many(90_000, (i) => `a.b/${i}`), '$deleteFromPrimitiveList/finalizers': many(90_000, (i) => `a.b/${i}`) },
    },
    'of owners': { metadata: { ownerReferences: many(40_000, (i) => ({ uid: `u${i}`, apiVersion: 'v1', kind: 'X', name: 'x' })) } },
    'of directives': { data: map(100_000, (i) => [`$setElementOrder/${i}`, []]) },
    'of keys to retain': { data: { $retainKeys: many(250_000, (i) => `q${i}`) } },
  }),
  ...sent(
    'PATCH',
    there,
    jsonPatchType,
  )({
    'of operations': many(9_999, (i) => ({ op: 'add', path: `/data/${'x'.repeat(200)}${i}`, value: 'y' })),
    'of items before a long list': [longList, ...many(9_998, () => ({ op: 'add', path: '/metadata/finalizers/0', value: 'y' }))],
    'of moves in a long list': [
      longList,
      ...many(9_998, () => ({ op: 'move', path: '/metadata/finalizers/0', from: '/metadata/finalizers/500000' })),
    ],
    'of tests of a wide map': [wideMap, ...many(9_000, () => ({ op: 'test', path: '/metadata', value: {} }))],
    'of copies': [{ op: 'add', path: '/a', value: {} }, ...many(9_000, () => ({ op: 'copy', from: '/a', path: '/a/x' }))],
    'of large copies': [
      { op: 'add', path: '/a', value: 'x'.repeat(2_000_000) },
      ...many(9_000, () => ({ op: 'copy', from: '/a', path: '/b' })),
    ],
    'of one pointer': [{ op: 'test', path: '/a'.repeat(1_000_000), value: 1 }],
  }),
];

const applied = [
  ...sent(
    'PATCH',
    there,
    applyType,
  )({
    'of data to apply': configMapNamed(
      'there',
      map(190_000, (i) => [`l${i}`, 'v']),
    ),
    'of data to apply that fits': configMapNamed(
      'there',
      map(25_000, (i) => [`l${i}`, 'v']),
    ),
    'of finalizers to apply': withMetadata({ finalizers: many(150_000, (i) => `a.b/${i}`) }),
    'of equal finalizers to apply': withMetadata({ finalizers: many(300_000, () => 'a.b/') }),
    'of owners to apply': withMetadata({ ownerReferences: many(700_000, () => ({})) }),
    'of brackets to apply': '['.repeat(65_000),
  }),
  ...sent(
    'PATCH',
    `${paths.machines}/m`,
    applyType,
  )({
    'of deep maps to apply that fit': `{"kind":"Machine","apiVersion":"cluster.k8s.io/v1alpha1","metadata":{"name":"m"},"spec":{"configSource":{"a":{${many(50, (i) => `"k${i}":${nested(980)}`).join()}}}}}`,
  }),
];

const others = [
  ...sent(
    'POST',
    paths.machines,
    {},
  )({
    'of unknown fields': spec(map(150_000, (i) => [`field${i}`, i])),
    'of wrong items': spec({ taints: many(150_000, () => ({ key: 1 })) }),
    'of items that lack all': spec({ taints: many(110_000, () => ({})) }),
  }),
  ...sent(
    'POST',
    paths.secrets,
    {},
  )({
    'of data that is no base64': { kind: 'Secret', metadata: { name: 'x' }, data: map(150_000, (i) => [`l${i}`, '!']) },
    'of one base64 text': { kind: 'Secret', metadata: { name: 'x' }, data: { a: `${'AAAA'.repeat(700_000)}!` } },
  }),
  ...sent('POST', roles, {})({ 'of empty rules': { metadata: { name: 'x' }, rules: many(115_000, () => ({})) } }),
  ...sent(
    'POST',
    paths.deployments,
    {},
  )({
    'of requirements': {
      ...deploymentNamed('x', 1),
      spec: { ...(deploymentNamed('x', 1).spec as object), selector: { matchExpressions: many(110_000, () => ({})) } },
    },
  }),
  ...sent(
    'POST',
    paths.clusters,
    {},
  )({
    'of addresses': clusterNamed(
      'x',
      many(180_000, () => '203..0.113.10'),
    ),
    'of one address': clusterNamed('x', ['1.'.repeat(1_000_000)]),
  }),
  ...sent(
    'DELETE',
    there,
    {},
  )({
    'of dry runs': { dryRun: many(700_000, () => 'x') },
    'of dry runs that are numbers': { dryRun: many(700_000, () => 1) },
  }),
];

const inYaml = sent(
  'POST',
  paths.configMaps,
  yamlType,
)({
  'that is YAML with aliases of aliases': `a: &a [x,x,x,x,x,x,x,x,x]\n${many(9, (i) => `${'bcdefghij'[i]}: &${'bcdefghij'[i]} [${Array(9).fill(`*${'abcdefghi'[i]}`).join()}]`).join('\n')}`,
  'that is YAML of brackets': '[a,'.repeat(21_000),
  'that is YAML of questions': '? '.repeat(32_000),
  'that is YAML of equal lines': 'a: 1\n'.repeat(13_000),
  'that is YAML of merges': `a: &a {b: 1}\n${many(4_000, (i) => `c${i}: {<<: *a}`).join('\n')}`.slice(0, 65_000),
  'that is YAML of folded lines': `a: >\n${'  x\n\n'.repeat(13_000)}`,
  'that is YAML of mistakes': 'a: b: c\n'.repeat(8_000),
});

const repeated = (...bytes: number[]): Uint8Array => Buffer.alloc(3_000_000 - (3_000_000 % bytes.length), Uint8Array.from(bytes));
const inProtobuf = sent(
  'POST',
  paths.configMaps,
  protobufType,
)({
  'that is protobuf of data': enveloped('v1', 'ConfigMap', repeated(0x12, 0)),
  'that is protobuf of finalizers': enveloped('v1', 'ConfigMap', lengthDelimited(1, repeated(0x72, 0))),
  'that is protobuf of owners': enveloped('v1', 'ConfigMap', lengthDelimited(1, repeated(0x6a, 0))),
  'that is protobuf of managers': enveloped('v1', 'ConfigMap', lengthDelimited(1, repeated(0x8a, 1, 0))),
  'that is protobuf of unknown fields': enveloped('v1', 'ConfigMap', repeated(0x78, 0)),
  'that is protobuf of long numbers': enveloped('v1', 'ConfigMap', repeated(0x78, ...new Array(9).fill(0xff), 1)),
  'that is protobuf of metadata': enveloped('v1', 'ConfigMap', repeated(0x0a, 0)),
  'that is protobuf of lists in lists': enveloped(
    'v1',
    'ConfigMap',
    lengthDelimited(
      1,
      lengthDelimited(17, lengthDelimited(7, lengthDelimited(1, Buffer.from(`${'['.repeat(1_400_000)}${']'.repeat(1_400_000)}`)))),
    ),
  ),
});

const query = (name: string, text: string): LargeBody => ({
  name: `in ${name}`,
  method: 'GET',
  path: `${paths.configMaps}?${text}`,
  body: '',
  headers: {},
});
const header = (name: string, value: string): LargeBody => ({
  name: `in the header ${name}`,
  method: 'GET',
  path: paths.configMaps,
  body: '',
  headers: { [name]: value },
});

/** Where a client may put a megabyte without a body. */
const elsewhere: LargeBody[] = [
  query('a label selector of many terms', `labelSelector=${many(100_000, (i) => `a${i}`).join()}`),
  query('a label selector of commas', `labelSelector=(${','.repeat(500_000)}`),
  query('a label selector of parentheses', `labelSelector=${'a+in+('.repeat(100_000)}`),
  query('a label selector of spaces', `labelSelector=a${'+'.repeat(500_000)}in${'+'.repeat(500_000)}(`),
  query('a label selector of exclamation marks', `labelSelector=${'!'.repeat(500_000)}`),
  query('a field selector of many terms', `fieldSelector=${many(100_000, (i) => `metadata.name=a${i}`).join()}`),
  query('a field selector of backslashes', `fieldSelector=${'\\,'.repeat(500_000)}`),
  query('a field selector of spaces', `fieldSelector=a${'+'.repeat(500_000)}b`),
  query('a continue token', `limit=1&continue=${Buffer.from(`${'['.repeat(700_000)}${']'.repeat(700_000)}`).toString('base64url')}`),
  query('a version', `resourceVersion=${'1'.repeat(1_000_000)}`),
  query('many parameters', 'a=1&'.repeat(300_000)),
  header('accept', 'text/html;q=0.1,'.repeat(60_000)),
  header('accept', `application/json;as="${'"'.repeat(1_000_000)}`),
  header('content-type', 'a;'.repeat(500_000)),
  header('user-agent', '/'.repeat(1_000_000)),
];

export const largeBodies: readonly LargeBody[] = [...configMaps, ...patched, ...applied, ...others, ...inYaml, ...inProtobuf, ...elsewhere];
