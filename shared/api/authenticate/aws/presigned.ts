import { TokenRefused } from '../bearer.ts';

/** The header that a token's signature covers and that names the plane it was made for. */
export const planeHeader = 'x-k8s-aws-id';

const prefix = 'k8s-aws-v1.';
const longest = 4096;
const lifetime = 15 * 60_000;
/** How far the clock of whoever signed may be ahead of ours. */
const mostAhead = 5 * 60_000;

const parameters = /^(?:action|version|x-amz-(?:algorithm|credential|date|expires|security-token|signature|signedheaders))$/i;

export const isPresigned = (token: string): boolean => token.startsWith(prefix);

/**
 * The signed request in a token: a URL of STS. Looks at it as aws-iam-authenticator does, before anything is sent: whoever
 * made it chose every character, and we are about to ask that URL who they are. Throws TokenRefused.
 */
export function readPresigned(token: string, hosts: ReadonlySet<string>, now: number): string {
  const url = readUrl(token);
  if (!hosts.has(url.hostname)) throw new TokenRefused(`its host is not STS in a region of this plane: ${url.hostname.slice(0, 64)}`);
  if (url.pathname !== '/') throw new TokenRefused('its URL has a path');
  const query = readQuery(url);
  if (query.get('action') !== 'GetCallerIdentity') throw new TokenRefused('its action is not GetCallerIdentity');
  const signed = (query.get('x-amz-signedheaders') ?? '').toLowerCase().split(';');
  if (!signed.includes(planeHeader)) throw new TokenRefused(`its signature does not cover ${planeHeader}`);
  const expires = query.get('x-amz-expires') ?? '';
  if (!/^\d{1,3}$/.test(expires) || Number(expires) > 900) throw new TokenRefused('x-amz-expires is not from 0 to 900');
  checkDate(query.get('x-amz-date') ?? '', now);
  return url.href;
}

function readUrl(token: string): URL {
  if (token.length > longest) throw new TokenRefused(`it is longer than ${longest} characters`);
  const encoded = token.slice(prefix.length);
  const bytes = Buffer.from(encoded, 'base64url');
  // Decoding skips what does not belong: one token, one text.
  if (bytes.toString('base64url') !== encoded) throw new TokenRefused('it is not in base64url');
  const text = bytes.toString('latin1');
  const url = URL.parse(text);
  if (url === null) throw new TokenRefused('it holds no URL');
  if (url.protocol !== 'https:') throw new TokenRefused('its URL is not https');
  if (url.username !== '' || url.password !== '' || url.port !== '') throw new TokenRefused('its URL has user info or a port');
  // What is checked must be what is sent: no character that parsing drops or rewrites (`:443`, a tab, `HTTPS`, `%3b`).
  if (url.href !== text || text.includes('#') || /%(?![0-9A-F]{2})/.test(text)) throw new TokenRefused('its URL is not in normal form');
  return url;
}

/** The query by lower-cased keys: `Action` and `action` would be two of one. */
function readQuery(url: URL): ReadonlyMap<string, string> {
  const query = new Map<string, string>();
  for (const [key, value] of url.searchParams) {
    const parameter = key.toLowerCase();
    if (!parameters.test(key)) throw new TokenRefused('its query has a parameter that STS has no use for');
    if (query.has(parameter)) throw new TokenRefused(`its query has ${parameter} twice`);
    query.set(parameter, value);
  }
  return query;
}

/** The date of a signature as in `20190726T120000Z`: STS takes it for fifteen minutes. */
function checkDate(date: string, now: number): void {
  const signedAt = Date.parse(date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
  // 31 February would be a day in March.
  if (Number.isNaN(signedAt) || basicFormat(signedAt) !== date) throw new TokenRefused('x-amz-date is no date');
  if (now > signedAt + lifetime) throw new TokenRefused('it has expired');
  if (signedAt > now + mostAhead) throw new TokenRefused('it is from the future: is a clock wrong?');
}

const basicFormat = (ms: number): string => new Date(ms).toISOString().replace(/[-:]|\.\d{3}/g, '');
