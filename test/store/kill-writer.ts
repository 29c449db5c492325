import { localClient } from '../../infra/local/dynamodb/client.ts';
import { startDynamoDb } from '../../infra/local/dynamodb/host.ts';
import { ensureNamespaces, ensureTable } from '../../shared/store/dynamodb.ts';
import { openOn } from './dynamo-host.ts';
import { counted, newShell, shell } from './objects.ts';

/** Writes to the directory of its first argument until it is killed, and prints a line for each write that was answered. */

const dynamodb = await startDynamoDb({ path: process.argv[2]! });
const client = localClient(dynamodb.endpoint);
await ensureTable({ client, table: 'plastron' });
const store = openOn(client, 'plastron');
await ensureNamespaces(store);

const ownersOf = (count: number) => newShell('', { owner: `uid-${count}` }).metadata.ownerReferences!;

await Promise.all(
  Array.from({ length: 8 }, async (_, writer) => {
    const name = `writer-${writer}`;
    let object = await store.create(shell, newShell(name, { owner: 'uid-0' }), { dueAt: 1 });
    for (let count = 1; ; count++) {
      object = await store.update(
        shell,
        { ...counted(object, count), metadata: { ...object.metadata, ownerReferences: ownersOf(count) } },
        { dueAt: count },
      );
      process.stdout.write(`${name} ${count}\n`);
    }
  }),
);
