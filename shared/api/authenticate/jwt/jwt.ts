import { decodeJwt, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { Invalid } from '../../../errors.ts';
import type { Clock, Log } from '../../../ports.ts';
import type { Authenticate } from '../../call.ts';
import type { Ask } from '../ask.ts';
import { byBearerToken, TokenRefused } from '../bearer.ts';
import { type ClaimOptions, userIn } from './claims.ts';
import { issuerKeys } from './issuer-keys.ts';

/** Public key algorithms alone: with a shared secret, or none, everybody could be the issuer. */
const algorithms = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'] as const;
type Algorithm = (typeof algorithms)[number];

export interface JwtOptions extends ClaimOptions {
  /** An OpenID Connect issuer, as its tokens name it: an https URL. */
  readonly issuer: string;
  /** For whom the issuer makes the tokens of this plane: the client's id. */
  readonly audience: string;
  /** RS256 and ES256 when absent. */
  readonly algorithms?: readonly Algorithm[];
  readonly ask: Ask;
  readonly clock: Clock;
  readonly log: Log;
}

/** Knows who sends a JSON Web Token of an OpenID Connect issuer. Throws Invalid for an issuer or algorithm that cannot be trusted. */
export function jwt(options: JwtOptions): Authenticate {
  checkOptions(options);
  const keys = issuerKeys(options.issuer, options);
  return byBearerToken(options.log, async (token) => {
    if (issuerOf(token) !== options.issuer) return undefined;
    return userIn(await verify(token, keys, options), options);
  });
}

function checkOptions({ issuer, algorithms: asked = [] }: JwtOptions): void {
  if (!URL.canParse(issuer) || new URL(issuer).protocol !== 'https:') throw new Invalid(`issuer: ${issuer} is no https URL`);
  for (const algorithm of asked)
    if (!algorithms.includes(algorithm)) throw new Invalid(`algorithms: ${algorithm} is none of ${algorithms.join(', ')}`);
}

/** Whose token it says it is; undefined: it is no JWT. Nothing is believed yet. */
function issuerOf(token: string): string | undefined {
  try {
    return decodeJwt(token).iss;
  } catch {
    return undefined;
  }
}

async function verify(token: string, keys: JWTVerifyGetKey, options: JwtOptions): Promise<JWTPayload> {
  const { issuer, audience, algorithms: allowed = ['RS256', 'ES256'], clock } = options;
  const currentDate = new Date(clock.now());
  try {
    const { payload } = await jwtVerify(token, keys, {
      issuer,
      audience,
      algorithms: [...allowed],
      currentDate,
      requiredClaims: ['exp'],
    });
    return payload;
  } catch (error) {
    if (error instanceof TokenRefused) throw error;
    // Its code or name alone: what an error quotes may be of the token.
    throw new TokenRefused(`it does not verify: ${codeOf(error)}`);
  }
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown error';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
