import { isDeepStrictEqual } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { stringify } from 'yaml';
import { apiVersionOf, type Kind } from '../../../shared/kinds/define-kind.ts';
import { kinds } from '../../../shared/kinds/index.ts';
import type { KubeObject } from '../../../shared/kinds/object.ts';
import { type Answer, asTable, type Harness, jsonPatchType, merge, openApi, paths, strategic } from '../harness.ts';
import { encodeProtobuf } from '../request/protobuf-encoder.ts';
import { awkwardValue, mutated, torn, tornBytes } from './generate.ts';
import { deleteOptions, marker, reviews, type Seed, secret, seeds } from './seeds.ts';

const yamlType = { 'content-type': 'application/yaml' };
const protobufType = { 'content-type': 'application/vnd.kubernetes.protobuf' };
const applyType = { 'content-type': 'application/apply-patch+yaml' };

/** How many of each. */
interface Runs {
  /** Bodies in each encoding, selectors, tokens. */
  readonly bodies: number;
  /** Patches of each type. */
  readonly patches: number;
  readonly others: number;
}

/**
 * Whatever is sent: the answer is an object or a Status, never a failure of ours; what is stored can be read in every form, and
 * written back without a change. fast-check prints seed and path of what breaks this. `lookEvery`: after so many writes what they
 * stored is looked at.
 */
export function fuzz(runs: Runs, lookEvery: number, timeout: number): void {
  let api: Harness;
  let answered = 0;
  beforeAll(async () => {
    api = await openApi();
    for (const { collection, object } of [...seeds].reverse()) await api.send('POST', collection, object);
  });

  /** Sends it, and looks at the answer and at what is stored now. */
  async function check(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    const answer = await api.send(method, path, body, headers);
    checkFailures(api);
    if (answer.code >= 400) checkStatus(answer);
    else if (method !== 'GET' && !path.includes('dryRun') && answered++ % lookEvery === 0) await checkStored(answer.body);
    return answer;
  }

  async function checkStored(object: KubeObject): Promise<void> {
    const kind = kinds.find((one) => one.kind === object.kind && apiVersionOf(one) === object.apiVersion);
    const stored = kind && (await api.store.get(kind, { namespace: object.metadata.namespace ?? '', name: object.metadata.name }));
    if (kind === undefined || stored === undefined) return;
    const path = pathOf(kind, stored);
    const got = await api.send('GET', path);
    same(got.body, stored);
    const list = await api.send('GET', path.slice(0, path.lastIndexOf('/')), undefined, asTable);
    same(list.code, 200);
    const writes = [
      ['PUT', got.body, {}],
      ['PATCH', {}, merge],
      ['PATCH', [], jsonPatchType],
    ] as const;
    const [method, body, type] = writes[answered % writes.length]!;
    const again = await api.send(method, path, body, type);
    same([again.code, again.body.metadata?.resourceVersion], [200, stored.metadata.resourceVersion]);
    if (stored.metadata.name !== 'f') await api.store.remove(kind, stored);
    checkFailures(api);
  }

  const run = <T>(sentence: string, inputs: fc.Arbitrary<T>, property: (input: T) => Promise<unknown>, numRuns = runs.bodies): void =>
    it(
      sentence,
      () =>
        fc.assert(
          fc.asyncProperty(inputs, async (input) => void (await property(input))),
          { numRuns },
        ),
      timeout,
    );

  /** A body of a kind, where it belongs. */
  const anyBody = (of: readonly Seed[]) =>
    fc
      .constantFrom(...of)
      .chain(({ collection, object }) =>
        fc.record({ collection: fc.constant(collection), body: mutated([object, { ...object, metadata: { name: 'g' } }]) }),
      );
  const method = fc.constantFrom('POST', 'PUT');
  const validation = fc.constantFrom('Strict', 'Warn', 'Ignore');
  const target = (how: string, collection: string, name: unknown) =>
    how === 'POST'
      ? collection
      : `${collection}/${encodeURIComponent(typeof name === 'string' && name !== '' && name.isWellFormed() ? name : 'f')}`;

  describe('no request breaks the API:', () => {
    run('bodies in JSON', fc.tuple(method, validation, anyBody([...seeds, ...reviews])), ([how, strictness, { collection, body }]) =>
      check(how, `${target(how, collection, body.metadata?.name)}?fieldValidation=${strictness}`, body),
    );

    const tornBody = (write: (body: object) => string, pieces: readonly string[]) =>
      anyBody(seeds).chain(({ collection, body }) => torn(fc.constant(write(body)), pieces).map((text) => ({ collection, text })));

    run(
      'bodies in JSON that is torn',
      fc.tuple(method, tornBody(JSON.stringify, jsonPieces)),
      ([how, { collection, text }]) => check(how, target(how, collection, 'f'), text),
      runs.others,
    );

    run(
      'bodies in YAML',
      tornBody((body) => stringify(body, { lineWidth: 0 }), yamlPieces),
      ({ collection, text }) => check('POST', collection, text, yamlType),
    );

    const sent = anyBody([...seeds, ...reviews]).map(({ collection, body }) => ({
      collection,
      bytes: encodeProtobuf(body) ?? new Uint8Array(),
    }));
    run(
      'bodies in protobuf',
      sent.chain(({ collection, bytes }) => fc.tuple(fc.constant(collection), tornBytes(fc.constant(bytes)))),
      ([collection, bytes]) => check('POST', collection, bytes, protobufType),
    );

    const options = mutated([deleteOptions, { propagationPolicy: 'Foreground' }, { dryRun: ['All'] }]);
    run(
      'deletions',
      fc.tuple(options, fc.boolean()),
      ([body, binary]) =>
        check('DELETE', `${paths.configMaps}/none`, binary ? (encodeProtobuf(body) ?? body) : body, binary ? protobufType : {}),
      runs.others,
    );

    run('merge patches', anyBody(seeds), ({ collection, body }) => check('PATCH', `${collection}/f`, body, merge), runs.patches);

    run(
      'strategic merge patches',
      anyBody(seeds),
      ({ collection, body }) => check('PATCH', `${collection}/f`, body, strategic),
      runs.patches,
    );

    run(
      'JSON patches',
      fc.tuple(fc.constantFrom(...seeds), fc.array(operation, { maxLength: 5 })),
      ([{ collection }, body]) => check('PATCH', `${collection}/f`, body, jsonPatchType),
      runs.patches,
    );

    run(
      'applies',
      fc.tuple(anyBody(seeds), fc.nat(14), fc.boolean()),
      ([{ collection, body }, manager, force]) =>
        check('PATCH', `${target('PATCH', collection, body.metadata?.name)}?fieldManager=m${manager}&force=${force}`, body, applyType),
      runs.patches,
    );

    run(
      'scales',
      fc.tuple(mutated([scale, { spec: { replicas: 2 } }]), fc.constantFrom(merge, applyType, jsonPatchType)),
      ([body, type]) => check('PATCH', `${paths.deployments}/f/scale?fieldManager=m`, body, type),
      runs.others,
    );

    const selectors = fc.record(
      {
        labelSelector: torn(fc.constantFrom('a=b,c!=d', 'a in (b,c),!d', 'x.y/z notin (a)', 'a==b', 'a,b,c'), selectorPieces),
        fieldSelector: torn(
          fc.constantFrom('metadata.name=f', 'metadata.namespace!=x', 'reason=a,type=b', 'metadata.name=a\\,b'),
          selectorPieces,
        ),
      },
      { requiredKeys: [] },
    );
    run('selectors', fc.tuple(fc.constantFrom(paths.configMaps, paths.events), selectors), ([path, query]) => read(path, query));

    run('continue tokens', token, (text) => read(paths.configMaps, { limit: '1', continue: text }));

    run('queries', fc.dictionary(parameter, parameterValue, { maxKeys: 4 }), (query) => read(paths.clusters, query), runs.others);

    run(
      'paths',
      fc.tuple(fc.constantFrom('GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'), fc.array(segment, { maxLength: 8 })),
      async ([how, parts]) => {
        const path = `/${parts.join('/')}?dryRun=All`;
        const { code } = await api.send(how, path, how === 'GET' ? undefined : {});
        if (code >= 500) expect(code).toBeLessThan(500);
        checkFailures(api);
      },
      runs.others,
    );

    run(
      'headers',
      fc.tuple(fc.constantFrom('GET', 'PATCH'), fc.dictionary(header, headerValue, { minKeys: 1, maxKeys: 3 })),
      ([how, headers]) =>
        check(how, `${paths.configMaps}/f?dryRun=All&fieldManager=m`, how === 'GET' ? undefined : { data: { a: '1' } }, headers),
      runs.others,
    );

    const kept = fc.constantFrom<unknown>({ m: marker }, marker, [marker], { m: [marker] }, { m: { x: marker } }, { m: `${marker}!` });
    const fields = fc
      .dictionary(fc.constantFrom('data', 'stringData', 'datas', 'type', 'immutable', 'apiVersion', 'kind'), kept, { minKeys: 1 })
      .filter(({ apiVersion, kind }) => apiVersion !== marker && kind !== marker);
    run(
      'Secrets, none of which a refusal repeats',
      fc.tuple(method, fields, validation),
      async ([how, given, strictness]) => {
        const path = `${target(how, paths.secrets, 'f')}?fieldValidation=${strictness}`;
        const answer = await check(how, path, { ...secret, ...given });
        if (answer.code >= 400) expect(JSON.stringify(answer.body)).not.toContain(marker.slice(0, 30));
      },
      runs.others,
    );
  });

  async function read(path: string, query: Record<string, string>): Promise<void> {
    const answer = await api.send('GET', `${path}?${new URLSearchParams(query)}`);
    if (answer.code >= 400) checkStatus(answer);
    checkFailures(api);
  }
}

/** As `expect`, which takes as long as a request. */
function same(actual: unknown, expected: unknown): void {
  if (!isDeepStrictEqual(actual, expected)) expect(actual).toEqual(expected);
}

const checkFailures = ({ failures }: Harness): void => same(failures.splice(0), []);

function checkStatus({ code, body }: Answer): void {
  const { message, reason, details = {}, ...rest } = body;
  same(rest, { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', code });
  same([typeof message, typeof reason, typeof details], ['string', 'string', 'object']);
  same([message !== '', /^[A-Z][A-Za-z]+$/.test(reason), code < 500 || code === 504], [true, true, true]);
  same(JSON.stringify(body).length < 150_000, true);
}

function pathOf({ group, version, plural }: Kind, { metadata }: KubeObject): string {
  const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
  const namespace = metadata.namespace === undefined ? '' : `/namespaces/${metadata.namespace}`;
  return `${root}${namespace}/${plural}/${encodeURIComponent(metadata.name)}`;
}

const jsonPieces = [
  '{',
  '}',
  '[',
  ']',
  '"',
  ',',
  ':',
  '\\',
  '\\u',
  '\\u0000',
  '1e999',
  '-',
  'null',
  '"a":1,',
  '"__proto__":1,',
  '\u2028',
  ' ',
];
const yamlPieces = [
  '- ',
  ': ',
  '? ',
  '| ',
  '> ',
  '&a ',
  '*a',
  '<<: *a',
  '!!binary ',
  '!!x ',
  '\t',
  '#',
  '---\n',
  '...\n',
  '{',
  '}',
  '[',
  "'",
  '"',
  '\n',
  '%',
  '0o7',
  '.inf',
  '__proto__: 1\n',
];
const selectorPieces = ['=', '==', '!=', '!', ',', '(', ')', ' in ', ' notin ', '\\', ' ', 'a', '.', '/', '😀', '\u0000', ',,', '()'];

const pointer = fc.constantFrom(
  ...[
    '',
    '/',
    '/data',
    '/data/a',
    '/data/-',
    '/data/~01',
    '/metadata',
    '/metadata/name',
    '/metadata/labels',
    '/metadata/labels/a',
    '/spec',
  ],
  ...[
    '/metadata/finalizers',
    '/metadata/finalizers/0',
    '/metadata/finalizers/-',
    '/metadata/finalizers/9',
    '/metadata/managedFields',
    '/spec/x',
  ],
  ...[
    '/metadata/__proto__',
    '/constructor/prototype',
    '/kind',
    '/apiVersion',
    '/status',
    'x',
    '/metadata/resourceVersion',
    '/rules/0/verbs',
  ],
);
const operation = fc.record(
  { op: fc.constantFrom('add', 'remove', 'replace', 'move', 'copy', 'test', 'x'), path: pointer, from: pointer, value: awkwardValue },
  { requiredKeys: ['op', 'path'] },
);
const scale = { apiVersion: 'autoscaling/v1', kind: 'Scale', metadata: { name: 'f' }, spec: { replicas: 3 } };

const encoded = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const token = fc.oneof(
  fc.base64String(),
  fc.string({ unit: 'binary', maxLength: 12 }).filter((text) => text.isWellFormed()),
  mutated([
    { v: 1, rv: '6400000000000000', ns: 'default', name: 'a' },
    { v: 1, rv: '1', ns: '', name: '' },
  ]).map(encoded),
  fc.jsonValue({ maxDepth: 2 }).map(encoded),
);

const parameter = fc.constantFrom(
  ...['labelSelector', 'fieldSelector', 'continue', 'limit', 'resourceVersion', 'resourceVersionMatch', 'includeObject', 'dryRun'],
  ...['fieldManager', 'fieldValidation', 'sendInitialEvents', 'timeoutSeconds', 'allowWatchBookmarks', 'pretty', 'force', ''],
);
const parameterValue = fc.oneof(
  fc.constantFrom(
    '',
    '0',
    '1',
    '-1',
    '1e3',
    'true',
    'True',
    'Exact',
    'NotOlderThan',
    'None',
    'Object',
    'All',
    'Strict',
    '9'.repeat(15),
    '9'.repeat(30),
    'a=b',
  ),
  fc.string({ unit: 'grapheme' }),
  fc.stringMatching(/^[a-z!=(), .]{0,12}$/),
);

const segment = fc.oneof(
  fc.constantFrom(
    'api',
    'apis',
    'v1',
    'namespaces',
    'default',
    'configmaps',
    'f',
    'status',
    'scale',
    'finalize',
    'cluster.k8s.io',
    'v1alpha1',
  ),
  fc.constantFrom('clusters', 'machinedeployments', '..', '%2e', '%00', '%', '%ff', 'openapi', 'v3', 'version', 'livez', ''),
  fc.webSegment(),
);

const header = fc.constantFrom(
  'accept',
  'content-type',
  'content-length',
  'user-agent',
  'impersonate-user',
  'impersonate-group',
  'impersonate-uid',
  'impersonate-extra-a',
);
const headerValue = fc.oneof(
  torn(
    fc.constantFrom(
      'application/json;as=Table;v=v1;g=meta.k8s.io,application/json',
      'application/merge-patch+json',
      'application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io',
      '*/*',
      'text/html;q=0.9',
    ),
    [';', '=', ',', '"', '/', '*', ' ', 'as=Table', 'q=0', 'application/', ';;', 'v=v1'],
  ),
  fc.stringMatching(/^[\x21-\x7e]{0,20}$/),
);
