import { describe, it } from '@jest/globals';
import { storeClient } from '../../shared/store/client.ts';
import { storeConformance } from './conformance.ts';
import { dynamoConformance } from './dynamo-conformance.ts';
import { newTable, openOn } from './dynamo-host.ts';

/** `STORE_ENDPOINT=http://127.0.0.1:5000 npm test -- store` runs the same promises against any DynamoDB. */
const endpoint = process.env.STORE_ENDPOINT;

/**
 * moto (its server is Werkzeug) looks at a condition and then writes, without a lock: of two puts at the same moment both may
 * succeed. So it gets one request at a time; the writers still overtake each other between their requests.
 */
async function connect(url: string) {
  const server = (await fetch(url)).headers.get('server') ?? '';
  const maxSockets = server.startsWith('Werkzeug') ? 1 : 64;
  return storeClient({
    endpoint: url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    requestHandler: { requestTimeout: 60_000, throwOnRequestTimeout: true, httpAgent: { keepAlive: true, maxSockets } },
  });
}

if (endpoint === undefined) {
  describe('the store on another DynamoDB', () => {
    it.skip('is not tested: STORE_ENDPOINT names none', () => {});
  });
} else {
  storeConformance(endpoint, async () => {
    const client = await connect(endpoint);
    return {
      open: async (options = {}) => openOn(client, await newTable(client), options),
      close: async () => client.destroy(),
    };
  });
  dynamoConformance(endpoint, async () => {
    const client = await connect(endpoint);
    return { client, close: async () => client.destroy() };
  });
}
