import { describe, expect, it } from '@jest/globals';
import { Conflict } from '../../shared/errors.ts';
import { classify, codeOf } from '../../shared/provisioners/aws/errors.ts';

const thrown = (name: string, status: number | undefined, headers = {}): Error =>
  Object.assign(new Error('what EC2 said'), { name, $metadata: { httpStatusCode: status }, $response: { headers } });

describe('errors of EC2', () => {
  it.each<[string, number | undefined, string]>([
    ['RequestLimitExceeded', 503, 'RetryLater'],
    ['Throttling', 400, 'RetryLater'],
    ['ThrottlingException', 400, 'RetryLater'],
    ['InternalError', 500, 'RetryLater'],
    ['Unavailable', 503, 'RetryLater'],
    ['SomethingNew', 502, 'RetryLater'],
    ['SomethingNew', 400, 'RetryLater'],
    ['ECONNREFUSED', undefined, 'RetryLater'],
    ['TimeoutError', undefined, 'RetryLater'],
    ['InvalidInstanceID', 400, 'RetryLater'],
    ['InvalidInstanceID.NotFound', 400, 'RetryLater'],
    ['InvalidGroup.NotFound', 400, 'RetryLater'],
    ['InvalidSubnetID.NotFound', 400, 'RetryLater'],
    ['IncorrectInstanceState', 400, 'RetryLater'],
    ['DependencyViolation', 400, 'RetryLater'],
    ['ResourceCountExceeded', 400, 'RetryLater'],
    ['Resource.AlreadyAssociated', 400, 'RetryLater'],
    ['InsufficientInstanceCapacity', 500, 'OutOfCapacity'],
    ['InsufficientHostCapacity', 500, 'OutOfCapacity'],
    ['InsufficientReservedInstanceCapacity', 500, 'OutOfCapacity'],
    ['Unsupported', 400, 'OutOfCapacity'],
    ['SpotMaxPriceTooLow', 400, 'OutOfCapacity'],
    ['VcpuLimitExceeded', 400, 'QuotaExceeded'],
    ['InstanceLimitExceeded', 400, 'QuotaExceeded'],
    ['MaxSpotInstanceCountExceeded', 400, 'QuotaExceeded'],
    ['AddressLimitExceeded', 400, 'QuotaExceeded'],
    ['InsufficientFreeAddressesInSubnet', 400, 'QuotaExceeded'],
    ['VolumeLimitExceeded', 400, 'QuotaExceeded'],
    ['SomeNewLimitExceeded', 400, 'QuotaExceeded'],
    ['InvalidParameterValue', 400, 'Invalid'],
    ['InvalidParameterCombination', 400, 'Invalid'],
    ['MissingParameter', 400, 'Invalid'],
    ['InvalidAMIID.NotFound', 400, 'Invalid'],
    ['InvalidAMIID.Malformed', 400, 'Invalid'],
    ['InvalidKeyPair.NotFound', 400, 'Invalid'],
    ['InvalidBlockDeviceMapping', 400, 'Invalid'],
    ['OptInRequired', 400, 'Invalid'],
    ['AuthFailure', 401, 'Refused'],
    ['UnauthorizedOperation', 403, 'Refused'],
    ['ExpiredToken', 400, 'Refused'],
    ['RequestExpired', 400, 'Refused'],
    ['InvalidClientTokenId', 403, 'Refused'],
    ['SignatureDoesNotMatch', 403, 'Refused'],
    ['SomethingNew', 403, 'Refused'],
  ])('%s (%s) is %s', (code, status, outcome) => {
    const error = classify(thrown(code, status), 'create the instance');
    expect(error.name).toBe(outcome);
    expect(error.message).toContain('create the instance');
    expect(error.message).toContain(code);
  });

  it('keep what EC2 said and its code, but not of a refusal: that quotes the request', () => {
    expect(classify(thrown('InvalidKeyPair.NotFound', 400), 'do it').message).toContain('what EC2 said');
    expect(codeOf(classify(thrown('InvalidKeyPair.NotFound', 400), 'do it'))).toBe('InvalidKeyPair.NotFound');
    const refusal = classify(thrown('SignatureDoesNotMatch', 403), 'do it');
    expect(refusal.message).not.toContain('what EC2 said');
    expect(refusal.cause).toBeUndefined();
  });

  it('carry the Retry-After of the reply', () => {
    expect(classify(thrown('RequestLimitExceeded', 503, { 'retry-after': '7' }), 'do it').retryAfter).toBe(7);
    expect(classify(thrown('RequestLimitExceeded', 503), 'do it').retryAfter).toBeUndefined();
  });

  it('are left as they are when they are ours already', () => {
    const ours = new Conflict('read again');
    expect(classify(ours, 'do it')).toBe(ours);
  });
});
