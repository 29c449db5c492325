import { createHash } from 'node:crypto';
import type { Log } from '../../ports.ts';
import type { Authenticate, User } from '../call.ts';

/** Everybody who is known is in it. */
export const authenticated = 'system:authenticated';

export const known = (name: string, groups: readonly string[]): User => ({ name, groups: [...new Set([...groups, authenticated])] });

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

export const bearerToken = (request: Request): string | undefined =>
  /^bearer +(\S+)$/i.exec(request.headers.get('authorization') ?? '')?.[1];

export const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Why a token opens nothing. Read by operators in the log; whoever sent it learns nothing of it. */
export class TokenRefused extends Error {
  override readonly name = 'TokenRefused';
}

/**
 * Knows senders by their tokens. `identify` gives undefined for a token of another scheme and throws TokenRefused for a
 * bad one of its own: to the sender both are the same.
 */
export function byBearerToken(log: Log, identify: (token: string) => Promise<User | undefined>): Authenticate {
  return async (request) => {
    const token = bearerToken(request);
    if (token === undefined) return undefined;
    try {
      return await identify(token);
    } catch (error) {
      if (!(error instanceof TokenRefused)) throw error;
      log.info('a token was refused', { because: error.message });
      return undefined;
    }
  };
}
