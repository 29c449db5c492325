import { describe, expect, it } from '@jest/globals';
import { AlreadyExists, Conflict, Invalid, NotFound, OutOfCapacity, QuotaExceeded, Refused, RetryLater } from '../../shared/errors.ts';
import { classify, httpError, operationError } from '../../shared/provisioners/gce/errors.ts';
import { requestId, ruleName } from '../../shared/provisioners/gce/names.ts';
import { keepServices } from '../../shared/provisioners/gce/protos.ts';

describe('errors of Compute Engine', () => {
  it.each([
    [400, 'invalid', Invalid],
    [400, undefined, Invalid],
    [400, 'resourceNotReady', RetryLater],
    [400, 'resourceInUseByAnotherResource', RetryLater],
    [401, 'authError', Refused],
    [403, 'forbidden', Refused],
    [403, 'accessNotConfigured', Refused],
    [403, 'rateLimitExceeded', RetryLater],
    [403, 'userRateLimitExceeded', RetryLater],
    [403, 'quotaExceeded', QuotaExceeded],
    [404, 'notFound', NotFound],
    [409, 'alreadyExists', AlreadyExists],
    [409, 'conflict', Conflict],
    [412, 'conditionNotMet', RetryLater],
    [413, undefined, Invalid],
    [429, undefined, RetryLater],
    [500, 'backendError', RetryLater],
    [503, 'ZONE_RESOURCE_POOL_EXHAUSTED', OutOfCapacity],
    // A server in trouble is not to be believed when it says that something is there or forbidden.
    [503, 'alreadyExists', RetryLater],
  ])('HTTP %i %s', (status, reason, expected) => {
    expect(httpError('get instance a', status, reason, 'words').constructor).toBe(expected);
  });

  it.each([
    ['ZONE_RESOURCE_POOL_EXHAUSTED', OutOfCapacity],
    ['ZONE_RESOURCE_POOL_EXHAUSTED_WITH_DETAILS', OutOfCapacity],
    ['STOCKOUT', OutOfCapacity],
    ['QUOTA_EXCEEDED', QuotaExceeded],
    ['RESOURCE_NOT_FOUND', Invalid],
    ['INVALID_USAGE', Invalid],
    ['INVALID_FIELD_VALUE', Invalid],
    ['PERMISSIONS_ERROR', Refused],
    ['RESOURCE_ALREADY_EXISTS', AlreadyExists],
    ['RESOURCE_IN_USE_BY_ANOTHER_RESOURCE', RetryLater],
    ['IP_IN_USE_BY_ANOTHER_RESOURCE', RetryLater],
    ['RESOURCE_OPERATION_RATE_EXCEEDED', RetryLater],
    ['RESOURCE_NOT_READY', RetryLater],
    ['INTERNAL_ERROR', RetryLater],
    ['SOMETHING_NEW', RetryLater],
  ])('operation %s', (code, expected) => {
    expect(operationError('insert instance a', code, 'words').constructor).toBe(expected);
  });

  it('say what was tried, what the cloud said, and its code', () => {
    expect(httpError('insert instance a', 400, 'invalid', 'No such type').message).toBe(
      'Compute Engine did not insert instance a: No such type (400 invalid)',
    );
  });

  it('without an answer pass for temporary', () => {
    expect(classify('get instance a', new Error('socket hang up'))).toBeInstanceOf(RetryLater);
    expect(classify('get instance a', 'The client has already been closed.')).toBeInstanceOf(RetryLater);
  });

  it('of a proxy are cut short', () => {
    const page = Object.assign(new Error(`<html>${'x'.repeat(5000)}`), { httpStatusCode: 502 });
    expect(classify('get instance a', page).message.length).toBeLessThan(500);
  });
});

describe('names on Compute Engine', () => {
  it('makes request ids that are UUIDs of version 5, the same for the same parts', () => {
    expect(requestId('uid', 1)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(requestId('uid', 1)).toBe(requestId('uid', 1));
    expect(new Set([requestId('uid', 1), requestId('uid', 2), requestId('uid1', ''), requestId('ui', 'd', 1)]).size).toBe(4);
  });

  it('keeps the names of rules within 63 characters, and apart by uid', () => {
    const cluster = { namespace: 'default', name: 'c'.repeat(63), uid: '7d6b9a52-0000-4000-8000-00000000c1a5' };
    expect(ruleName(cluster)).toHaveLength(63);
    expect(ruleName(cluster)).toMatch(/^plastron-c+-7d6b9a52$/);
  });
});

describe('cutting down the descriptor', () => {
  const descriptor = () => ({
    nested: {
      google: {
        nested: {
          cloud: {
            nested: {
              compute: {
                nested: {
                  v1: {
                    nested: {
                      Disks: { methods: { Get: { requestType: 'GetDisk', responseType: 'Disk' } } },
                      GetDisk: { fields: { disk: { type: 'string', id: 1 } } },
                      Disk: {
                        nested: { Status: { values: {} } },
                        fields: { labels: { keyType: 'string', type: 'Label' }, self: { type: 'Disk' } },
                      },
                      Label: { fields: {} },
                      Images: { methods: { Get: { requestType: 'GetImage', responseType: 'Image' } } },
                      GetImage: { fields: {} },
                      Image: { fields: { disk: { type: 'Disk' } } },
                    },
                  },
                  v1beta: { nested: {} },
                },
              },
            },
          },
        },
      },
    },
  });
  const versions = (root: ReturnType<typeof descriptor>) => root.nested.google.nested.cloud.nested.compute.nested;

  it('keeps the services asked for and what they reach, and is done when repeated', () => {
    const root = descriptor();
    keepServices(root, ['Disks']);
    keepServices(root, ['Disks']);
    expect(Object.keys(versions(root))).toEqual(['v1']);
    expect(Object.keys(versions(root).v1.nested)).toEqual(['Disks', 'GetDisk', 'Disk', 'Label']);
    expect(versions(root).v1.nested.Disk.nested).toEqual({ Status: { values: {} } });
  });

  it('refuses a service that is not there', () => {
    expect(() => keepServices(descriptor(), ['Disk2s'])).toThrow('@google-cloud/compute has no service or type Disk2s in v1');
    expect(() => keepServices({}, ['Disks'])).toThrow('its layout has changed');
  });
});
