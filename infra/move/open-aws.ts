import { DescribeTableCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { KMSClient } from '@aws-sdk/client-kms';
import { SFNClient } from '@aws-sdk/client-sfn';
import { Invalid, NotFound, Refused } from '../../shared/errors.ts';
import type { Clock, Random } from '../../shared/ports.ts';
import { createDynamoStore, ensureNamespaces, storeClient } from '../../shared/store/dynamodb.ts';
import { aesSealer } from '../../shared/store/seal.ts';
import { kmsKeyRing } from '../aws/runtime/sealing.ts';
import type { Place } from './place.ts';
import { runningExecutions } from './running-executions.ts';

export interface AwsPlace {
  readonly table: string;
  readonly region: string;
  /** The plane's name: that of its stack, under which its secrets are sealed and its state machines are called. */
  readonly prefix: string;
  /** ARN or id of the customer key; absent: the one that the table is encrypted with. */
  readonly key?: string;
}

/** For how long nothing may have changed, ms: a reconcile reads, decides and starts within a few seconds, cold starts included. */
const quietMs = 10_000;
/** As the plane's own functions have it: other processes write too. */
const overlapMs = 10_000;

/** A plane on AWS, or a table restored from a backup of one, with the credentials of whoever runs this. */
export async function openAws(
  { table, region, prefix, key }: AwsPlace,
  { clock, random }: { clock: Clock; random: Random },
): Promise<Place> {
  const client = storeClient({ region });
  const kms = new KMSClient({ region });
  const stepFunctions = new SFNClient({ region });
  const keyId = key ?? (await keyOf(client, table, region));
  const sealer = aesSealer(kmsKeyRing({ kms, client, table, keyId, plane: prefix, clock }), random);
  return {
    describe: `table ${table} in ${region}`,
    store: createDynamoStore({ client, table, clock, random, sealer, overlapMs, pollMs: 1_000 }),
    quietMs,
    running: () => runningExecutions(stepFunctions, `${prefix}-`),
    async close() {
      for (const each of [client, kms, stepFunctions]) each.destroy();
    },
  };
}

/** The namespaces that always exist are made by the first to come. */
export async function openAwsTarget(where: AwsPlace, ports: { clock: Clock; random: Random }): Promise<Place> {
  const place = await openAws(where, ports);
  await ensureNamespaces(place.store);
  return place;
}

/** The key that encrypts the table also seals what is in it. A restored table has kept it. */
async function keyOf(client: DynamoDBClient, table: string, region: string): Promise<string> {
  const description = await client.send(new DescribeTableCommand({ TableName: table })).catch((error: unknown) => {
    const { name, message } = error as Error;
    if (name === 'ResourceNotFoundException')
      throw new NotFound(`there is no table ${table} in ${region}: look at the stack's output "Table"`);
    throw new Refused(`table ${table} in ${region} cannot be looked at (${name}): ${message}`, { cause: error });
  });
  const arn = description.Table?.SSEDescription?.KMSMasterKeyArn;
  if (arn === undefined) throw new Invalid(`table ${table} is encrypted with no customer key: say which seals the plane's secrets (--key)`);
  return arn;
}
