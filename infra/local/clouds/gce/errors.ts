import { json, type Reply } from '../fake-server.ts';

/** An answer that is an error, as Compute Engine gives it: HTTP status, reason, message. */
export class ApiError extends Error {
  readonly status: number;
  readonly reason: string;
  constructor(status: number, reason: string, message: string) {
    super(message);
    this.name = 'ApiError';
    this.status = status;
    this.reason = reason;
  }
}

export const invalid = (field: string, value: string, message: string): ApiError =>
  new ApiError(400, 'invalid', `Invalid value for field 'resource.${field}': '${value}'. ${message}`);

export const notFound = (path: string): ApiError => new ApiError(404, 'notFound', `The resource '${path}' was not found`);

export const alreadyExists = (path: string): ApiError => new ApiError(409, 'alreadyExists', `The resource '${path}' already exists`);

export const notReady = (path: string): ApiError => new ApiError(400, 'resourceNotReady', `The resource '${path}' is not ready`);

export const inUse = (message: string): ApiError => new ApiError(400, 'resourceInUseByAnotherResource', message);

export const errorReply = (status: number, reason: string, message: string): Reply =>
  json(status, { error: { code: status, message, errors: [{ message, domain: 'global', reason }] } });
