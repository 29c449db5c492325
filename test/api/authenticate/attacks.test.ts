import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { admin, identities, type TestPlane, testPlane } from './plane.ts';
import { amzDate, presign, type Signing, tokenOf } from './sts.ts';

/** Eve has credentials of her own, so that all she makes is properly signed, and a mapping, so that what verifies would let her in. */
async function planeWithEve(): Promise<TestPlane> {
  const plane = testPlane();
  await plane.map('eve', { arn: identities.AKIAEVE!.Arn, username: 'eve' });
  return plane;
}

const eve = (plane: TestPlane, changes: Partial<Signing> = {}): Signing => ({
  accessKeyId: 'AKIAEVE',
  secret: identities.AKIAEVE!.secret,
  at: plane.clock.now(),
  plane: 'blue',
  ...changes,
});

/** A token by its URL. `edit` changes the URL after it was signed. */
const doctored = (edit: (url: string) => string, changes?: Partial<Signing>) => (plane: TestPlane) =>
  tokenOf(edit(presign(eve(plane, changes))));
const signed = (changes: Partial<Signing>) => doctored((url) => url, changes);
const query = (parameters: Record<string, string | undefined>) => signed({ query: parameters });
const minutes = (n: number) => n * 60_000;

/** Another text of the same bytes: the last character has four bits that decoding drops. */
function loosened(plane: TestPlane): string {
  const ends = ['x', 'xx', 'xxx'].map((end) => plane.token('AKIAEVE', { query: { 'X-Amz-Security-Token': end } }));
  const token = ends.find((made) => made.slice('k8s-aws-v1.'.length).length % 4 === 2)!;
  const last = String.fromCharCode(token.charCodeAt(token.length - 1) + 1);
  return token.slice(0, -1) + last;
}

type Attack = readonly [what: string, because: string, token: (plane: TestPlane) => string];

const encodings: readonly Attack[] = [
  ['is too long', 'longer than 4096', query({ 'X-Amz-Security-Token': 'x'.repeat(4000) })],
  ['has padding', 'not in base64url', (plane) => `${plane.token('AKIAEVE')}=`],
  ['has characters of base64', 'not in base64url', (plane) => `${plane.token('AKIAEVE').slice(0, -1)}+`],
  ['is in base64url with a blank in it', 'not in base64url', (plane) => plane.token('AKIAEVE').replace('.', '.%20')],
  ['has loose bits at its end', 'not in base64url', loosened],
  ['is empty behind the prefix', 'no URL', () => 'k8s-aws-v1.'],
  ['is no URL', 'no URL', () => tokenOf('Action=GetCallerIdentity')],
];

const urls: readonly Attack[] = [
  ['is http', 'not https', doctored((url) => url.replace('https:', 'http:'))],
  ['is another scheme', 'not https', doctored((url) => url.replace('https:', 'ftp:'))],
  ['has user info', 'user info', doctored((url) => url.replace('//', '//a:b@'))],
  ['has STS as its user', 'user info', signed({ host: 'sts.amazonaws.com@evil.example' })],
  ['has empty user info', 'normal form', doctored((url) => url.replace('//', '//@'))],
  ['has a port', 'a port', signed({ host: 'sts.us-east-1.amazonaws.com:8443' })],
  ['has the default port', 'normal form', signed({ host: 'sts.us-east-1.amazonaws.com:443' })],
  ['has a fragment', 'normal form', doctored((url) => `${url}#x`)],
  ['has an empty fragment', 'normal form', doctored((url) => `${url}#`)],
  ['has its host before a fragment', 'normal form', signed({ host: 'evil.example#sts.amazonaws.com' })],
  ['has backslashes', 'normal form', doctored((url) => url.replace('https://', 'https:\\\\'))],
  ['has a tab', 'normal form', doctored((url) => url.replace('sts', 's\tts'))],
  ['has a blank before it', 'normal form', doctored((url) => ` ${url}`)],
  ['shouts its host', 'normal form', doctored((url) => url.replace('sts', 'STS'))],
  ['encodes its host', 'normal form', doctored((url) => url.replace('sts.', 'sts%2E'))],
  ['encodes in lower case', 'normal form', doctored((url) => url.replace('%3B', '%3b'))],
  ['has a path', 'a path', signed({ path: '/x' })],
  ['has a path of slashes', 'a path', signed({ path: '//' })],
  ['climbs', 'normal form', signed({ path: '/x/..' })],
  ['has no path', 'normal form', doctored((url) => url.replace('/?', '?'))],
];

const hosts: readonly Attack[] = [
  'evil.example',
  'sts.amazonaws.com.evil.example',
  'sts.us-east-1.amazonaws.com.evil.example',
  'evil-sts.amazonaws.com',
  'sts.amazonaws.com.',
  'sts.us-east-1.amazonaws.com.cn',
  'sts.us-east-1.amazonaws.org',
  'sts.us-west-2.amazonaws.com',
  'sts.us-east-1.evil.amazonaws.com',
  'sts-fips.amazonaws.com',
  's3.us-east-1.amazonaws.com',
  'bucket.s3.amazonaws.com',
  'amazonaws.com',
  '169.254.169.254',
  'localhost',
  '[::1]',
].map((host) => [`is of ${host}`, 'not STS in a region', signed({ host })]);

const queries: readonly Attack[] = [
  ['has another parameter', 'no use for', signed({ extra: [['RoleArn', admin]] })],
  ['has an empty parameter', 'no use for', signed({ extra: [['', '']] })],
  ['has an action twice', 'action twice', signed({ extra: [['Action', 'GetCallerIdentity']] })],
  ['has two actions but for case', 'action twice', signed({ extra: [['action', 'AssumeRole']] })],
  ['has another action', 'not GetCallerIdentity', query({ Action: 'GetSessionToken' })],
  ['has no action', 'not GetCallerIdentity', query({ Action: undefined })],
  ['does not sign the name of a plane', 'does not cover x-k8s-aws-id', query({ 'X-Amz-SignedHeaders': 'host' })],
  ['signs a header that ends alike', 'does not cover x-k8s-aws-id', query({ 'X-Amz-SignedHeaders': 'host;not-x-k8s-aws-id' })],
  ['signs nothing', 'does not cover x-k8s-aws-id', query({ 'X-Amz-SignedHeaders': undefined })],
  ...['901', '-1', 'NaN', '1e2', '60.5', '0x10', '', '+60', ' 60', '99999999999999999999', undefined].map(
    (expires): Attack => [`expires in ${expires}`, 'x-amz-expires', query({ 'X-Amz-Expires': expires })],
  ),
  ...['yesterday', '', '20190231T120000Z', '20190726T250000Z', '2019-07-26T00:00:00.000Z', '20190726T000000', undefined].map(
    (date): Attack => [`is of ${date}`, 'no date', query({ 'X-Amz-Date': date })],
  ),
  ['is from the future', 'from the future', (plane) => plane.token('AKIAEVE', { at: plane.clock.now() + minutes(6) })],
  ['has expired', 'has expired', (plane) => plane.token('AKIAEVE', { at: plane.clock.now() - minutes(15) - 1000 })],
];

describe('a token by which nobody is known, and nobody is asked', () => {
  it.each([...encodings, ...urls, ...hosts, ...queries])('%s', async (_what, because, make) => {
    const plane = await planeWithEve();
    const token = make(plane);
    expect(await plane.who(token)).toBeUndefined();
    expect(plane.asked).toEqual([]);
    expect(plane.log).toEqual([expect.stringContaining(because)]);
    expect(plane.log.join()).not.toContain(token);
  });

  it.each([
    ['of another scheme', (plane: TestPlane) => plane.token('AKIAEVE').replace('k8s-aws-v1', 'k8s-aws-v2')],
    ['without a scheme', (plane: TestPlane) => plane.token('AKIAEVE').slice('k8s-aws-v1.'.length)],
    ['that shouts its scheme', (plane: TestPlane) => plane.token('AKIAEVE').replace('k8s', 'K8S')],
  ])('%s is not ours to speak of', async (_what, make) => {
    const plane = await planeWithEve();
    expect(await plane.who(make(plane))).toBeUndefined();
    expect([plane.asked, plane.log]).toEqual([[], []]);
  });
});

describe('a token that STS does not verify', () => {
  it.each<Attack>([
    ['made for another plane', 'STS answered 403', (plane) => plane.token('AKIAEVE', { plane: 'green' })],
    ['made for no plane', 'STS answered 403', (plane) => plane.token('AKIAEVE', { plane: '' })],
    ['of a plane with a longer name', 'STS answered 403', (plane) => plane.token('AKIAEVE', { plane: 'blue2' })],
    ['signed with another secret', 'STS answered 403', (plane) => plane.token('AKIAEVE', { secret: 'guessed' })],
    ['signed for another host', 'STS answered 403', doctored((url) => url.replace('us-east-1.amaz', 'eu-west-1.amaz'))],
    [
      'made younger',
      'STS answered 403',
      (plane) =>
        doctored((url) => url.replace(amzDate(plane.clock.now() - minutes(20)), amzDate(plane.clock.now())), {
          at: plane.clock.now() - minutes(20),
        })(plane),
    ],
    ['of another key', 'STS answered 403', doctored((url) => url.replace('AKIAEVE', 'ASIAADMIN'))],
    ['that signs a header we do not send', 'STS answered 403', query({ 'X-Amz-SignedHeaders': 'host;x-forwarded-for;x-k8s-aws-id' })],
  ])('%s opens nothing', async (_what, because, make) => {
    const plane = await planeWithEve();
    expect(await plane.who(make(plane))).toBeUndefined();
    expect(plane.log).toEqual([expect.stringContaining(because)]);
  });

  it('opens nothing after any one character of it was changed', async () => {
    const plane = await planeWithEve();
    const token = plane.token('AKIAEVE', { query: { 'X-Amz-Security-Token': 'FwoGZXIvYXdzEB/+==' } });
    expect((await plane.who(token))?.name).toBe('eve');
    const changed = fc
      .tuple(fc.nat(token.length - 1), fc.constantFrom(...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=+/%'))
      .map(([at, character]) => token.slice(0, at) + character + token.slice(at + 1))
      .filter((other) => other !== token);
    await fc.assert(
      fc.asyncProperty(changed, async (other) => {
        expect(await plane.who(other)).toBeUndefined();
      }),
      { numRuns: 3000 },
    );
  });
});
