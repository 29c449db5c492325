import { noSuchResource, StatusError, statusBody, tooLarge, unauthorized } from '../../../shared/api/status.ts';

/** Seconds after which a client that was turned away comes back. */
const retryAfter = 1;

const timeout = (message: string) => new StatusError(504, 'Timeout', message, {});
const internal = () => new StatusError(500, 'InternalError', 'Internal error occurred');
const forbidden = () => new StatusError(403, 'Forbidden', 'API Gateway does not let the request pass');
const malformed = () => new StatusError(400, 'BadRequest', 'API Gateway does not understand the request');

/** What API Gateway answers by itself, in the words of Kubernetes: clients switch on them. */
const answers: Readonly<Record<string, StatusError>> = {
  ACCESS_DENIED: forbidden(),
  API_CONFIGURATION_ERROR: internal(),
  BAD_REQUEST_BODY: malformed(),
  BAD_REQUEST_PARAMETERS: malformed(),
  DEFAULT_4XX: malformed(),
  DEFAULT_5XX: internal(),
  EXPIRED_TOKEN: unauthorized(),
  INTEGRATION_FAILURE: timeout('the function did not answer; if this was a write, read the object before you repeat it'),
  INTEGRATION_TIMEOUT: timeout('the function did not answer in time; if this was a write, read the object before you repeat it'),
  // Both are what API Gateway says about a path that it does not know.
  INVALID_SIGNATURE: noSuchResource(),
  MISSING_AUTHENTICATION_TOKEN: noSuchResource(),
  REQUEST_TOO_LARGE: tooLarge('API Gateway and Lambda do not take it'),
  RESOURCE_NOT_FOUND: noSuchResource(),
  THROTTLED: new StatusError(429, 'TooManyRequests', 'the plane has more requests than it was told to take, try again later', {
    retryAfterSeconds: retryAfter,
  }),
  UNAUTHORIZED: unauthorized(),
  UNSUPPORTED_MEDIA_TYPE: new StatusError(415, 'UnsupportedMediaType', 'API Gateway does not take this content type'),
  WAF_FILTERED: forbidden(),
};

/** The value of `x-amazon-apigateway-gateway-responses`. */
export const gatewayResponses = (): Record<string, unknown> =>
  Object.fromEntries(Object.entries(answers).map(([type, status]) => [type, responseOf(status)]));

function responseOf(status: StatusError): Record<string, unknown> {
  const { retryAfterSeconds } = status.details ?? {};
  return {
    statusCode: String(status.code),
    responseTemplates: { 'application/json': JSON.stringify(statusBody(status)) },
    // A quoted value is one that API Gateway takes as it stands.
    ...(retryAfterSeconds !== undefined && { responseParameters: { 'gatewayresponse.header.Retry-After': `'${retryAfterSeconds}'` } }),
  };
}
