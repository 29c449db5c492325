import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';

/**
 * The client that a store wants. It tries once: the store tries again by itself, since each try of a write carries a fresh
 * version. A try takes at most 2 seconds, so that four and the waits between them stay below the 10 seconds of overlap
 * that watches read again in AWS.
 */
export function storeClient(config: DynamoDBClientConfig = {}): DynamoDBClient {
  return new DynamoDBClient({
    requestHandler: {
      connectionTimeout: 1_000,
      requestTimeout: 2_000,
      throwOnRequestTimeout: true,
      httpAgent: { keepAlive: true, maxSockets: 128 },
      httpsAgent: { keepAlive: true, maxSockets: 128 },
    },
    ...config,
    maxAttempts: 1,
  });
}
