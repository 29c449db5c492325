import type { JWTPayload } from 'jose';
import { isReserved } from '../../../kinds/iam/reserved.ts';
import type { User } from '../../call.ts';
import { known, TokenRefused } from '../bearer.ts';

/** Which claims say who somebody is. What an issuer says stands behind a prefix, so that it can name nobody of another source. */
export interface ClaimOptions {
  /** `sub` when absent. */
  readonly usernameClaim?: string;
  /** `oidc:` when absent. */
  readonly usernamePrefix?: string;
  /** A text or a list of texts; no groups when absent. */
  readonly groupsClaim?: string;
  /** `oidc:` when absent. */
  readonly groupsPrefix?: string;
}

/** The user in claims whose signature is verified. Throws TokenRefused. */
export function userIn(claims: JWTPayload, options: ClaimOptions): User {
  const { usernameClaim = 'sub', usernamePrefix = 'oidc:', groupsClaim, groupsPrefix = 'oidc:' } = options;
  const subject = claims[usernameClaim];
  if (typeof subject !== 'string' || subject === '') throw new TokenRefused(`it has no claim ${usernameClaim}`);
  // As Kubernetes: at some issuers everybody writes their own address.
  if (usernameClaim === 'email' && (claims.email_verified ?? true) !== true) throw new TokenRefused('its email is not verified');
  const name = usernamePrefix + subject;
  const groups = groupsClaim === undefined ? [] : groupsIn(claims[groupsClaim], groupsClaim).map((group) => groupsPrefix + group);
  if ([name, ...groups].some(isReserved)) throw new TokenRefused('it claims a name that begins with system:');
  return known(name, groups);
}

function groupsIn(claim: unknown, name: string): string[] {
  const groups = [claim ?? []].flat();
  if (!groups.every((group) => typeof group === 'string')) throw new TokenRefused(`its claim ${name} is no list of texts`);
  return groups;
}
