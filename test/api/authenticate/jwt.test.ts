import { describe, expect, it } from '@jest/globals';
import { exportJWK, exportSPKI, generateKeyPair, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose';
import type { JwtOptions } from '../../../shared/api/authenticate/jwt/jwt.ts';
import { Invalid } from '../../../shared/errors.ts';
import { discoveryPage, issuer, type OidcPlane, oidcPlane, publicKey, stranger } from './issuer.ts';

describe('a token of an OpenID Connect issuer', () => {
  it('says who somebody is, behind a prefix', async () => {
    const plane = oidcPlane({ groupsClaim: 'groups' });
    const token = await plane.token({ groups: ['devs', 'system:masters'] });
    expect(await plane.who(token)).toEqual({ name: 'oidc:ada', groups: ['oidc:devs', 'oidc:system:masters', 'system:authenticated'] });
  });

  it.each<[Partial<JwtOptions>, JWTPayload, string, string[]]>([
    [{ usernameClaim: 'email' }, { email: 'ada@example.org', email_verified: true }, 'oidc:ada@example.org', []],
    [{ usernameClaim: 'email' }, { email: 'ada@example.org' }, 'oidc:ada@example.org', []],
    [{ usernamePrefix: 'corp:' }, {}, 'corp:ada', []],
    [{ usernamePrefix: '' }, {}, 'ada', []],
    [{ groupsClaim: 'groups' }, {}, 'oidc:ada', []],
    [{ groupsClaim: 'groups' }, { groups: 'devs' }, 'oidc:ada', ['oidc:devs']],
    [{ groupsClaim: 'roles', groupsPrefix: '' }, { roles: ['devs'] }, 'oidc:ada', ['devs']],
    [{}, { groups: ['devs'] }, 'oidc:ada', []],
    [{}, { aud: ['green', 'blue'] }, 'oidc:ada', []],
  ])('with %j and %j is of %s in %j', async (options, claims, name, groups) => {
    const plane = oidcPlane(options);
    expect(await plane.who(await plane.token(claims))).toEqual({ name, groups: [...groups, 'system:authenticated'] });
  });

  it('is verified with keys that are asked for once', async () => {
    const plane = oidcPlane();
    for (const sub of ['ada', 'bob']) expect((await plane.who(await plane.token({ sub })))?.name).toBe(`oidc:${sub}`);
    expect(plane.asked).toEqual([discoveryPage, `${issuer}/keys`]);
  });

  it('may be signed with an elliptic curve', async () => {
    const { publicKey: point, privateKey: scalar } = await generateKeyPair('ES256');
    const keys = { keys: [{ ...(await exportJWK(point)), kid: 'k1' }] };
    const plane = oidcPlane({}, { [`${issuer}/keys`]: () => Response.json(keys) });
    expect((await plane.who(await plane.token({}, { alg: 'ES256' }, scalar)))?.name).toBe('oidc:ada');
  });
});

describe('a token that opens nothing', () => {
  const hmacOf = async (plane: OidcPlane) =>
    new SignJWT(plane.claims()).setProtectedHeader({ alg: 'HS256', kid: 'k1' }).sign(Buffer.from(await exportSPKI(publicKey)));
  const parts = async (plane: OidcPlane) => (await plane.token()).split('.') as [string, string, string];
  const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

  it.each<[string, string, (plane: OidcPlane) => Promise<string>]>([
    ['of no algorithm', 'NOT_ALLOWED', async (plane) => new UnsecuredJWT(plane.claims()).encode()],
    ['of algorithm None', 'NOT_ALLOWED', async (plane) => `${encoded({ alg: 'None' })}.${(await parts(plane))[1]}.AAAA`],
    ['signed with the public key as a secret', 'NOT_ALLOWED', hmacOf],
    [
      'of an algorithm that is not asked for',
      'NOT_ALLOWED',
      async (plane) => plane.token({}, { alg: 'RS512' }, (await generateKeyPair('RS512')).privateKey),
    ],
    ['signed by a stranger', 'SIGNATURE_VERIFICATION_FAILED', (plane) => plane.token({}, {}, stranger.privateKey)],
    ['of a key that nobody has', 'ERR_JWKS_NO_MATCHING_KEY', (plane) => plane.token({}, { kid: 'k2' })],
    [
      'that brings the page of its key along',
      'SIGNATURE_VERIFICATION_FAILED',
      (plane) => plane.token({}, { jku: 'https://evil.example/keys' }, stranger.privateKey),
    ],
    [
      'that brings its key along',
      'SIGNATURE_VERIFICATION_FAILED',
      async (plane) => plane.token({}, { jwk: await exportJWK(stranger.publicKey) }, stranger.privateKey),
    ],
    ['without a signature', 'SIGNATURE_VERIFICATION_FAILED', async (plane) => (await parts(plane)).with(2, '').join('.')],
    [
      'with other claims than were signed',
      'SIGNATURE_VERIFICATION_FAILED',
      async (plane) => (await parts(plane)).with(1, encoded(plane.claims({ sub: 'eve' }))).join('.'),
    ],
    ['for another audience', 'CLAIM_VALIDATION_FAILED', (plane) => plane.token({ aud: 'green' })],
    ['for no audience', 'CLAIM_VALIDATION_FAILED', (plane) => plane.token({ aud: undefined })],
    ['that has expired', 'ERR_JWT_EXPIRED', (plane) => plane.token({ exp: plane.now })],
    ['that never expires', 'CLAIM_VALIDATION_FAILED', (plane) => plane.token({ exp: undefined })],
    ['that is not good yet', 'CLAIM_VALIDATION_FAILED', (plane) => plane.token({ nbf: plane.now + 60 })],
    ['of nobody', 'no claim sub', (plane) => plane.token({ sub: undefined })],
    ['of the empty name', 'no claim sub', (plane) => plane.token({ sub: '' })],
  ])('%s', async (_what, because, make) => {
    const plane = oidcPlane();
    const token = await make(plane);
    expect(await plane.who(token)).toBeUndefined();
    expect(plane.log).toEqual([expect.stringContaining(because)]);
    expect(plane.log.join()).not.toContain(token.split('.')[1]);
    expect(plane.asked.join()).not.toContain('evil');
  });

  it.each<[Partial<JwtOptions>, JWTPayload, string]>([
    [{ usernamePrefix: '' }, { sub: 'system:admin' }, 'begins with system:'],
    [{ usernamePrefix: 'sys' }, { sub: 'tem:node:x' }, 'begins with system:'],
    [{ groupsClaim: 'groups', groupsPrefix: '' }, { groups: ['devs', 'system:masters'] }, 'begins with system:'],
    [{ groupsClaim: 'groups', groupsPrefix: '' }, { groups: 'system:masters' }, 'begins with system:'],
    [{ groupsClaim: 'groups' }, { groups: [1] }, 'no list of texts'],
    [{ groupsClaim: 'groups' }, { groups: { devs: true } }, 'no list of texts'],
    [{ usernameClaim: 'email' }, { email: 'ada@example.org', email_verified: false }, 'not verified'],
    [{ usernameClaim: 'email' }, { email: 'ada@example.org', email_verified: 'true' }, 'not verified'],
    [{ usernameClaim: 'name' }, { name: ['ada'] }, 'no claim name'],
    [{ usernameClaim: 'constructor' }, {}, 'no claim constructor'],
  ])('where %j are asked for and %j claimed', async (options, claims, because) => {
    const plane = oidcPlane(options);
    expect(await plane.who(await plane.token(claims))).toBeUndefined();
    expect(plane.log).toEqual([expect.stringContaining(because)]);
  });

  it('expires on the clock of the plane', async () => {
    const plane = oidcPlane();
    const token = await plane.token();
    await plane.clock.advance(599_000);
    expect((await plane.who(token))?.name).toBe('oidc:ada');
    await plane.clock.advance(1_000);
    expect(await plane.who(token)).toBeUndefined();
  });

  it.each([
    ['of another issuer', async (plane: OidcPlane) => plane.token({ iss: 'https://other.example' })],
    ['of an issuer that is called alike', async (plane: OidcPlane) => plane.token({ iss: `${issuer}/` })],
    ['of no issuer', async (plane: OidcPlane) => plane.token({ iss: undefined })],
    ['that is no JWT', async () => 'k8s-aws-v1.aHR0cHM6Ly8'],
    ['of three parts that say nothing', async () => 'a.b.c'],
    ['that is no JWT but a word', async () => 'secret'],
  ])('%s is for another authenticator, and nobody is asked', async (_what, make) => {
    const plane = oidcPlane();
    expect(await plane.who(await make(plane))).toBeUndefined();
    expect([plane.asked, plane.log]).toEqual([[], []]);
  });
});

describe('an issuer', () => {
  const described = (changes: object) => () => Response.json({ issuer, jwks_uri: `${issuer}/keys`, ...changes });

  it.each([
    ['that is another', discoveryPage, described({ issuer: 'https://evil.example' }), 'does not describe'],
    ['whose keys come in clear', discoveryPage, described({ jwks_uri: 'http://issuer.example/keys' }), 'does not describe'],
    ['whose keys are nowhere', discoveryPage, described({ jwks_uri: undefined }), 'does not describe'],
    ['that answers in HTML', discoveryPage, () => new Response('<html>'), 'does not describe'],
    ['that is not there', discoveryPage, () => new Response('', { status: 404 }), 'answered 404'],
    [
      'that sends us elsewhere',
      discoveryPage,
      () => new Response('', { status: 302, headers: { location: 'https://evil.example' } }),
      'answered 302',
    ],
    ['whose keys are elsewhere', `${issuer}/keys`, () => new Response('', { status: 302 }), 'ERR_JOSE_GENERIC'],
    [
      'that hangs up',
      discoveryPage,
      () => {
        throw new TypeError('fetch failed');
      },
      'issuer.example did not answer: TypeError',
    ],
  ])('%s is not believed', async (_what, page, answer, because) => {
    const plane = oidcPlane({}, { [page]: answer });
    expect(await plane.who(await plane.token())).toBeUndefined();
    expect(plane.log).toEqual([expect.stringContaining(because)]);
  });

  it('is asked again after it was away', async () => {
    let asked = 0;
    const answers = { [discoveryPage]: () => (asked++ === 0 ? new Response('', { status: 503 }) : described({})()) };
    const plane = oidcPlane({}, answers);
    const token = await plane.token();
    expect([await plane.who(token), (await plane.who(token))?.name]).toEqual([undefined, 'oidc:ada']);
  });

  it.each<[string, object]>([
    ['issuer: http://issuer.example is no https URL', { issuer: 'http://issuer.example' }],
    ['issuer: issuer.example is no https URL', { issuer: 'issuer.example' }],
    ['algorithms: HS256 is none of RS256', { algorithms: ['RS256', 'HS256'] }],
    ['algorithms: none is none of RS256', { algorithms: ['none'] }],
  ])('cannot be set up: %s', (sentence, options) => {
    const make = () => oidcPlane(options as Partial<JwtOptions>);
    expect(make).toThrow(Invalid);
    expect(make).toThrow(sentence);
  });
});
