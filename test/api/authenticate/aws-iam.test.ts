import { describe, expect, it } from '@jest/globals';
import { StatusError } from '../../../shared/api/status.ts';
import { iamIdentityMapping } from '../../../shared/kinds/iam/kind.ts';
import { admin, identities, testPlane } from './plane.ts';
import { caller, type Identity, modelSts } from './sts.ts';

const dev = 'arn:aws:iam::123456789012:role/Dev';
const account = '123456789012';

describe('a token of aws eks get-token', () => {
  it('makes an admin a master, under the ARN of the role', async () => {
    const plane = testPlane();
    expect(await plane.who(plane.token())).toEqual({ name: admin, groups: ['system:masters', 'system:authenticated'] });
    expect(plane.asked).toHaveLength(1);
    expect(plane.log).toEqual([]);
  });

  it.each([
    ['the global endpoint', { host: 'sts.amazonaws.com' }],
    ['another region of the plane', { region: 'eu-west-1' }],
    ['a FIPS endpoint', { host: 'sts-fips.us-east-1.amazonaws.com' }],
    ['a dual-stack endpoint', { host: 'sts.us-east-1.api.aws' }],
    ['a clock five minutes ahead', { at: Date.UTC(2019, 6, 26, 0, 5) }],
    ['a clock that is behind', { at: Date.UTC(2019, 6, 25, 23, 46) }],
    ['the longest expiry', { query: { 'X-Amz-Expires': '900' } }],
    ['a session token', { query: { 'X-Amz-Security-Token': 'IQoJb3JpZ2luX2VjE//+==' } }],
    ['an action in lower case', { query: { Action: undefined, action: 'GetCallerIdentity' } }],
  ])('may be made with %s', async (_what, changes) => {
    const plane = testPlane();
    expect((await plane.who(plane.token('ASIAADMIN', changes)))?.name).toBe(admin);
  });

  it('is of its own partition', async () => {
    const { Account, UserId } = identities.ASIAADMIN!;
    const chinese = { Account, UserId, Arn: `arn:aws-cn:sts::${account}:assumed-role/Admin/ada` };
    const plane = testPlane({ partition: 'aws-cn', regions: ['cn-north-1'], ask: async () => caller(chinese) });
    await plane.map('cn', { arn: `arn:aws-cn:iam::${account}:role/Admin`, username: 'cn' });
    const at = (host: string) => plane.who(plane.token('ASIAADMIN', { host }));
    expect((await at('sts.cn-north-1.amazonaws.com.cn'))?.name).toBe('cn');
    expect(await at('sts.cn-north-1.amazonaws.com')).toBeUndefined();
    expect(await at('sts.amazonaws.com')).toBeUndefined();
  });

  it('is sent to STS with the name of the plane, and no redirect is followed', async () => {
    const sent: unknown[] = [];
    const plane = testPlane({
      ask: async (_url, { method, headers, redirect }) => {
        sent.push([method, Object.fromEntries(headers), redirect]);
        return caller(identities.ASIAADMIN!);
      },
    });
    await plane.who(plane.token());
    expect(sent).toEqual([['GET', { accept: 'application/json', 'x-k8s-aws-id': 'blue' }, 'manual']]);
  });
});

describe('what STS answers', () => {
  const identity = (changes: Partial<Identity>) => caller({ ...identities.ASIAADMIN!, ...changes });
  const redirect = new Response(JSON.stringify({}), { status: 302, headers: { location: 'https://evil.example/' } });

  it.each([
    ['a redirect', 'answered 302', () => redirect.clone()],
    ['an error', 'answered 403', () => new Response('SignatureDoesNotMatch', { status: 403 })],
    ['an outage', 'answered 503', () => new Response('', { status: 503 })],
    ['201', 'answered 201', () => new Response(JSON.stringify({}), { status: 201 })],
    ['HTML', 'no caller identity', () => new Response('<html>')],
    ['XML', 'no caller identity', () => new Response('<GetCallerIdentityResponse/>')],
    ['nothing', 'no caller identity', () => new Response('')],
    ['null', 'no caller identity', () => new Response('null')],
    ['another shape', 'no caller identity', () => Response.json({ Arn: admin })],
    ['a group', 'nobody who can be mapped', () => identity({ Arn: `arn:aws:iam::${account}:group/Admin` })],
    ['another service', 'nobody who can be mapped', () => identity({ Arn: 'arn:aws:s3:::Admin' })],
    ['a world that we do not know', 'nobody who can be mapped', () => identity({ Arn: `arn:evil:iam::${account}:role/Admin` })],
    ['a session with a path', 'nobody who can be mapped', () => identity({ Arn: `arn:aws:sts::${account}:assumed-role/Dev/x/Admin` })],
    ['a role without a session', 'names no session', () => identity({ UserId: 'AROAADMIN' })],
    ['a session with a colon', 'names no session', () => identity({ UserId: 'AROAADMIN:a:b' })],
    ['the role of another account', 'no IAMIdentityMapping', () => identity({ Arn: 'arn:aws:sts::210987654321:assumed-role/Admin/ada' })],
    ['a user called as a role', 'no IAMIdentityMapping', () => identity({ Arn: `arn:aws:iam::${account}:user/Admin` })],
  ])('%s makes nobody known', async (_what, because, answer) => {
    const plane = testPlane({ ask: async () => answer() });
    expect(await plane.who(plane.token())).toBeUndefined();
    expect(plane.log).toEqual([expect.stringContaining(because)]);
  });

  it('that never comes makes nobody known after ten seconds, and ends the request', async () => {
    let aborted: AbortSignal | undefined;
    const plane = testPlane({
      ask: (_url, { signal }) => {
        aborted = signal;
        return new Promise(() => {});
      },
    });
    const answer = plane.who(plane.token());
    await plane.clock.advance(9_999);
    expect(aborted?.aborted).toBe(false);
    await plane.clock.advance(1);
    expect([await answer, aborted?.aborted]).toEqual([undefined, true]);
    expect(plane.log).toEqual([expect.stringContaining('sts.us-east-1.amazonaws.com did not answer in 10 s')]);
  });

  it('of a connection that fails is told without the URL', async () => {
    const plane = testPlane({ ask: async (url) => Promise.reject(new TypeError(`cannot fetch ${url}`)) });
    expect(await plane.who(plane.token())).toBeUndefined();
    expect(plane.log).toEqual([expect.stringMatching(/did not answer: TypeError"}$/)]);
  });

  it('when it throttles is 429, to be repeated', async () => {
    const plane = testPlane({ ask: async () => new Response('<Code>Throttling</Code>', { status: 400 }) });
    const refused = await plane.who(plane.token()).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(StatusError);
    expect(refused).toMatchObject({ code: 429, details: { retryAfterSeconds: 1 } });
  });
});

describe('a token that was seen before', () => {
  it('is not asked about again, not even meanwhile', async () => {
    const plane = testPlane();
    const token = plane.token();
    const names = await Promise.all([plane.who(token), plane.who(token)]);
    names.push(await plane.who(token));
    expect(names.map((user) => user?.name)).toEqual([admin, admin, admin]);
    expect(plane.asked).toHaveLength(1);
  });

  it('opens nothing once fifteen minutes are over', async () => {
    const plane = testPlane();
    const token = plane.token();
    expect((await plane.who(token))?.name).toBe(admin);
    await plane.clock.advance(15 * 60_000);
    expect((await plane.who(token))?.name).toBe(admin);
    await plane.clock.advance(1);
    expect(await plane.who(token)).toBeUndefined();
  });

  it('is asked about again if STS did not answer', async () => {
    let answers = 0;
    const plane: ReturnType<typeof testPlane> = testPlane({
      ask: (url, request) => (answers++ === 0 ? Promise.reject(new Error()) : modelSts(identities, plane.clock)(url, request)),
    });
    const token = plane.token();
    expect([await plane.who(token), (await plane.who(token))?.name]).toEqual([undefined, admin]);
  });
});

describe('who is mapped', () => {
  it('is known until the mapping is gone, ten seconds at most after', async () => {
    const plane = testPlane();
    const mapping = await plane.map('dev', { arn: dev, username: 'dev', groups: ['devs'] });
    const token = plane.token('ASIADEV');
    expect(await plane.who(token)).toEqual({ name: 'dev', groups: ['devs', 'system:authenticated'] });
    await plane.store.remove(iamIdentityMapping, mapping);
    await plane.clock.advance(10_000);
    expect(await plane.who(token)).toBeUndefined();
    expect(plane.asked).toHaveLength(1);
  });

  it('is known ten seconds after the mapping came', async () => {
    const plane = testPlane();
    const token = plane.token('ASIADEV');
    expect(await plane.who(token)).toBeUndefined();
    await plane.map('dev', { arn: dev, username: 'dev' });
    await plane.clock.advance(10_000);
    expect((await plane.who(token))?.name).toBe('dev');
  });

  it('by the name of a session is not who is called so', async () => {
    const plane = testPlane();
    await plane.map('dev', { arn: dev, username: '{{AccountID}}:dev:{{SessionName}}' });
    // Their session is called Admin.
    expect(await plane.who(plane.token('ASIADEV'))).toEqual({ name: '123456789012:dev:Admin', groups: ['system:authenticated'] });
  });

  it.each([
    ['a session that completes a reserved name', { arn: dev, username: 'sys{{SessionName}}' }, 'AROADEV:tem:x'],
    ['a session that makes one alone', { arn: dev, username: '{{SessionName}}:nodes' }, 'AROADEV:system'],
    ['a stored mapping that the kind would refuse', { arn: dev, username: 'dev', groups: ['system:nodes'] }, 'AROADEV:x'],
    ['a stored name that the kind would refuse', { arn: dev, username: 'system:admin' }, 'AROADEV:x'],
    ['an empty name', { arn: dev, username: '' }, 'AROADEV:x'],
  ])('is nobody by %s', async (_what, spec, UserId) => {
    const plane = testPlane({ ask: async () => caller({ ...identities.ASIADEV!, UserId }) });
    await plane.map('dev', spec);
    expect(await plane.who(plane.token('ASIADEV'))).toBeUndefined();
  });

  it('by a mapping for sessions is nobody without one', async () => {
    const plane = testPlane();
    await plane.map('eve', { arn: identities.AKIAEVE!.Arn, username: '{{SessionName}}' });
    expect(await plane.who(plane.token('AKIAEVE'))).toBeUndefined();
  });

  it('keeps the name that they are given: a user beside an admin is no master', async () => {
    const plane = testPlane();
    await plane.map('eve', { arn: identities.AKIAEVE!.Arn, username: admin });
    expect(await plane.who(plane.token('AKIAEVE'))).toEqual({ name: admin, groups: ['system:authenticated'] });
  });
});
