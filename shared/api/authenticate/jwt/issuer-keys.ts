import { createRemoteJWKSet, customFetch, type JWTVerifyGetKey } from 'jose';
import * as z from 'zod';
import type { Clock } from '../../../ports.ts';
import { type Ask, answerTo } from '../ask.ts';
import { TokenRefused } from '../bearer.ts';

const metadata = z.object({ issuer: z.string(), jwks_uri: z.url({ protocol: /^https$/ }) });

/**
 * The public keys of an OpenID Connect issuer. Where they are is asked at the first token and then kept; the keys are
 * asked for again when they are ten minutes old, or a token names one that is new, at most every half minute. Throws
 * TokenRefused where the issuer does not say.
 */
export function issuerKeys(issuer: string, ports: { readonly ask: Ask; readonly clock: Clock }): JWTVerifyGetKey {
  let found: Promise<JWTVerifyGetKey> | undefined;
  return async (header, token) => {
    found ??= discover(issuer, ports).catch((error: unknown) => {
      found = undefined;
      throw error;
    });
    return (await found)(header, token);
  };
}

async function discover(issuer: string, { ask, clock }: { readonly ask: Ask; readonly clock: Clock }): Promise<JWTVerifyGetKey> {
  const url = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  const { status, body } = await answerTo(ask, clock, url, { accept: 'application/json' });
  if (status !== 200) throw new TokenRefused(`${url} answered ${status}`);
  const described = metadata.safeParse(jsonOf(body)).data;
  if (described?.issuer !== issuer) throw new TokenRefused(`${url} does not describe ${issuer} with keys over https`);
  return createRemoteJWKSet(new URL(described.jwks_uri), { [customFetch]: ask });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
