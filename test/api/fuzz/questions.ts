import { describe } from '@jest/globals';
import fc from 'fast-check';
import { paths } from '../harness.ts';
import type { Effort } from './effort.ts';
import { mutated, torn } from './generate.ts';
import { ground } from './ground.ts';

/** Whatever a request says outside of its body. */
export function fuzzQuestions(effort: Effort): void {
  describe('no question breaks the API:', () => {
    const { check, read, survive, run } = ground(effort);

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
    run(
      'selectors',
      fc.tuple(fc.constantFrom(paths.configMaps, paths.events), selectors),
      ([path, query]) => read(path, query),
      effort.bodies,
    );

    run('continue tokens', token, (text) => read(paths.configMaps, { limit: '1', continue: text }), effort.bodies);

    run('queries', fc.dictionary(parameter, parameterValue, { maxKeys: 4 }), (query) => read(paths.clusters, query), effort.others);

    run(
      'paths',
      fc.tuple(fc.constantFrom('GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'), fc.array(segment, { maxLength: 8 })),
      ([how, parts]) => survive(how, `/${parts.join('/')}?dryRun=All`),
      effort.others,
    );

    run(
      'headers',
      fc.tuple(fc.constantFrom('GET', 'PATCH'), fc.dictionary(header, headerValue, { minKeys: 1, maxKeys: 3 })),
      ([how, headers]) =>
        check(how, `${paths.configMaps}/f?dryRun=All&fieldManager=m`, how === 'GET' ? undefined : { data: { a: '1' } }, headers),
      effort.others,
    );
  });
}

const selectorPieces = ['=', '==', '!=', '!', ',', '(', ')', ' in ', ' notin ', '\\', ' ', 'a', '.', '/', '😀', '\u0000', ',,', '()'];

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
