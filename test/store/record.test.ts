import { describe, expect, it } from '@jest/globals';
import { namespace } from '../../shared/kinds/core/namespace.ts';
import { secret } from '../../shared/kinds/core/secret.ts';
import { emptied, terminating } from '../../shared/kinds/deletion.ts';
import { machine } from '../../shared/kinds/machine/kind.ts';
import { createMemoryStore } from '../../shared/store/memory.ts';
import { newNamespace } from '../../shared/store/namespaces.ts';
import { concernsCollector, parseRecord, type StreamRecord } from '../../shared/store/record.ts';
import { aWorker } from '../plane/objects.ts';
import { sealer } from './dynamo-host.ts';
import { counted, newShell, shell } from './objects.ts';
import { realClock, realRandom } from './ports.ts';

function open() {
  const records: StreamRecord[] = [];
  const store = createMemoryStore({ clock: realClock(), random: realRandom, sealer, committed: (record) => records.push(record) });
  return { store, records };
}

describe('the records of writes', () => {
  it('tell of each create, change and deletion, with the object as it was stored', async () => {
    const { store, records } = open();
    const made = await store.create(shell, newShell('a', { owner: 'uid-1', labels: { tier: 'x' } }), { dueAt: 1 });
    const changed = await store.update(shell, counted(made, 1));
    await store.settle(shell, { namespace: 'default', name: 'a' }, changed.metadata.resourceVersion!);
    const last = await store.remove(shell, changed);
    const young = await store.create(shell, newShell('a'));
    expect(records.map(({ eventName }) => eventName)).toEqual(['INSERT', 'MODIFY', 'MODIFY', 'MODIFY']);
    const changes = records.map((record) => parseRecord(record)!);
    expect(changes[0]).toMatchObject({ group: 'test.plastron.dev', plural: 'shells', namespace: 'default', name: 'a', dueOnly: false });
    expect(changes.map(({ deleted }) => deleted)).toEqual([false, false, true, false]);
    expect(await Promise.all(changes.map((change) => change.open(shell, sealer)))).toEqual([made, changed, last, young]);
    expect(new Set(changes.map(({ id }) => id)).size).toBe(4);
  });

  it('tell of an end: of tombstones, and of what is being deleted and waits for others once its own work is done', async () => {
    const { store, records } = open();
    const tells = () => concernsCollector(records.at(-1)!);
    const write = async (finalizers: string[], deletionTimestamp?: string) => {
      const found = (await store.get(machine, { namespace: 'default', name: 'w' }))!;
      const metadata = { ...found.metadata, finalizers, ...(deletionTimestamp && { deletionTimestamp }) };
      await store.update(machine, { ...found, metadata });
      return tells();
    };
    await store.create(machine, aWorker('c', 'w'));
    expect([tells(), await write(['orphan'])]).toEqual([false, false]);
    expect(await write(['x.io/y'], '2019-07-26T00:00:00Z')).toBe(false);
    expect(await write(['machine.cluster.k8s.io', 'foregroundDeletion'])).toBe(false);
    expect(await write(['foregroundDeletion'])).toBe(true);
    const demo = await store.create(namespace, newNamespace('demo'));
    expect(tells()).toBe(false);
    await store.update(namespace, terminating(demo, [], 0));
    expect(tells()).toBe(true);
    const marked = (await store.get(namespace, { namespace: '', name: 'demo' }))!;
    await store.update(namespace, emptied(terminating(marked, ['x.io/y'], 0)));
    expect(tells()).toBe(false);
    await store.remove(machine, (await store.get(machine, { namespace: 'default', name: 'w' }))!);
    expect(tells()).toBe(true);
  });

  it('tell of new owners, once', async () => {
    const { store, records } = open();
    const made = await store.create(shell, newShell('a', { owner: 'uid-1' }), { owned: true });
    const changed = await store.update(shell, counted(made, 1));
    await store.update(shell, changed, { owned: true });
    await store.create(shell, newShell('b', { owner: 'uid-1' }));
    expect(records.map(concernsCollector)).toEqual([true, false, true, false]);
  });

  it('survive JSON, and keep sealed what is sealed', async () => {
    const { store, records } = open();
    const made = await store.create(secret, {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 's', namespace: 'default' },
      type: 'Opaque',
      data: { token: 'Y2FuYXJ5' },
    });
    const sent = JSON.parse(JSON.stringify(records[0])) as StreamRecord;
    expect(JSON.stringify(sent)).not.toContain('Y2FuYXJ5');
    expect(await parseRecord(sent)!.open(secret, sealer)).toEqual(made);
  });

  it('say when only the time to look again has changed, and are silent about the end of a tombstone', async () => {
    const { store, records } = open();
    const made = await store.create(shell, newShell('a'));
    await store.remove(shell, made);
    const [{ dynamodb: live }, { dynamodb: tombstone }] = records as [StreamRecord, StreamRecord];
    const record = (eventName: StreamRecord['eventName'], images: Partial<StreamRecord['dynamodb']>): StreamRecord => ({
      eventID: '1',
      eventName,
      dynamodb: { Keys: live.Keys, SequenceNumber: '1', StreamViewType: 'NEW_AND_OLD_IMAGES', ...images },
    });
    const settled = record('MODIFY', { OldImage: live.NewImage!, NewImage: { ...live.NewImage, dueAt: { N: '5' } } });
    expect(parseRecord(settled)).toMatchObject({ dueOnly: true, deleted: false });
    expect(parseRecord(record('REMOVE', { OldImage: tombstone.NewImage! }))).toBeUndefined();
    expect(parseRecord(record('REMOVE', { OldImage: live.NewImage! }))).toMatchObject({ deleted: true, name: 'a' });
  });
});
