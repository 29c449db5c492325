import { Code, ConnectError } from '@connectrpc/connect';
import { describe, expect, it } from '@jest/globals';
import { fromStatus } from '../../shared/nodes/talos/errors.ts';

describe('a status of the Talos API', () => {
  it.each([
    [Code.Unavailable, 'RetryLater'],
    [Code.DeadlineExceeded, 'RetryLater'],
    [Code.FailedPrecondition, 'RetryLater'],
    [Code.ResourceExhausted, 'RetryLater'],
    [Code.Aborted, 'RetryLater'],
    [Code.Internal, 'RetryLater'],
    [Code.Unknown, 'RetryLater'],
    [Code.Canceled, 'RetryLater'],
    [Code.AlreadyExists, 'AlreadyExists'],
    [Code.NotFound, 'NotFound'],
    [Code.PermissionDenied, 'Refused'],
    [Code.Unauthenticated, 'Refused'],
    [Code.InvalidArgument, 'Invalid'],
    [Code.Unimplemented, 'Invalid'],
  ])('%i is %s', (code, name) => {
    const error = fromStatus(new ConnectError('rpc says no', code), 'Version at 203.0.113.10');
    expect(error.name).toBe(name);
    expect(error.message).toBe(`Talos API: Version at 203.0.113.10: ${Code[code]}: rpc says no`);
  });

  it('that never came, since the connection failed, may come later', () => {
    expect(fromStatus(new Error('read ECONNRESET'), 'Version at 203.0.113.10').name).toBe('RetryLater');
  });
});
