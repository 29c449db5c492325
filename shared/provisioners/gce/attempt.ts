import * as z from 'zod';
import type { DesiredInstance, Memo } from '../provisioner.ts';
import type { GceConfig } from './config.ts';
import { requestId } from './names.ts';

/** One attempt to insert an instance, as it is written down before the request is sent. */
const schema = z.object({
  /** 1 for the first; raised when an operation has failed. */
  attempt: z.int().min(1),
  /** A pure function of the machine and the attempt. */
  requestId: z.uuid(),
  /** When it was last written down that the request will be sent, ms since 1970. */
  requestedAt: z.number(),
  /** Name of the zone operation that inserts; absent while no answer has come. */
  operation: z.string().optional(),
  /** How the operation failed, and when it ended. */
  failure: z.object({ code: z.string(), message: z.string(), at: z.number() }).optional(),
});
export type Attempt = z.output<typeof schema>;

/** An insert is sent only this long after it was written down, so that whoever deletes knows until when one may be on its way. */
export const intentMs = 10_000;

export const newAttempt = (desired: DesiredInstance<GceConfig>, attempt: number, now: number): Attempt => ({
  attempt,
  requestId: requestId(desired.machine.uid, attempt),
  requestedAt: now,
});

/** Undefined: there is none, or it is not one of ours. */
export const readAttempt = (memo: Memo | undefined): Attempt | undefined => schema.safeParse(memo).data;

/** Written down a moment ago, and not sent since, unless we died over it. */
export const isFresh = ({ operation, failure, requestedAt }: Attempt, now: number): boolean =>
  operation === undefined && failure === undefined && now < requestedAt + 1_000;

/** True while an insert may still be on its way to Compute Engine although nothing can be seen of it. */
export const mayStillArrive = (attempt: Attempt, settlingMs: number, now: number): boolean =>
  attempt.operation === undefined && now < attempt.requestedAt + intentMs + settlingMs;

/** For so long after an operation failed we say why; then the next attempt may begin. */
export const failureMs = 30_000;

/** Seconds to the next look: 1 at first, then a quarter of the time that has passed, 10 at most. */
export const pace = (elapsedMs: number): number => Math.min(Math.max(Math.ceil(elapsedMs / 4000), 1), 10);
