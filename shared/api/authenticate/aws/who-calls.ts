import * as z from 'zod';
import { readArn } from '../../../kinds/iam/arn.ts';
import type { Clock } from '../../../ports.ts';
import { StatusError } from '../../status.ts';
import { type Ask, answerTo } from '../ask.ts';
import { TokenRefused } from '../bearer.ts';
import { planeHeader } from './presigned.ts';

/** Who signed a token. */
export interface Caller {
  /** Canonical: of a session of a role, the role's. */
  readonly arn: string;
  /** Twelve digits. */
  readonly account: string;
  /** The name of the session of a role. Chosen by who assumed it. */
  readonly session?: string;
}

export interface Sts {
  readonly ask: Ask;
  readonly clock: Clock;
  /** The plane that tokens must have been made for. */
  readonly clusterId: string;
}

const callerIdentity = z.object({
  GetCallerIdentityResponse: z.object({ GetCallerIdentityResult: z.object({ Arn: z.string(), UserId: z.string() }) }),
});

/**
 * Sends the signed request, with the plane's name in the header that is signed: STS answers only if the signature was
 * made for this plane. Throws TokenRefused, or 429 when AWS throttles.
 */
export async function whoCalls({ ask, clock, clusterId }: Sts, url: string): Promise<Caller> {
  const { status, body } = await answerTo(ask, clock, url, { [planeHeader]: clusterId, accept: 'application/json' });
  if (status === 200) return readCaller(body);
  if (body.includes('Throttling'))
    throw new StatusError(429, 'TooManyRequests', 'AWS STS throttles: try again later', { retryAfterSeconds: 1 });
  throw new TokenRefused(`STS answered ${status}`);
}

function readCaller(body: string): Caller {
  const { Arn, UserId } = parseAnswer(body);
  const principal = readArn(Arn);
  if (principal === undefined) throw new TokenRefused(`${Arn.slice(0, 256)} is nobody who can be mapped`);
  const { arn, account, isRole } = principal;
  if (!isRole) return { arn, account };
  // AROAEXAMPLE:session
  const [, session, ...more] = UserId.split(':');
  if (session === undefined || more.length > 0) throw new TokenRefused(`the user id of ${arn} names no session`);
  return { arn, account, session };
}

function parseAnswer(body: string): { readonly Arn: string; readonly UserId: string } {
  try {
    return callerIdentity.parse(JSON.parse(body)).GetCallerIdentityResponse.GetCallerIdentityResult;
  } catch {
    throw new TokenRefused('the answer of STS is no caller identity');
  }
}
