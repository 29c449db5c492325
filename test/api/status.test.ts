import { beforeEach, describe, expect, it } from '@jest/globals';
import { Conflict, RetryLater } from '../../shared/errors.ts';
import type { Store } from '../../shared/store/store.ts';
import { clusterNamed, configMapNamed, type Harness, jsonPatchType, merge, openApi, paths, strategic } from './harness.ts';

/** Every way to say no, whole: clients switch on code and reason, and people read the message. */

let api: Harness;
beforeEach(async () => {
  api = await openApi();
  await api.send('POST', paths.clusters, clusterNamed('c'));
});

const status = (code: number, reason: string, message: string, details?: object) => ({
  kind: 'Status',
  apiVersion: 'v1',
  metadata: {},
  status: 'Failure',
  message,
  reason,
  ...(details !== undefined && { details }),
  code,
});

const cluster = `${paths.clusters}/c`;
const clusters = { group: 'cluster.k8s.io', kind: 'clusters' };
const protobufType = { 'content-type': 'application/vnd.kubernetes.protobuf' };
const applyType = { 'content-type': 'application/apply-patch+yaml' };
const operations = Array.from({ length: 10_001 }, () => ({ op: 'remove', path: '/x' }));

type Refusal = readonly [method: string, path: string, body: unknown, headers: Record<string, string>, expected: object];

const refusals: Record<string, Refusal> = {
  'an unknown field, when that is strict': [
    'POST',
    `${paths.configMaps}?fieldValidation=Strict`,
    { metadata: { name: 'x', lables: {} }, data: {}, spec: 1 },
    {},
    status(
      400,
      'BadRequest',
      'ConfigMap in version "v1" cannot be handled as a ConfigMap: strict decoding error: unknown field "metadata.lables", unknown field "spec"',
    ),
  ],
  'what is not there': [
    'GET',
    `${paths.clusters}/none`,
    undefined,
    {},
    status(404, 'NotFound', 'clusters.cluster.k8s.io "none" not found', { name: 'none', ...clusters }),
  ],
  'a path to nowhere': [
    'GET',
    '/apis/nobody/v1/things',
    undefined,
    {},
    status(404, 'NotFound', 'the server could not find the requested resource', {}),
  ],
  'a method that a collection does not have': [
    'PUT',
    paths.clusters,
    {},
    {},
    status(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource', {}),
  ],
  'a form that is not served': [
    'GET',
    cluster,
    undefined,
    { accept: 'application/xml' },
    status(406, 'NotAcceptable', 'only the following media types are accepted: application/json'),
  ],
  'a name that is taken': [
    'POST',
    paths.clusters,
    clusterNamed('c'),
    {},
    status(409, 'AlreadyExists', 'clusters.cluster.k8s.io "c" already exists', { name: 'c', ...clusters }),
  ],
  'a list that goes on after an hour': [
    'GET',
    `${paths.clusters}?limit=1&continue=${Buffer.from(JSON.stringify({ v: 1, rv: '1', ns: '', name: '' })).toString('base64url')}`,
    undefined,
    {},
    status(
      410,
      'Expired',
      'The provided continue parameter is too old to display a consistent list result. You must start a new list without the continue parameter.',
    ),
  ],
  'a body over 3 MB': [
    'POST',
    paths.configMaps,
    configMapNamed('x', { a: 'x'.repeat(3 * 1024 * 1024) }),
    {},
    status(413, 'RequestEntityTooLarge', 'Request entity too large: limit is 3145728'),
  ],
  'a JSON patch of very many operations': [
    'PATCH',
    cluster,
    operations,
    jsonPatchType,
    status(413, 'RequestEntityTooLarge', 'Request entity too large: The allowed maximum operations in a JSON patch is 10000, got 10001'),
  ],
  'a body of a type that nobody reads': [
    'POST',
    paths.clusters,
    'x',
    { 'content-type': 'text/plain' },
    status(
      415,
      'UnsupportedMediaType',
      'the body of the request was in an unknown format - accepted media types include: application/json, application/yaml, application/vnd.kubernetes.protobuf',
    ),
  ],
  'a kind in protobuf that nobody sends so': [
    'POST',
    paths.clusters,
    Buffer.from('k8s\0'),
    protobufType,
    status(
      415,
      'UnsupportedMediaType',
      'the body of the request was in an unknown format - accepted media types include: application/json, application/yaml',
    ),
  ],
  'a strategic merge of what is not Kubernetes’ own': [
    'PATCH',
    cluster,
    {},
    strategic,
    status(
      415,
      'UnsupportedMediaType',
      'the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml',
    ),
  ],
  'two fields that are wrong': [
    'POST',
    paths.configMaps,
    { metadata: { name: 'X Y' }, data: { a: 1 } },
    {},
    status(
      422,
      'Invalid',
      expect.stringMatching(
        /^ConfigMap "X Y" is invalid: \[metadata\.name: Invalid value: "X Y": a lowercase RFC 1123 subdomain .*, data\.a: Invalid value: must be a string\]$/,
      ) as unknown as string,
      {
        name: 'X Y',
        kind: 'ConfigMap',
        causes: [
          { reason: 'FieldValueInvalid', field: 'metadata.name', message: expect.stringMatching(/^Invalid value: "X Y": a lowercase/) },
          { reason: 'FieldValueInvalid', field: 'data.a', message: 'Invalid value: must be a string' },
        ],
      },
    ),
  ],
  'an object over 350 KB': [
    'POST',
    paths.configMaps,
    configMapNamed('x', { a: 'x'.repeat(400 * 1024) }),
    {},
    status(
      422,
      'Invalid',
      expect.stringMatching(
        /^ConfigMap "x" is invalid: \[\]: Too long: may not be more than 358400 bytes, and has 4\d{5}: /,
      ) as unknown as string,
      {
        name: 'x',
        kind: 'ConfigMap',
        causes: [{ reason: 'FieldValueTooLong', field: '[]', message: expect.stringMatching(/^Too long: /) }],
      },
    ),
  ],
  'an apply by nobody': [
    'PATCH',
    cluster,
    clusterNamed('c'),
    applyType,
    status(422, 'Invalid', 'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch', {
      group: 'meta.k8s.io',
      kind: 'PatchOptions',
      causes: [{ reason: 'FieldValueRequired', field: 'fieldManager', message: 'Required value: is required for apply patch' }],
    }),
  ],
};

describe('the answer to', () => {
  it.each(Object.entries(refusals))('%s', async (_, [method, path, body, headers, expected]) => {
    const answer = await api.send(method, path, body, headers);
    expect(answer.body).toEqual(expected);
    expect(answer.code).toBe(answer.body.code);
    expect(answer.headers.get('content-type')).toBe('application/json');
    expect(api.failures).toEqual([]);
  });

  it('an outdated version names both', async () => {
    const { metadata } = (await api.send('PATCH', cluster, { metadata: { labels: { a: 'b' } } }, merge)).body;
    const { code, body } = await api.send('PATCH', cluster, { metadata: { resourceVersion: '7' } }, merge);
    expect(code).toBe(409);
    expect(body).toEqual(
      status(
        409,
        'Conflict',
        'Operation cannot be fulfilled on clusters.cluster.k8s.io "c": the object has been modified; please apply your changes to the latest version and try again',
        {
          name: 'c',
          ...clusters,
          causes: [
            {
              reason: 'ResourceVersionConflict',
              field: 'metadata.resourceVersion',
              message: `the request has 7, stored is ${metadata.resourceVersion}`,
            },
          ],
        },
      ),
    );
  });
});

describe('a store that', () => {
  const failing = async (error: Error) => {
    const broken = { ...api.store, get: () => Promise.reject(error), update: () => Promise.reject(error) } as unknown as Store;
    return openApi({ store: broken });
  };

  it.each([
    ['is throttled', new RetryLater('slow down', { throttled: true }), 429, 'TooManyRequests', '1', { retryAfterSeconds: 1 }],
    ['is busy for a while', new RetryLater('not now', { retryAfter: 2.5 }), 503, 'ServiceUnavailable', '3', { retryAfterSeconds: 2.5 }],
  ])('%s makes a client wait', async (_, error, code, reason, retryAfter, details) => {
    const { send, failures } = await failing(error);
    const answer = await send('GET', cluster);
    expect(answer.body).toEqual(status(code, reason, error.message, details));
    expect(answer.headers.get('retry-after')).toBe(retryAfter);
    expect(failures).toEqual([]);
  });

  it('fails in a way that nobody foresaw says nothing of how', async () => {
    const { send, failures } = await failing(new Error('secret of the inside'));
    const answer = await send('GET', cluster);
    expect(answer.body).toEqual(status(500, 'InternalError', 'Internal error occurred'));
    expect(failures).toHaveLength(1);
  });

  it('is always changed by somebody else in between is a conflict in the end', async () => {
    const broken = { ...api.store, update: () => Promise.reject(new Conflict('changed')) } as unknown as Store;
    const { send } = await openApi({ store: broken });
    const { code, body } = await send('PATCH', cluster, { metadata: { labels: { a: 'b' } } }, merge);
    expect([code, body.reason]).toEqual([409, 'Conflict']);
  });
});
