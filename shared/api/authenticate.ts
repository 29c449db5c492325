import { createHash, timingSafeEqual } from 'node:crypto';
import type { Authenticate, User } from './call.ts';

/** A bearer token that somebody was given, and who that is. */
export interface StaticToken {
  readonly token: string;
  readonly user: string;
  readonly groups: readonly string[];
}

/** Everybody who is known is in it. */
const authenticated = 'system:authenticated';

export const known = (name: string, groups: readonly string[]): User => ({ name, groups: [...new Set([...groups, authenticated])] });

/** Knows who sends one of these bearer tokens. Takes equally long for every wrong one. */
export function staticTokens(tokens: readonly StaticToken[]): Authenticate {
  const entries = tokens.map(({ token, user, groups }) => ({ hash: sha256(token), user: known(user, groups) }));
  return async (request) => {
    const token = bearerToken(request);
    if (token === undefined) return undefined;
    const hash = sha256(token);
    let found: User | undefined;
    for (const entry of entries) if (timingSafeEqual(entry.hash, hash)) found = entry.user;
    return found;
  };
}

/** The first authenticator that knows the sender. */
export function firstOf(...authenticators: readonly Authenticate[]): Authenticate {
  return async (request) => {
    for (const authenticate of authenticators) {
      const user = await authenticate(request);
      if (user !== undefined) return user;
    }
    return undefined;
  };
}

const bearerToken = (request: Request): string | undefined => /^bearer +(\S+)$/i.exec(request.headers.get('authorization') ?? '')?.[1];

const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest();
