import type { AddressInfo } from 'node:net';
import { describe, expect, it, jest } from '@jest/globals';
import dynalite from 'dynalite';
import { makeWritesAtomic } from '../../infra/local/dynamodb/atomic-writes.ts';
import { localClient } from '../../infra/local/dynamodb/client.ts';
import { newTable, openOn } from './dynamo-host.ts';
import { counted, newShell, shell } from './objects.ts';

describe('the writes of the embedded DynamoDB', () => {
  it('reach LevelDB in one batch each, an item with its index entries', async () => {
    const opened = makeWritesAtomic();
    const server = dynalite({ createTableMs: 1 });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const client = localClient(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    const store = openOn(client, await newTable(client));
    const level = opened().db;
    const [put, del, batch] = [jest.spyOn(level, 'put'), jest.spyOn(level, 'del'), jest.spyOn(level, 'batch')];

    const made = await store.create(shell, newShell('a', { owner: 'uid-1' }), { dueAt: 1_000 });
    await store.update(shell, counted(made, 1), { dueAt: 2_000 });

    expect([put.mock.calls.length, del.mock.calls.length]).toEqual([0, 0]);
    const batches = batch.mock.calls.map(([operations]) => operations.map(({ type, key }) => `${type} ${key.split('~').at(-2)}`).sort());
    const entries = ['put byDue', 'put byOwner', 'put byVersion'];
    expect(batches.map((operations) => operations.filter((one) => one.includes(' by')))).toEqual([
      entries,
      ['del byDue', 'del byVersion', ...entries],
    ]);
    expect(batches.map(({ length }) => length)).toEqual([4, 6]);
    client.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
});
