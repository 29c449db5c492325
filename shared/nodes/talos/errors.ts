import { Code, ConnectError } from '@connectrpc/connect';
import { AlreadyExists, Invalid, NotFound, type PlastronError, Refused, RetryLater } from '../../errors.ts';

type ErrorClass = new (message: string, details: { cause: unknown }) => PlastronError;

/**
 * What a status of the Talos API means. Those that are not here pass by themselves: a node that boots answers
 * UNAVAILABLE, one that is not ready FAILED_PRECONDITION, and a TLS handshake that fails comes as INTERNAL or ABORTED.
 */
const meanings: ReadonlyMap<Code, ErrorClass> = new Map<Code, ErrorClass>([
  [Code.InvalidArgument, Invalid],
  [Code.Unimplemented, Invalid],
  [Code.OutOfRange, Invalid],
  [Code.NotFound, NotFound],
  [Code.AlreadyExists, AlreadyExists],
  [Code.PermissionDenied, Refused],
  [Code.Unauthenticated, Refused],
]);

/** `what` says which call to which node: "Bootstrap at 203.0.113.10:50000". */
export function fromStatus(error: unknown, what: string): PlastronError {
  const status = ConnectError.from(error, Code.Unavailable);
  const Meaning = meanings.get(status.code) ?? RetryLater;
  return new Meaning(`Talos API: ${what}: ${Code[status.code]}: ${status.rawMessage}`, { cause: error });
}
