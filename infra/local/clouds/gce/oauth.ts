import { createPublicKey, verify } from 'node:crypto';
import * as z from 'zod';
import type { Clock, Random } from '../../../../shared/ports.ts';
import { type Call, json, type Reply } from '../fake-server.ts';

/** A service account's public key, in PEM form. An account may have several. */
export interface KnownKey {
  readonly email: string;
  readonly publicKey: string;
}

/** Gives access tokens for assertions (RFC 7523), and knows them again. */
export interface OAuth {
  token(call: Call): Reply;
  /** True when the request carries a token that was given out here and is still good. */
  admits(call: Call): boolean;
}

export interface OAuthOptions {
  readonly clock: Clock;
  readonly random: Random;
  keys(): readonly KnownKey[];
  /** Whether the assertion of an account without a known key is good if it is well formed: a user's own key cannot be known here. */
  acceptsUnknown(): boolean;
  /** What an assertion must name as its audience. */
  tokenUri(): string;
  readonly tokenSeconds: number;
}

export function openOAuth(options: OAuthOptions): OAuth {
  const { clock, random, tokenSeconds } = options;
  /** When each token ends. Kept in memory: after a restart clients are refused once, and fetch another. */
  const tokens = new Map<string, number>();
  return {
    token(call) {
      const problem = problemWith(new URLSearchParams(call.body), options);
      if (problem !== undefined) return json(problem.status, { error: problem.error, error_description: problem.description });
      const token = `ya29.${Buffer.from(random.bytes(24)).toString('base64url')}`;
      for (const [old, endsAt] of tokens) if (endsAt <= clock.now()) tokens.delete(old);
      tokens.set(token, clock.now() + tokenSeconds * 1000);
      return json(200, { access_token: token, expires_in: tokenSeconds, token_type: 'Bearer' });
    },
    admits(call) {
      const token = /^Bearer (.+)$/.exec(call.headers.authorization ?? '')?.[1] ?? '';
      return (tokens.get(token) ?? 0) > clock.now();
    },
  };
}

interface Problem {
  readonly status: number;
  readonly error: string;
  readonly description: string;
}

const invalidGrant = (description: string, status = 400): Problem => ({ status, error: 'invalid_grant', description });

function problemWith(form: URLSearchParams, { clock, keys, acceptsUnknown, tokenUri }: OAuthOptions): Problem | undefined {
  if (form.get('grant_type') !== 'urn:ietf:params:oauth:grant-type:jwt-bearer') {
    return { status: 400, error: 'unsupported_grant_type', description: 'Invalid grant_type' };
  }
  const jwt = readJwt(form.get('assertion') ?? '');
  if (jwt === undefined) return invalidGrant('Invalid JWT: it is not an RS256 JWT with iss, aud, scope, iat and exp.');
  const { iss, aud, iat, exp } = jwt.claims;
  if (aud !== tokenUri()) return invalidGrant(`Invalid JWT: its audience is not ${tokenUri()}.`);
  const now = clock.now() / 1000;
  if (exp <= now || iat > now + 300 || exp - iat > 3600) {
    return invalidGrant('Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe.');
  }
  const ofAccount = keys().filter((key) => key.email === iss);
  if (ofAccount.length === 0 && !acceptsUnknown()) return invalidGrant('Invalid grant: account not found', 401);
  if (ofAccount.length > 0 && !ofAccount.some((key) => jwt.isSignedBy(key.publicKey))) return invalidGrant('Invalid JWT Signature.');
  return undefined;
}

const header = z.object({ alg: z.literal('RS256') });
const claims = z.object({ iss: z.email(), aud: z.string(), scope: z.string().min(1), iat: z.number(), exp: z.number() });

function readJwt(text: string): { readonly claims: z.output<typeof claims>; isSignedBy(publicKey: string): boolean } | undefined {
  const [first = '', second = '', signature = ''] = text.split('.');
  try {
    header.parse(JSON.parse(Buffer.from(first, 'base64url').toString()));
    const read = claims.parse(JSON.parse(Buffer.from(second, 'base64url').toString()));
    if (signature === '') return undefined;
    const signed = Buffer.from(`${first}.${second}`);
    return {
      claims: read,
      isSignedBy: (publicKey) => verify('RSA-SHA256', signed, createPublicKey(publicKey), Buffer.from(signature, 'base64url')),
    };
  } catch {
    return undefined;
  }
}
