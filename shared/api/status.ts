import { type Cause, outcomes, PlastronError } from '../errors.ts';
import type { Kind } from '../kinds/define-kind.ts';

/** Kubernetes' `Status`: how the API says that something went wrong, in the codes and words that clients switch on. */

export interface StatusCause {
  readonly reason?: string;
  readonly message: string;
  readonly field?: string;
}

export interface StatusDetails {
  readonly name?: string;
  readonly group?: string;
  /** The kind when the object is invalid, else the resource (`machines`), as upstream. */
  readonly kind?: string;
  readonly uid?: string;
  readonly causes?: readonly StatusCause[];
  readonly retryAfterSeconds?: number;
}

/** An answer that is a failure. Thrown anywhere below the API, and turned into a response in one place. */
export class StatusError extends Error {
  readonly code: number;
  readonly reason: string;
  readonly details: StatusDetails | undefined;
  constructor(code: number, reason: string, message: string, details?: StatusDetails) {
    super(message);
    this.name = 'StatusError';
    this.code = code;
    this.reason = reason;
    this.details = details;
  }
}

type Named = Pick<Kind, 'group' | 'kind' | 'plural'>;

/** `machines.cluster.k8s.io`, as messages name a resource. */
export const resourceName = (kind: Named): string => (kind.group === '' ? kind.plural : `${kind.plural}.${kind.group}`);

const detailsOf = (kind: Named, name: string | undefined): StatusDetails => ({
  ...(name !== undefined && { name }),
  ...(kind.group !== '' && { group: kind.group }),
  kind: kind.plural,
});

export const badRequest = (message: string): StatusError => new StatusError(400, 'BadRequest', message);

export const unauthorized = (): StatusError => new StatusError(401, 'Unauthorized', 'Unauthorized');

export const forbidden = (message: string, details?: StatusDetails): StatusError => new StatusError(403, 'Forbidden', message, details);

/** The path leads nowhere: no such resource. */
export const noSuchResource = (): StatusError => new StatusError(404, 'NotFound', 'the server could not find the requested resource', {});

export const notFound = (kind: Named, name: string): StatusError =>
  new StatusError(404, 'NotFound', `${resourceName(kind)} "${name}" not found`, detailsOf(kind, name));

export const methodNotAllowed = (kind?: Named): StatusError =>
  new StatusError(
    405,
    'MethodNotAllowed',
    'the server does not allow this method on the requested resource',
    kind === undefined ? {} : detailsOf(kind, undefined),
  );

export const notAcceptable = (): StatusError =>
  new StatusError(406, 'NotAcceptable', 'only the following media types are accepted: application/json');

export const alreadyExists = (kind: Named, name: string): StatusError =>
  new StatusError(409, 'AlreadyExists', `${resourceName(kind)} "${name}" already exists`, detailsOf(kind, name));

export const conflict = (kind: Named, name: string, why: string, causes: readonly StatusCause[] = []): StatusError =>
  new StatusError(409, 'Conflict', `Operation cannot be fulfilled on ${resourceName(kind)} "${name}": ${why}`, {
    ...detailsOf(kind, name),
    ...(causes.length > 0 && { causes }),
  });

/** The write named version `theirs`, and `ours` is stored; or it named none, and others were faster each time. */
export const outdated = (kind: Named, name: string, theirs?: string, ours?: string): StatusError =>
  conflict(
    kind,
    name,
    'the object has been modified; please apply your changes to the latest version and try again',
    theirs === undefined
      ? []
      : [{ reason: 'ResourceVersionConflict', field: 'metadata.resourceVersion', message: `the request has ${theirs}, stored is ${ours}` }],
  );

export const tooLarge = (why: string): StatusError => new StatusError(413, 'RequestEntityTooLarge', `Request entity too large: ${why}`);

export const unsupportedMediaType = (accepted: readonly string[]): StatusError =>
  new StatusError(
    415,
    'UnsupportedMediaType',
    `the body of the request was in an unknown format - accepted media types include: ${accepted.join(', ')}`,
  );

/** As many as anybody reads: a body of 3 MB can have a hundred thousand. */
export const mostCauses = 100;

/** Nothing is stored: `causes` say per field what is wrong and what to write instead. */
export function invalid(kind: Pick<Kind, 'group' | 'kind'>, name: string, causes: readonly Cause[]): StatusError {
  const worded = causes.slice(0, mostCauses).map(wordCause);
  const sentences = worded.map((cause) => `${cause.field}: ${cause.message}`);
  const type = kind.group === '' ? kind.kind : `${kind.kind}.${kind.group}`;
  return new StatusError(
    422,
    'Invalid',
    `${type} "${name}" is invalid: ${sentences.length === 1 ? sentences[0] : `[${sentences.join(', ')}]`}`,
    { ...(name !== '' && { name }), ...(kind.group !== '' && { group: kind.group }), kind: kind.kind, causes: worded },
  );
}

const prefixes = {
  FieldValueInvalid: 'Invalid value',
  FieldValueRequired: 'Required value',
  FieldValueNotSupported: 'Unsupported value',
  FieldValueForbidden: 'Forbidden',
  FieldValueDuplicate: 'Duplicate value',
  FieldValueTooLong: 'Too long',
} as const;

/** In Kubernetes' words: `Required value: ...`. */
export function wordCause({ field, message, reason = 'FieldValueInvalid' }: Cause): StatusCause {
  return { reason, message: `${prefixes[reason]}: ${message}`, field };
}

/** Every error as a StatusError; undefined for one that nobody foresaw, which is logged and told to nobody. */
export function toStatusError(error: unknown): StatusError | undefined {
  if (error instanceof StatusError) return error;
  if (!(error instanceof PlastronError)) return undefined;
  const code = error.throttled ? 429 : (outcomes[error.name]?.status ?? 500);
  const causes = error.causes.map(wordCause);
  // client-go repeats a 429 or a 503 only when it is told when.
  const retryAfterSeconds = code === 429 || code === 503 ? (error.retryAfter ?? 1) : error.retryAfter;
  return new StatusError(code, reasons[code] ?? 'InternalError', error.message, {
    ...(causes.length > 0 && { causes }),
    ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
  });
}

const reasons: Readonly<Record<number, string>> = {
  403: 'Forbidden',
  404: 'NotFound',
  409: 'Conflict',
  410: 'Expired',
  422: 'Invalid',
  429: 'TooManyRequests',
  503: 'ServiceUnavailable',
  504: 'Timeout',
};

/** The body of a failed request. What a client sent is quoted in it, and may be of any length: whoever reads it wants to see the beginning. */
export const statusBody = ({ message, reason, details, code }: StatusError): Record<string, unknown> => ({
  kind: 'Status',
  apiVersion: 'v1',
  metadata: {},
  status: 'Failure',
  message: cut(message, longestMessage),
  reason,
  ...(details !== undefined && { details: shortened(details) }),
  code,
});

/** Characters. */
const longestMessage = 32 * 1024;
const longestCause = 1024;

function shortened({ name, causes, ...details }: StatusDetails): StatusDetails {
  return {
    ...(name !== undefined && { name: cut(name, longestCause) }),
    ...details,
    ...(causes !== undefined && { causes: causes.slice(0, mostCauses).map(shortenedCause) }),
  };
}

const shortenedCause = ({ message, field, ...cause }: StatusCause): StatusCause => ({
  ...cause,
  message: cut(message, longestCause),
  ...(field !== undefined && { field: cut(field, longestCause) }),
});

/** A text of at most so many characters: of a longer one, its beginning. */
export const cut = (text: string, length: number): string => (text.length > length ? `${text.slice(0, length)}…` : text);
