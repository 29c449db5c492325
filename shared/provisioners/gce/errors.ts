import * as z from 'zod';
import {
  AlreadyExists,
  Conflict,
  Invalid,
  NotFound,
  OutOfCapacity,
  PlastronError,
  QuotaExceeded,
  Refused,
  RetryLater,
} from '../../errors.ts';

type Outcome = new (message: string) => PlastronError;

/**
 * What the codes mean, both the `reason` of an HTTP error and the `code` inside an operation. The first that matches
 * counts. What is not in the list is judged by its HTTP status, or inside an operation passes for temporary.
 */
const outcomeOfCode: readonly (readonly [RegExp, Outcome])[] = [
  [/^ZONE_RESOURCE_POOL_EXHAUSTED|^STOCKOUT$/, OutOfCapacity],
  [/^(user)?rateLimitExceeded$|^RATE_LIMIT_EXCEEDED$|RATE_EXCEEDED$/i, RetryLater],
  [/^quotaExceeded$|^QUOTA_EXCEEDED$|^LIMIT_EXCEEDED$/, QuotaExceeded],
  [/^resource(NotReady|InUseByAnotherResource)$|^RESOURCE_NOT_READY$|^RESOURCE_IN_USE/, RetryLater],
  [/^conditionNotMet$|^CONDITION_NOT_MET$|^INTERNAL_ERROR$/, RetryLater],
  [/^alreadyExists$|^RESOURCE_ALREADY_EXISTS$/, AlreadyExists],
  [/^PERMISSIONS_ERROR$|^PERMISSION_DENIED$/, Refused],
  [/^RESOURCE_NOT_FOUND$|^INVALID_|^UNSUPPORTED_OPERATION$/, Invalid],
];

function outcomeOfStatus(status: number): Outcome {
  if (status === 401 || status === 403) return Refused;
  if (status === 404) return NotFound;
  if (status === 409) return Conflict;
  if (status === 408 || status === 412 || status === 429 || status >= 500) return RetryLater;
  return Invalid;
}

/** The error of an HTTP answer. `what` is what was tried: "insert instance talos-gce-master-0". */
export function httpError(what: string, status: number, reason: string | undefined, message: string): PlastronError {
  // A server that fails may say anything; only lack of machines is worth a word of its own.
  const byCode = outcomeOfCode.find(([codes]) => reason !== undefined && codes.test(reason))?.[1];
  const known = byCode !== undefined && (status < 500 || byCode === OutOfCapacity) ? byCode : undefined;
  const Outcome = status === 401 ? Refused : (known ?? outcomeOfStatus(status));
  return new Outcome(`Compute Engine did not ${what}: ${message} (${[status, reason].filter(Boolean).join(' ')})`);
}

/** The error that an operation ended with. */
export function operationError(what: string, code: string, message: string): PlastronError {
  const Outcome = outcomeOfCode.find(([codes]) => codes.test(code))?.[1] ?? RetryLater;
  return new Outcome(`Compute Engine did not ${what}: ${message} (${code})`);
}

/** Google's clients throw plain errors with these two fields; without a status no answer came. */
const clientError = z.object({ httpStatusCode: z.int().optional(), message: z.string() });

/** Where google-gax keeps the body of an error: the only place that has the reason for each status. */
const rawBody = Symbol.for('google-gax.rawHttpResponsePayload');
const errorBody = z.object({
  error: z.object({ message: z.string().optional(), errors: z.array(z.object({ reason: z.string().optional() })).optional() }),
});

/**
 * Translates what a client threw. The original is not kept as the cause: it holds the request, whose headers hold the
 * access token.
 */
export function classify(what: string, error: unknown): PlastronError {
  if (error instanceof PlastronError) return error;
  const { httpStatusCode, message } = clientError.catch({ message: String(error) }).parse(error);
  if (httpStatusCode === undefined) return new RetryLater(`Compute Engine did not ${what}: no answer (${message})`);
  const raw = (error as Record<symbol, unknown>)[rawBody];
  const body = errorBody.safeParse(typeof raw === 'string' ? parseJson(raw) : raw).data?.error;
  return httpError(what, httpStatusCode, body?.errors?.[0]?.reason, body?.message ?? shorten(message));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A proxy answers with a page of HTML: its title is enough. */
const shorten = (text: string): string => (text.length > 300 ? `${text.slice(0, 300)}...` : text);
