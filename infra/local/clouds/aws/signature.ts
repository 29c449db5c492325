import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { Call } from '../fake-server.ts';
import { Ec2Error } from './wire.ts';

/** Secret access keys by access key id. */
export type AccessKeys = Readonly<Record<string, string>>;

/** The account that the fake knows when it is not told of others; worth nothing anywhere else. */
export const demoAccessKeys: AccessKeys = { AKIAPLASTRONDEMO0000: 'demo-only-this-opens-nothing-but-the-fake' };

/** The demo account as a user has it in `~/.aws/credentials`. */
export const demoCredentials = Object.entries(demoAccessKeys)
  .map(([id, secret]) => `[default]\naws_access_key_id = ${id}\naws_secret_access_key = ${secret}\n`)
  .join('');

const scheme =
  /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/ec2\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/;

/**
 * The region that a call signed with Signature Version 4 is meant for. Throws as EC2 does for unknown keys and wrong
 * signatures. The time of signing is not looked at: the client signs by its own clock, which need not be the fake's.
 * `acceptUnknown`: a key that is not known passes unverified, so that a user's own credential file opens the fake.
 */
export function authenticate(call: Call, keys: AccessKeys, acceptUnknown: boolean): { readonly region: string } {
  const [, id, day, region, signedHeaders, signature] = scheme.exec(call.headers.authorization ?? '') ?? [];
  if (id === undefined) throw new Ec2Error(401, 'AuthFailure', 'The request must carry an AWS Signature Version 4 for the service ec2');
  const secret = keys[id];
  if (secret === undefined) {
    if (acceptUnknown) return { region: region! };
    throw new Ec2Error(401, 'AuthFailure', 'AWS was not able to validate the provided access credentials');
  }
  const canonical = [
    call.method,
    call.url.pathname,
    [...call.url.searchParams]
      .map(([key, value]) => `${encodeURIComponent(key)}=${encodeURIComponent(value)}`)
      .sort()
      .join('&'),
    ...signedHeaders!.split(';').map((name) => `${name}:${(call.headers[name] ?? '').trim().replace(/\s+/g, ' ')}`),
    '',
    signedHeaders!,
    sha256(call.body),
  ].join('\n');
  const scope = `${day}/${region}/ec2/aws4_request`;
  const toSign = ['AWS4-HMAC-SHA256', call.headers['x-amz-date'] ?? '', scope, sha256(canonical)].join('\n');
  const key = [day!, region!, 'ec2', 'aws4_request'].reduce<string | Buffer>((k, part) => hmac(k, part), `AWS4${secret}`);
  if (!timingSafeEqual(hmac(key, toSign), Buffer.from(signature!, 'hex')))
    throw new Ec2Error(403, 'SignatureDoesNotMatch', 'The request signature we calculated does not match the signature you provided.');
  return { region: region! };
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();
