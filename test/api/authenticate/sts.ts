import { createHash, createHmac } from 'node:crypto';
import type { Ask } from '../../../shared/api/authenticate/ask.ts';
import type { Clock } from '../../../shared/ports.ts';

/** AWS STS as far as GetCallerIdentity goes: Signature Version 4 of presigned URLs, made and verified. */

export interface Identity {
  readonly secret: string;
  readonly Account: string;
  readonly Arn: string;
  readonly UserId: string;
}

/** By access key id. */
export type Identities = Readonly<Record<string, Identity>>;

type Parameters = readonly (readonly [string, string])[];

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();
const encode = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
const queryOf = (parameters: Parameters): string => parameters.map(([key, value]) => `${encode(key)}=${encode(value)}`).join('&');

/** The signature of a GET without a body, as AWS documents Signature Version 4 for query strings. */
function signatureOf(path: string, parameters: Parameters, headers: (name: string) => string, secret: string): string {
  const parameter = (name: string): string => parameters.find(([key]) => key === name)?.[1] ?? '';
  const signedHeaders = parameter('X-Amz-SignedHeaders');
  const canonical = [
    'GET',
    path,
    parameters
      .filter(([key]) => key !== 'X-Amz-Signature')
      .map((pair) => queryOf([pair]))
      .sort()
      .join('&'),
    ...signedHeaders.split(';').map((name) => `${name}:${headers(name)}`),
    '',
    signedHeaders,
    sha256(''),
  ].join('\n');
  const scope = parameter('X-Amz-Credential').split('/').slice(1);
  const toSign = ['AWS4-HMAC-SHA256', parameter('X-Amz-Date'), scope.join('/'), sha256(canonical)].join('\n');
  return hmac(
    scope.reduce<string | Buffer>((key, part) => hmac(key, part), `AWS4${secret}`),
    toSign,
  ).toString('hex');
}

export const amzDate = (ms: number): string => new Date(ms).toISOString().replace(/[-:]|\.\d{3}/g, '');

export interface Signing {
  readonly accessKeyId: string;
  readonly secret: string;
  /** ms since 1970. */
  readonly at: number;
  readonly plane: string;
  readonly region?: string;
  readonly host?: string;
  readonly path?: string;
  /** Set, replace or (undefined) leave out parameters before signing. */
  readonly query?: Readonly<Record<string, string | undefined>>;
  /** Parameters beside them, signed too. */
  readonly extra?: Parameters;
}

/** A URL as `aws eks get-token` signs it; with whatever an attacker would rather have in it, properly signed. */
export function presign(signing: Signing): string {
  const { accessKeyId, secret, at, plane, region = 'us-east-1', host = `sts.${region}.amazonaws.com`, path = '/' } = signing;
  const date = amzDate(at);
  const query: Record<string, string | undefined> = {
    Action: 'GetCallerIdentity',
    Version: '2011-06-15',
    'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
    'X-Amz-Credential': `${accessKeyId}/${date.slice(0, 8)}/${region}/sts/aws4_request`,
    'X-Amz-Date': date,
    'X-Amz-Expires': '60',
    'X-Amz-SignedHeaders': 'host;x-k8s-aws-id',
    ...signing.query,
  };
  const parameters: Parameters = [
    ...Object.entries(query).filter((pair): pair is [string, string] => pair[1] !== undefined),
    ...(signing.extra ?? []),
  ];
  const signature = signatureOf(path, parameters, (name) => (name === 'host' ? host : plane), secret);
  return `https://${host}${path}?${queryOf([...parameters, ['X-Amz-Signature', signature]])}`;
}

export const tokenOf = (url: string): string => `k8s-aws-v1.${Buffer.from(url).toString('base64url')}`;

export const caller = (identity: Pick<Identity, 'Account' | 'Arn' | 'UserId'>): Response => {
  const { Account, Arn, UserId } = identity;
  return Response.json({
    GetCallerIdentityResponse: { GetCallerIdentityResult: { Account, Arn, UserId }, ResponseMetadata: { RequestId: 'r' } },
  });
};

const refusal = (Code: string): Response => Response.json({ Error: { Code } }, { status: 403 });

/** STS: names whoever signed a request, if the signature is theirs and no older than fifteen minutes. */
export const modelSts =
  (identities: Identities, clock: Pick<Clock, 'now'>): Ask =>
  async (address, { headers }) => {
    const url = new URL(address);
    const parameters = [...url.searchParams];
    const parameter = (name: string): string => url.searchParams.get(name) ?? '';
    const identity = identities[parameter('X-Amz-Credential').split('/')[0] ?? ''];
    if (identity === undefined) return refusal('InvalidClientTokenId');
    const header = (name: string): string => (name === 'host' ? url.host : (headers.get(name) ?? ''));
    const expected = signatureOf(url.pathname, parameters, header, identity.secret);
    if (parameter('X-Amz-Signature') !== expected) return refusal('SignatureDoesNotMatch');
    const signedAt = Date.parse(parameter('X-Amz-Date').replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
    if (!(Math.abs(clock.now() - signedAt) <= 15 * 60_000)) return refusal('RequestExpired');
    const action = parameters.find(([key]) => key.toLowerCase() === 'action')?.[1];
    return action === 'GetCallerIdentity' ? caller(identity) : refusal('AccessDenied');
  };
