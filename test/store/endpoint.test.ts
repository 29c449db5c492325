import { describe, it } from '@jest/globals';
import { localClient } from '../../infra/local/dynamodb/client.ts';
import { storeConformance } from './conformance.ts';
import { dynamoConformance } from './dynamo-conformance.ts';
import { newTable, openOn } from './dynamo-host.ts';

/** `STORE_ENDPOINT=http://127.0.0.1:5000 npm test -- store` runs the same promises against any DynamoDB. */
const endpoint = process.env.STORE_ENDPOINT;

if (endpoint === undefined) {
  describe('the store on another DynamoDB', () => {
    it.skip('is not tested: STORE_ENDPOINT names none', () => {});
  });
} else {
  storeConformance(endpoint, async () => {
    const client = localClient(endpoint);
    return {
      open: async (options = {}) => openOn(client, await newTable(client), options),
      close: async () => client.destroy(),
    };
  });
  dynamoConformance(endpoint, async () => {
    const client = localClient(endpoint);
    return { client, close: async () => client.destroy() };
  });
}
