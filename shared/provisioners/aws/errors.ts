import { Invalid, OutOfCapacity, PlastronError, QuotaExceeded, Refused, RetryLater } from '../../errors.ts';

type Outcome = typeof RetryLater | typeof OutOfCapacity | typeof QuotaExceeded | typeof Invalid | typeof Refused;

/** What EC2's error codes mean for us. */
const codes: readonly (readonly [Outcome, readonly string[]])[] = [
  [
    RetryLater,
    [
      'RequestLimitExceeded',
      'InternalError',
      'InternalFailure',
      'Unavailable',
      'ServiceUnavailable',
      'ResourceCountExceeded',
      'PendingVerification',
      // What was made a moment ago may not be there yet for the next call, or be in a state that passes.
      'InvalidInstanceID',
      'InvalidInstanceID.NotFound',
      'InvalidGroup.NotFound',
      'InvalidSubnetID.NotFound',
      'IncorrectInstanceState',
      'IncorrectState',
      'DependencyViolation',
      'VolumeInUse',
      'Resource.AlreadyAssociated',
      'IdempotentParameterMismatch',
    ],
  ],
  [
    OutOfCapacity,
    [
      'InsufficientInstanceCapacity',
      'InsufficientHostCapacity',
      'InsufficientReservedInstanceCapacity',
      'InsufficientCapacity',
      // The type is not offered in this zone: another may do.
      'Unsupported',
      'SpotMaxPriceTooLow',
    ],
  ],
  [
    QuotaExceeded,
    [
      'VcpuLimitExceeded',
      'InstanceLimitExceeded',
      'MaxSpotInstanceCountExceeded',
      'AddressLimitExceeded',
      'InsufficientFreeAddressesInSubnet',
      'VolumeLimitExceeded',
      'SecurityGroupLimitExceeded',
      'SecurityGroupsPerInterfaceLimitExceeded',
    ],
  ],
  [Invalid, ['OptInRequired', 'IdempotentInstanceTerminated']],
  [
    Refused,
    [
      'AuthFailure',
      'UnauthorizedOperation',
      'ExpiredToken',
      'RequestExpired',
      'InvalidClientTokenId',
      'UnrecognizedClientException',
      'MissingAuthenticationToken',
      'SignatureDoesNotMatch',
      'Blocked',
    ],
  ],
];

const byCode = new Map(codes.flatMap(([outcome, names]) => names.map((name) => [name, outcome] as const)));

/** What the SDK throws, as far as we read it. */
interface SdkError extends Error {
  readonly $metadata?: { readonly httpStatusCode?: number };
  readonly $response?: { readonly headers?: Readonly<Record<string, string>> };
}

/** The error of `errors.ts` for what the SDK threw; `doing` completes "EC2 could not ...". */
export function classify(error: unknown, doing: string): PlastronError {
  if (error instanceof PlastronError) return error;
  const sdk: SdkError = error instanceof Error ? error : new Error(String(error));
  const status = sdk.$metadata?.httpStatusCode;
  const Outcome = outcomeOf(sdk.name, status);
  // What EC2 says of a signature quotes the request, session token and all: neither message nor cause may go on.
  if (Outcome === Refused)
    return new Refused(
      `EC2 did not let us ${doing} (${sdk.name}): check that the AWS credentials are right, current, and allowed to do this`,
    );
  const retryAfter = Number(sdk.$response?.headers?.['retry-after']);
  return new Outcome(`EC2 could not ${doing}: ${status === undefined ? 'no answer: ' : ''}${sdk.name}: ${sdk.message.slice(0, 300)}`, {
    cause: error,
    ...(retryAfter > 0 && { retryAfter }),
  });
}

/** Unlisted codes: EC2 has hundreds, and their first word tells what they are about. */
function outcomeOf(code: string, status: number | undefined): Outcome {
  const known = byCode.get(code);
  if (known !== undefined) return known;
  if (status === undefined || status >= 500 || /Throttl|RequestLimit|TooManyRequests/.test(code)) return RetryLater;
  if (status === 401 || status === 403) return Refused;
  if (/LimitExceeded$/.test(code)) return QuotaExceeded;
  return /^(Invalid|Missing|Malformed|Unknown|Unsupported)/.test(code) ? Invalid : RetryLater;
}

/** EC2's own code behind a classified error. */
export const codeOf = (error: unknown): string | undefined =>
  error instanceof PlastronError && error.cause instanceof Error ? error.cause.name : undefined;
