import { describe, expect, it } from '@jest/globals';
import { gatewayResponses } from '../../../infra/aws/stack/gateway-responses.ts';

interface GatewayResponse {
  readonly statusCode: string;
  readonly responseTemplates: Readonly<Record<string, string>>;
  readonly responseParameters?: Readonly<Record<string, string>>;
}

const responses = gatewayResponses() as Record<string, GatewayResponse>;
const bodyOf = (type: string) => JSON.parse(responses[type]!.responseTemplates['application/json']!) as Record<string, unknown>;

describe('what API Gateway answers by itself', () => {
  it.each([
    ['REQUEST_TOO_LARGE', 413, 'RequestEntityTooLarge'],
    ['THROTTLED', 429, 'TooManyRequests'],
    ['UNAUTHORIZED', 401, 'Unauthorized'],
    ['EXPIRED_TOKEN', 401, 'Unauthorized'],
    ['ACCESS_DENIED', 403, 'Forbidden'],
    ['MISSING_AUTHENTICATION_TOKEN', 404, 'NotFound'],
    ['INVALID_SIGNATURE', 404, 'NotFound'],
    ['RESOURCE_NOT_FOUND', 404, 'NotFound'],
    ['UNSUPPORTED_MEDIA_TYPE', 415, 'UnsupportedMediaType'],
    ['INTEGRATION_TIMEOUT', 504, 'Timeout'],
    ['INTEGRATION_FAILURE', 504, 'Timeout'],
    ['DEFAULT_4XX', 400, 'BadRequest'],
    ['DEFAULT_5XX', 500, 'InternalError'],
  ])('is a Status for %s: %i %s', (type, code, reason) => {
    expect(responses[type]!.statusCode).toBe(String(code));
    expect(bodyOf(type)).toMatchObject({
      kind: 'Status',
      apiVersion: 'v1',
      status: 'Failure',
      code,
      reason,
      message: expect.stringMatching(/\S/),
    });
  });

  it('agrees with itself: the code in the body is that of the answer', () => {
    for (const [type, { statusCode }] of Object.entries(responses)) expect([type, String(bodyOf(type).code)]).toEqual([type, statusCode]);
  });

  it('says when to come back only where nothing has happened yet', () => {
    const withRetry = Object.entries(responses).filter(([, { responseParameters }]) => responseParameters !== undefined);
    expect(withRetry).toEqual([
      ['THROTTLED', expect.objectContaining({ responseParameters: { 'gatewayresponse.header.Retry-After': "'1'" } })],
    ]);
    expect(bodyOf('THROTTLED')).toMatchObject({ details: { retryAfterSeconds: 1 } });
  });

  it('holds nothing that API Gateway would take for a template', () => {
    for (const { responseTemplates } of Object.values(responses)) expect(Object.values(responseTemplates).join()).not.toMatch(/[$#]/);
  });
});
