import { localClient } from '../../infra/local/dynamodb/client.ts';
import { startDynamoDb } from '../../infra/local/dynamodb/host.ts';
import { storeConformance } from './conformance.ts';
import { dynamoConformance } from './dynamo-conformance.ts';
import { newTable, openOn } from './dynamo-host.ts';

storeConformance('the embedded DynamoDB', async () => {
  const dynamodb = await startDynamoDb();
  const client = localClient(dynamodb.endpoint);
  return {
    open: async (options = {}) => openOn(client, await newTable(client), options),
    async close() {
      client.destroy();
      await dynamodb.close();
    },
  };
});

dynamoConformance('the embedded DynamoDB', async () => {
  const dynamodb = await startDynamoDb();
  const client = localClient(dynamodb.endpoint);
  return {
    client,
    async close() {
      client.destroy();
      await dynamodb.close();
    },
  };
});
