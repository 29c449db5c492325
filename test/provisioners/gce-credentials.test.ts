import { createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Refused, RetryLater } from '../../shared/errors.ts';
import { readServiceAccount } from '../../shared/provisioners/gce/service-account.ts';
import { type Tokens, tokensOf } from '../../shared/provisioners/gce/token.ts';
import { virtualClock } from '../clock.ts';
import { keyFile, knownKey } from './gce-harness.ts';

const google = 'https://oauth2.googleapis.com/token';

describe('a service account’s key file', () => {
  it('says whose it is and where tokens are given', () => {
    expect(readServiceAccount(keyFile(google))).toMatchObject({ email: knownKey.email, keyId: '0123abcd', tokenUri: google });
  });

  it.each(['http://127.0.0.1:4000/token', 'http://127.65.0.1/token', 'http://localhost:1/token'])(
    'may name %s, which stays here',
    (uri) => {
      expect(readServiceAccount(keyFile(uri)).tokenUri).toBe(uri);
    },
  );

  const ecKey = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' });
  it.each([
    ['is empty', '', 'it is empty'],
    ['is a placeholder', '{{BASE64_ENCODED_GCE_CREDS}}', 'it is not JSON'],
    ['is cut off', keyFile(google).slice(0, 200), 'it is not JSON'],
    ['is a list', '[]', 'it is not a JSON object'],
    ['is of a user', keyFile(google, { type: 'authorized_user' }), 'its type is not service_account'],
    ['has no email', keyFile(google, { client_email: undefined }), 'it has no client_email'],
    ['has no key', keyFile(google, { private_key: undefined }), 'it has no private_key'],
    ['has an empty key', keyFile(google, { private_key: '' }), 'its private_key is empty'],
    ['has no token_uri', keyFile(google, { token_uri: undefined }), 'it has no token_uri'],
    ['has a key that is none', keyFile(google, { private_key: 'very secret' }), 'its private_key is not a key in PEM form'],
    ['has a key of another kind', keyFile(google, { private_key: ecKey }), 'its private_key is not an RSA key'],
    ['has a token_uri that is none', keyFile(google, { token_uri: 'token' }), 'its token_uri is not a URL'],
    ['would send assertions in the clear', keyFile('http://oauth2.example.com/token'), 'its token_uri is not an https URL'],
  ])('that %s is refused in words that help, without the key', (_, text, words) => {
    const refusal = errorOf(() => readServiceAccount(text));
    expect(refusal).toBeInstanceOf(Refused);
    expect(String(refusal)).toContain(words);
    expect(String(refusal)).not.toMatch(/PRIVATE|very secret|BASE64/);
  });

  it('names all that is missing at once', () => {
    expect(String(errorOf(() => readServiceAccount('{}')))).toMatch(/client_email; it has no private_key; it has no token_uri/);
  });
});

function errorOf(read: () => unknown): unknown {
  try {
    return read();
  } catch (error) {
    return error;
  }
}

describe('access tokens', () => {
  let server: Server;
  let uri: string;
  let asked: URLSearchParams[];
  let answer: { status: number; body: string };
  const clock = virtualClock();
  beforeAll(async () => {
    server = createServer(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += chunk;
      asked.push(new URLSearchParams(body));
      response.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    uri = `http://127.0.0.1:${(server.address() as AddressInfo).port}/token`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  let tokens: Tokens;
  beforeEach(() => {
    asked = [];
    answer = { status: 200, body: JSON.stringify({ access_token: 'ya29.a', expires_in: 3600, token_type: 'Bearer' }) };
    tokens = tokensOf(readServiceAccount(keyFile(uri)), clock);
  });

  it('are asked for at the token_uri of the file, with an assertion that its key has signed', async () => {
    expect(await tokens.current()).toBe('ya29.a');
    expect(asked[0]?.get('grant_type')).toBe('urn:ietf:params:oauth:grant-type:jwt-bearer');
    const [header = '', claims = '', signature = ''] = asked[0]?.get('assertion')?.split('.') ?? [];
    const issuedAt = Math.floor(clock.now() / 1000);
    expect(JSON.parse(Buffer.from(header, 'base64url').toString())).toEqual({ alg: 'RS256', typ: 'JWT', kid: '0123abcd' });
    expect(JSON.parse(Buffer.from(claims, 'base64url').toString())).toEqual({
      iss: knownKey.email,
      scope: 'https://www.googleapis.com/auth/compute',
      aud: uri,
      iat: issuedAt,
      exp: issuedAt + 3600,
    });
    const key = createPublicKey(knownKey.publicKey);
    expect(verify('RSA-SHA256', Buffer.from(`${header}.${claims}`), key, Buffer.from(signature, 'base64url'))).toBe(true);
  });

  it('are kept until a minute before they end, and asked for once by many', async () => {
    await Promise.all([tokens.current(), tokens.current(), tokens.current()]);
    await clock.advance(3_539_000);
    await tokens.current();
    expect(asked).toHaveLength(1);
    await clock.advance(1_000);
    await tokens.current();
    expect(asked).toHaveLength(2);
  });

  it('are forgotten when they are refused, but only the refused one', async () => {
    await tokens.current();
    tokens.drop('ya29.another');
    await tokens.current();
    expect(asked).toHaveLength(1);
    tokens.drop('ya29.a');
    await tokens.current();
    expect(asked).toHaveLength(2);
  });

  it('are asked for again after a failure', async () => {
    const granted = answer;
    answer = { status: 503, body: 'busy' };
    await expect(tokens.current()).rejects.toBeInstanceOf(RetryLater);
    answer = granted;
    expect(await tokens.current()).toBe('ya29.a');
  });

  it.each([
    [400, '{"error":"invalid_grant","error_description":"Invalid JWT Signature."}', Refused, 'invalid_grant Invalid JWT Signature.'],
    [401, '{"error":"invalid_client"}', Refused, 'invalid_client'],
    [403, '{"error":{"code":403,"errors":[{"reason":"rateLimitExceeded"}]}}', RetryLater, '403'],
    [429, '{"error":"rate_limit_exceeded"}', RetryLater, '429'],
    [500, '{"error":"internal_failure"}', RetryLater, '500'],
    [404, '<html>', RetryLater, '404'],
    [200, '{}', RetryLater, '200 without a token'],
  ])('are not given when the endpoint answers %i %s', async (status, body, expected, words) => {
    answer = { status, body };
    const error = await tokens.current().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(expected);
    expect(String(error)).toContain(words);
  });

  it('are not given when nobody answers', async () => {
    const nobody = tokensOf(readServiceAccount(keyFile('http://127.0.0.1:1/token')), clock);
    await expect(nobody.current()).rejects.toThrow(/does not answer/);
    await expect(nobody.current()).rejects.toBeInstanceOf(RetryLater);
  });
});
