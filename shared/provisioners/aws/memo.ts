import * as z from 'zod';
import type { DesiredInstance, Memo } from '../provisioner.ts';
import type { AwsConfig } from './config.ts';
import { clientToken } from './names.ts';

/** What RunInstances is asked for, but for user data and tags: rendered once, since a repeated call must not differ. */
const parameters = z.object({
  imageId: z.string(),
  instanceType: z.string(),
  keyName: z.string().optional(),
  subnetId: z.string().optional(),
  securityGroupIds: z.array(z.string()).optional(),
  /** Name of the root device and its size in GB. */
  rootDisk: z.object({ device: z.string(), size: z.int() }).optional(),
});
export type Parameters = z.output<typeof parameters>;

/** A request that may have been sent, and of which no answer was written down. */
const asked = z.object({
  /** Raised when EC2 says that what the parameters name is not there (any more). */
  attempt: z.int().min(1),
  token: z.string(),
  parameters,
  /** When it was written down that the request will be sent, ms since 1970. */
  requestedAt: z.number(),
});
export type Asked = z.output<typeof asked>;

/** The instance that came of it. */
const made = z.object({ providerID: z.string(), requestedAt: z.number() });
export type Made = z.output<typeof made>;

/** Undefined: there is none, or it is not one of ours. */
export const readMemo = (memo: Memo | undefined): Asked | Made | undefined => z.union([made, asked]).safeParse(memo).data;

export const newAttempt = (desired: DesiredInstance<AwsConfig>, attempt: number, rendered: Parameters, now: number): Asked => ({
  attempt,
  token: clientToken(desired.machine.uid, attempt),
  parameters: rendered,
  requestedAt: now,
});

/** A request is sent only this long after it was written down, so that who deletes knows until when one may be on its way. */
export const intentMs = 10_000;

/**
 * Written down a moment ago, so that no look for an instance comes before the request: of this token there is none yet, or the
 * token itself finds it.
 */
export const isFresh = ({ requestedAt }: Asked, now: number): boolean => now < requestedAt + 1_000;

/** True while an instance may exist, or come to exist, though EC2 shows none. */
export const mayBeHidden = (memo: Asked | Made, settlingMs: number, now: number): boolean => now < memo.requestedAt + intentMs + settlingMs;
