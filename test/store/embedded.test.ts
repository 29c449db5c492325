import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { localClient } from '../../infra/local/dynamodb/client.ts';
import { startDynamoDb } from '../../infra/local/dynamodb/host.ts';
import { controllerOf } from '../../shared/kinds/object.ts';
import { ensureTable } from '../../shared/store/dynamodb.ts';
import { openOn } from './dynamo-host.ts';
import { newShell, shell } from './objects.ts';
import { changesUntil } from './watching.ts';

const table = 'plastron';

describe('the embedded DynamoDB on disk', () => {
  let path: string;
  beforeEach(() => {
    path = mkdtempSync(join(tmpdir(), 'plastron-dynamodb-'));
  });
  afterEach(() => rmSync(path, { recursive: true }));

  it('has after a restart what it had before', async () => {
    const first = await startDynamoDb({ path });
    const client = localClient(first.endpoint);
    await ensureTable({ client, table });
    const made = await openOn(client, table).create(shell, newShell('a'));
    await first.close();
    const second = await startDynamoDb({ path });
    const again = localClient(second.endpoint);
    await ensureTable({ client: again, table });
    expect(await openOn(again, table).get(shell, { namespace: 'default', name: 'a' })).toEqual(made);
    await second.close();
  });

  it('says that another process has the directory, and that a port is taken', async () => {
    const first = await startDynamoDb({ path });
    await expect(startDynamoDb({ path })).rejects.toThrow(`${path} is in use by another plastron process`);
    await expect(startDynamoDb({ port: Number(new URL(first.endpoint).port) })).rejects.toThrow(/port \d+ of 127.0.0.1 is in use/);
    await first.close();
  });

  it('loses no write that was answered when its process is killed, and no index loses an object', async () => {
    const answered = await killedWhileWriting(path, 200);
    const dynamodb = await startDynamoDb({ path });
    const client = localClient(dynamodb.endpoint);
    const store = openOn(client, table);
    const { items } = await store.list(shell, { namespace: 'default' });
    expect(items.length).toBe(8);
    for (const object of items) {
      expect(object.spec.count).toBeGreaterThanOrEqual(answered.get(object.metadata.name) ?? 0);
      expect(await store.ownedBy(shell, 'default', controllerOf(object)!.uid)).toContainEqual(object);
    }
    expect((await store.due(shell, 'default', Number.POSITIVE_INFINITY)).map(({ name }) => name).sort()).toEqual(
      items.map((o) => o.metadata.name),
    );
    const from = String(Math.min(...items.map(({ metadata }) => Number(metadata.resourceVersion))) - 1);
    const heard = await changesUntil(store, shell, { namespace: 'default', from });
    expect(heard.map(({ object }) => object?.metadata.name).sort()).toEqual(items.map((o) => o.metadata.name));
    await dynamodb.close();
  });
});

/** By name the last count that was answered before a kill -9. */
async function killedWhileWriting(path: string, writes: number): Promise<Map<string, number>> {
  const script = fileURLToPath(new URL('./kill-writer.ts', import.meta.url));
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', script, path], { stdio: ['ignore', 'pipe', 'inherit'] });
  const answered = new Map<string, number>();
  let lines = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    const [name, count] = line.split(' ');
    if (count !== undefined) answered.set(name!, Number(count));
    if (++lines === writes) child.kill('SIGKILL');
  }
  return answered;
}
