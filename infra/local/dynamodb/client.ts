import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { storeClient } from '../../../shared/store/client.ts';

/** A client for a DynamoDB on this machine. It has time: under load a request may wait in line for longer than one to AWS may take. */
export const localClient = (endpoint: string): DynamoDBClient =>
  storeClient({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    requestHandler: { requestTimeout: 60_000, throwOnRequestTimeout: true, httpAgent: { keepAlive: true, maxSockets: 64 } },
  });
