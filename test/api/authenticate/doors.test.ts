import { describe, expect, it } from '@jest/globals';
import { createApi } from '../../../shared/api/api.ts';
import { awsIam } from '../../../shared/api/authenticate/aws/aws-iam.ts';
import { mappingsFrom } from '../../../shared/api/authenticate/aws/mappings.ts';
import { firstOf } from '../../../shared/api/authenticate/bearer.ts';
import { staticTokens } from '../../../shared/api/authenticate/static.ts';
import { rbac } from '../../../shared/api/authorize/rbac.ts';
import { generatedFor } from '../../../shared/api/generated.ts';
import { kinds } from '../../../shared/kinds/index.ts';
import { seededRandom } from '../../clock.ts';
import { openApi } from '../harness.ts';
import { admin, collectingLog, identities, testPlane } from './plane.ts';
import { modelSts } from './sts.ts';

const collection = '/apis/iamauthenticator.k8s.aws/v1alpha1/iamidentitymappings';
const mapping = (spec: object) => ({
  apiVersion: 'iamauthenticator.k8s.aws/v1alpha1',
  kind: 'IAMIdentityMapping',
  metadata: { name: 'dev' },
  spec,
});

/** The whole API behind tokens of AWS and one static token, with no role but what masters have. */
function guardedApi() {
  const { clock, store, token } = testPlane();
  const log = collectingLog([]);
  let throttled = false;
  const sts = modelSts(identities, clock);
  const aws = awsIam({
    clusterId: 'blue',
    regions: ['us-east-1'],
    ask: (url, request) => (throttled ? Promise.resolve(new Response('Throttling', { status: 400 })) : sts(url, request)),
    mappings: mappingsFrom(store, { clock, admins: [admin] }),
    clock,
    log,
  });
  const authenticate = firstOf(aws, staticTokens([{ token: 'ci', user: 'ci', groups: ['system:masters'] }]));
  const ports = { clock, random: seededRandom(5), log, authenticate, ...rbac(store, { clock }) };
  const api = createApi({ kinds, store, ...ports, generated: generatedFor(kinds, ports) });
  return {
    clock,
    token,
    throttle: () => {
      throttled = true;
    },
    send: async (bearer: string, method: string, path: string, body?: object) => {
      const headers = { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' };
      const request = new Request(`https://blue${path}`, { method, headers, ...(body && { body: JSON.stringify(body) }) });
      const response = await api(request);
      return { code: response.status, retryAfter: response.headers.get('retry-after'), body: JSON.parse(await response.text()) };
    },
  };
}

describe('a plane behind IAM', () => {
  it('lets its admin map somebody, who then may look but not touch', async () => {
    const { clock, token, send } = guardedApi();
    expect((await send(token('ASIADEV'), 'GET', '/apis')).code).toBe(401);
    const spec = { arn: 'arn:aws:iam::123456789012:role/Dev', username: 'dev:{{SessionName}}', groups: ['devs'] };
    expect((await send(token(), 'POST', collection, mapping(spec))).code).toBe(201);
    await clock.advance(10_000);
    const dev = token('ASIADEV');
    expect((await send(dev, 'GET', '/apis')).code).toBe(200);
    const whoami = await send(dev, 'POST', '/apis/authentication.k8s.io/v1/selfsubjectreviews', {});
    expect(whoami.body.status.userInfo).toEqual({ username: 'dev:Admin', groups: ['devs', 'system:authenticated'] });
    const { code, body } = await send(dev, 'GET', collection);
    expect([code, body.message]).toEqual([
      403,
      'iamidentitymappings.iamauthenticator.k8s.aws is forbidden: User "dev:Admin" cannot list resource "iamidentitymappings" in API group "iamauthenticator.k8s.aws" at the cluster scope',
    ]);
  });

  it('answers every bad token alike', async () => {
    const { token, send } = guardedApi();
    const bad = [token('AKIAEVE'), token('ASIAADMIN', { plane: 'green' }), token('ASIAADMIN', { host: 'evil.example' }), 'guessed'];
    const answers = new Set<string>();
    for (const each of bad) answers.add(JSON.stringify(await send(each, 'GET', collection)));
    expect([...answers]).toEqual([expect.stringContaining('"reason":"Unauthorized"')]);
  });

  it('says when to come again if AWS throttles', async () => {
    const { token, send, throttle } = guardedApi();
    throttle();
    expect(await send(token(), 'GET', collection)).toMatchObject({ code: 429, retryAfter: '1', body: { reason: 'TooManyRequests' } });
    expect((await send('ci', 'GET', collection)).code).toBe(200);
  });

  it('refuses a mapping onto Kubernetes itself, per field', async () => {
    const { token, send } = guardedApi();
    const spec = { arn: 'x', username: 'system:admin', groups: ['system:nodes'] };
    const { code, body } = await send(token(), 'POST', collection, mapping(spec));
    expect([code, body.details.causes.map((cause: { field: string }) => cause.field)]).toEqual([
      422,
      ['spec.arn', 'spec.username', 'spec.groups[0]'],
    ]);
  });
});

describe('IAMIdentityMappings', () => {
  it('are listed as a table', async () => {
    const { send } = await openApi();
    await send('POST', collection, mapping({ arn: 'arn:aws:iam::123456789012:role/Dev', username: 'dev', groups: ['a', 'b'] }));
    const { body } = await send('GET', collection, undefined, { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' });
    expect(body.rows[0].cells).toEqual(['dev', 'arn:aws:iam::123456789012:role/Dev', 'dev', 'a,b', expect.any(String)]);
  });
});
