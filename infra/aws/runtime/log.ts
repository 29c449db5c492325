import { Logger } from '@aws-lambda-powertools/logger';
import type { Context } from 'aws-lambda';
import type { Log } from '../../../shared/ports.ts';

const logger = new Logger();

/** Structured lines in CloudWatch, each with the request that it was written for. */
export const log: Log = {
  debug: (sentence, fields = {}) => logger.debug(sentence, fields),
  info: (sentence, fields = {}) => logger.info(sentence, fields),
  warn: (sentence, fields = {}) => logger.warn(sentence, fields),
  error: (sentence, fields = {}) => logger.error(sentence, fields),
};

/** A middy middleware: what is logged from here on belongs to this invocation. */
export const withRequestId = {
  before: ({ context }: { readonly context: Context }): void => logger.appendKeys({ request_id: context.awsRequestId }),
};
