import { type CryptoKey, exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import type { Ask } from '../../../shared/api/authenticate/ask.ts';
import { type JwtOptions, jwt } from '../../../shared/api/authenticate/jwt/jwt.ts';
import type { User } from '../../../shared/api/call.ts';
import { type VirtualClock, virtualClock } from '../../clock.ts';
import { collectingLog } from './plane.ts';

export const issuer = 'https://issuer.example/realm';
const configuration = `${issuer}/.well-known/openid-configuration`;

export const { publicKey, privateKey } = await generateKeyPair('RS256', { extractable: true });
export const stranger = await generateKeyPair('RS256');
const jwks = { keys: [{ ...(await exportJWK(publicKey)), kid: 'k1', use: 'sig' }] };

/** The pages of the issuer, and of an attacker who has keys too. */
const pages: Readonly<Record<string, unknown>> = {
  [configuration]: { issuer, jwks_uri: `${issuer}/keys` },
  [`${issuer}/keys`]: jwks,
  'https://evil.example/keys': { keys: [{ ...(await exportJWK(stranger.publicKey)), kid: 'k1' }] },
};

export interface OidcPlane {
  readonly clock: VirtualClock;
  readonly asked: string[];
  readonly log: string[];
  /** Seconds since 1970, on the plane's clock. */
  readonly now: number;
  who(token: string): Promise<User | undefined>;
  /** What the issuer would sign for ada; claims that are undefined are left out. */
  claims(changes?: JWTPayload): JWTPayload;
  token(changes?: JWTPayload, header?: Readonly<Record<string, unknown>>, key?: CryptoKey): Promise<string>;
}

/** A plane that takes tokens of the issuer for `blue`. `answers` replaces pages. */
export function oidcPlane(options: Partial<JwtOptions> = {}, answers: Readonly<Record<string, () => Response>> = {}): OidcPlane {
  const clock = virtualClock();
  const asked: string[] = [];
  const log: string[] = [];
  const ask: Ask = async (url) => {
    asked.push(url);
    return answers[url]?.() ?? (url in pages ? Response.json(pages[url]) : new Response('', { status: 404 }));
  };
  const authenticate = jwt({ issuer, audience: 'blue', ask, clock, log: collectingLog(log), ...options });
  const now = clock.now() / 1000;
  const claims = (changes: JWTPayload = {}): JWTPayload => ({ iss: issuer, aud: 'blue', sub: 'ada', iat: now, exp: now + 600, ...changes });
  return {
    clock,
    asked,
    log,
    now,
    claims,
    who: (token) => authenticate(new Request('https://blue', { headers: { authorization: `Bearer ${token}` } })),
    token: (changes, header = {}, key = privateKey) =>
      new SignJWT(claims(changes)).setProtectedHeader({ alg: 'RS256', kid: 'k1', ...header }).sign(key),
  };
}

export const discoveryPage = configuration;
