import type { DynamoDBClient, DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { storeClient } from '../../../shared/store/client.ts';

type Signer = Extract<NonNullable<DynamoDBClientConfig['signer']>, { sign: unknown }>;

/** The embedded DynamoDB looks that a request is signed, not by whom: hashing and signing would be a third of a request's CPU. */
const signer = {
  async sign(request: { readonly headers: Record<string, string> }) {
    request.headers.authorization =
      'AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=local';
    request.headers['x-amz-date'] = '20260101T000000Z';
    return request;
  },
} as Signer;

/** A client for a DynamoDB on this machine. It has time: under load a request may wait in line for longer than one to AWS may take. */
export const localClient = (endpoint: string): DynamoDBClient =>
  storeClient({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    requestHandler: { requestTimeout: 60_000, throwOnRequestTimeout: true, httpAgent: { keepAlive: true, maxSockets: 64 } },
    signer,
    // No command brings middleware of its own, so what one needs can be put together once.
    cacheMiddleware: true,
    // The logger that does nothing is still given a copy of every request and answer; one without functions is not.
    logger: {} as NonNullable<DynamoDBClientConfig['logger']>,
  });
