/**
 * What can go wrong, in the words that everything above switches on. The class name is the error name a state
 * machine catches; `outcomes` maps it to the API's status code and to the reason a condition shows.
 */

/** One thing that is wrong with an object, as in `Status.details.causes` of Kubernetes. */
export interface Cause {
  /** Path of the field, as kubectl prints it: `spec.providerSpec.value.masters.ips[0]`. */
  readonly field: string;
  /** What is wrong and what to write instead. */
  readonly message: string;
  readonly reason?:
    | 'FieldValueInvalid'
    | 'FieldValueRequired'
    | 'FieldValueNotSupported'
    | 'FieldValueForbidden'
    | 'FieldValueDuplicate'
    | 'FieldValueTooLong';
}

interface Details {
  readonly cause?: unknown;
  readonly causes?: readonly Cause[];
  /** Seconds after which it makes sense to ask again. */
  readonly retryAfter?: number;
  /** The other side has more requests than it takes: asking less often helps. */
  readonly throttled?: boolean;
}

export abstract class PlastronError extends Error {
  /** Written out: a bundler may rename the class. */
  abstract override readonly name: string;
  readonly causes: readonly Cause[];
  readonly retryAfter: number | undefined;
  readonly throttled: boolean;
  constructor(message: string, details: Details = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.causes = details.causes ?? [];
    this.retryAfter = details.retryAfter;
    this.throttled = details.throttled ?? false;
  }
}

/** It is not there, and we know that it is not. */
export class NotFound extends PlastronError {
  override readonly name: string = 'NotFound';
}
/** Somebody else wrote first: read again and decide again. */
export class Conflict extends PlastronError {
  override readonly name: string = 'Conflict';
}
/** The name is taken. */
export class AlreadyExists extends Conflict {
  override readonly name: string = 'AlreadyExists';
}
/** The point in time asked for is no longer kept: list again. */
export class Expired extends PlastronError {
  override readonly name: string = 'Expired';
}
/** What was asked for can never work as it is written. Repeating does not help; changing the object does. */
export class Invalid extends PlastronError {
  override readonly name: string = 'Invalid';
}
/** It may work later: throttled, unavailable, or in a state that passes. */
export class RetryLater extends PlastronError {
  override readonly name: string = 'RetryLater';
}
/** The cloud has no machine of this type at this place now. */
export class OutOfCapacity extends PlastronError {
  override readonly name: string = 'OutOfCapacity';
}
/** The account may not have more of these. */
export class QuotaExceeded extends PlastronError {
  override readonly name: string = 'QuotaExceeded';
}
/** The other side knows us not or lets us not: credentials are missing, wrong, or too weak. */
export class Refused extends PlastronError {
  override readonly name: string = 'Refused';
}
/** The machine runs, but its Node did not come in time. */
export class JoinTimeout extends PlastronError {
  override readonly name: string = 'JoinTimeout';
}

/** How each class shows itself: the API's status code and the reason of a condition. */
export const outcomes: Readonly<Record<string, { readonly status: number; readonly reason: string }>> = {
  NotFound: { status: 404, reason: 'NotFound' },
  AlreadyExists: { status: 409, reason: 'AlreadyExists' },
  Conflict: { status: 409, reason: 'Conflict' },
  Expired: { status: 410, reason: 'Expired' },
  Invalid: { status: 422, reason: 'InvalidConfiguration' },
  RetryLater: { status: 503, reason: 'RetryLater' },
  OutOfCapacity: { status: 503, reason: 'InsufficientResources' },
  QuotaExceeded: { status: 403, reason: 'QuotaExceeded' },
  Refused: { status: 403, reason: 'CredentialsRefused' },
  JoinTimeout: { status: 504, reason: 'JoinClusterTimeoutError' },
};
