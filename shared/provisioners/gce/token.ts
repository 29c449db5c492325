import { sign } from 'node:crypto';
import * as z from 'zod';
import { Refused, RetryLater } from '../../errors.ts';
import type { Clock } from '../../ports.ts';
import type { ServiceAccount } from './service-account.ts';

/** Access tokens of one service account. */
export interface Tokens {
  /** A token that is good for another minute at least. Throws Refused when the account is not accepted, RetryLater when nobody answers. */
  current(): Promise<string>;
  /** Forgets this token, since it was refused. */
  drop(token: string): void;
}

interface Token {
  readonly value: string;
  /** ms since 1970 */
  readonly expiresAt: number;
}

const scope = 'https://www.googleapis.com/auth/compute';
const timeoutMs = 5_000;
const spareMs = 60_000;

/**
 * Exchanges assertions for tokens as RFC 7523 says, at the `token_uri` of the key file. google-auth-library would
 * ask Google's own address whatever the file says, and would ask again by the machine's clock instead of ours.
 */
export function tokensOf(account: ServiceAccount, clock: Clock): Tokens {
  let kept: Token | undefined;
  let asking: Promise<Token> | undefined;
  return {
    async current() {
      if (kept !== undefined && kept.expiresAt - spareMs > clock.now()) return kept.value;
      // Calls that come at the same time wait for one token.
      asking ??= exchange(account, clock.now()).finally(() => {
        asking = undefined;
      });
      kept = await asking;
      return kept.value;
    },
    drop(value) {
      if (kept?.value === value) kept = undefined;
    },
  };
}

async function exchange(account: ServiceAccount, now: number): Promise<Token> {
  const response = await fetch(account.tokenUri, {
    method: 'POST',
    body: new URLSearchParams({ grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion: assertion(account, now) }),
    signal: AbortSignal.timeout(timeoutMs),
    redirect: 'error',
  }).catch((error: unknown) => {
    throw new RetryLater(`the token endpoint ${account.tokenUri} does not answer: ${reasonOf(error)}`);
  });
  const body: unknown = await response.json().catch(() => undefined);
  if (response.ok) return readToken(body, account, now);
  const { error, error_description } = refusal.catch({}).parse(body);
  const said = [response.status, error, error_description].filter((part) => part !== undefined).join(' ');
  // RFC 6749: a refusal has status 400 or 401 and says `error` as a word. All else is an endpoint in trouble.
  if (error === undefined || response.status === 429 || response.status >= 500) {
    throw new RetryLater(`the token endpoint ${account.tokenUri} answers ${said}`);
  }
  throw new Refused(`service account ${account.email} gets no token from ${account.tokenUri}: ${said}`);
}

const refusal = z.object({ error: z.string().optional(), error_description: z.string().optional() });
const granted = z.object({ access_token: z.string().min(1), expires_in: z.number().positive() });

function readToken(body: unknown, account: ServiceAccount, now: number): Token {
  const answer = granted.safeParse(body);
  if (!answer.success) throw new RetryLater(`the token endpoint ${account.tokenUri} answers 200 without a token`);
  return { value: answer.data.access_token, expiresAt: now + answer.data.expires_in * 1000 };
}

/** A JWT by which the account vouches for itself for an hour. */
function assertion(account: ServiceAccount, now: number): string {
  const issuedAt = Math.floor(now / 1000);
  const header = { alg: 'RS256', typ: 'JWT', ...(account.keyId !== undefined && { kid: account.keyId }) };
  const claims = { iss: account.email, scope, aud: account.tokenUri, iat: issuedAt, exp: issuedAt + 3600 };
  const signed = [header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  return `${signed}.${sign('RSA-SHA256', Buffer.from(signed), account.key).toString('base64url')}`;
}

/** `fetch` hides the reason one level down. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}
