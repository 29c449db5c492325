import { QuotaExceeded, Refused, RetryLater } from '../errors.ts';
import type { Clock, Random } from '../ports.ts';

/**
 * What a failed request to DynamoDB means.
 * - condition: the item is not as the condition says; nothing was written.
 * - throttled: not now; nothing was written.
 * - unanswered: nobody knows whether it was carried out.
 * - final: the same request fails again.
 */
export type Failure = 'condition' | 'throttled' | 'unanswered' | 'final';

const throttled = new Set([
  'ThrottlingException',
  'ThrottledException',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'LimitExceededException',
]);
/** Nobody listens there now: as with throttling, nothing was written. */
const unreachable = 'ECONNREFUSED';
const credentials = new Set([
  'AccessDeniedException',
  'UnrecognizedClientException',
  'InvalidSignatureException',
  'IncompleteSignatureException',
  'MissingAuthenticationTokenException',
  'ExpiredTokenException',
  'CredentialsProviderError',
]);

interface SdkError {
  readonly name?: string;
  readonly code?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

export function failureOf(error: unknown): Failure {
  const { name = '', code = '', $metadata } = (error ?? {}) as SdkError;
  if (name === 'ConditionalCheckFailedException') return 'condition';
  if (isThrottled(error) || code === unreachable) return 'throttled';
  if (credentials.has(name)) return 'final';
  const status = $metadata?.httpStatusCode;
  if (status !== undefined) return status >= 500 ? 'unanswered' : 'final';
  // No status, no answer: a timeout, a connection cut off. Anything else without a status never left this process.
  return name === 'TimeoutError' || name === 'AbortError' || code !== '' ? 'unanswered' : 'final';
}

function isThrottled(error: unknown): boolean {
  const { name = '', code = '', $metadata } = (error ?? {}) as SdkError;
  return throttled.has(name) || throttled.has(code) || $metadata?.httpStatusCode === 429;
}

/** The error of `errors.ts` that a caller of the store sees; what is our own mistake stays as it is. */
export function explained(error: unknown, what: string): unknown {
  const { name = 'Error', message } = (error ?? {}) as Error;
  if (failureOf(error) !== 'final')
    return new RetryLater(`DynamoDB does not ${what} now (${name})`, { cause: error, retryAfter: 1, throttled: isThrottled(error) });
  if (credentials.has(name))
    return new Refused(`DynamoDB refuses to ${what} (${name}): check the credentials and the role`, { cause: error });
  if (name === 'ItemCollectionSizeLimitExceededException')
    return new QuotaExceeded(
      'this kind has 10 GB in this namespace, which is all that DynamoDB takes: delete some, or use another namespace',
    );
  if (name === 'ResourceNotFoundException') return new Error(`DynamoDB cannot ${what}: the table does not exist there`, { cause: error });
  return error instanceof Error ? error : new Error(`DynamoDB cannot ${what}: ${message}`);
}

/** Together with the client's time limit of each try this stays below the overlap that watches read again. */
export const tries = 4;

/** Waits before another try: 40 to 80 ms at first, then twice as long each time. */
export async function backOff(turn: number, { clock, random }: { readonly clock: Clock; readonly random: Random }): Promise<void> {
  const share = 0.5 + (random.bytes(1)[0] ?? 0) / 512;
  await clock.sleep(80 * 2 ** turn * share);
}
