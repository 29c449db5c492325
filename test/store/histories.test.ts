import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { localClient } from '../../infra/local/dynamodb/client.ts';
import { type DynamoDb, startDynamoDb } from '../../infra/local/dynamodb/host.ts';
import { keys } from '../../shared/kinds/fields.ts';
import type { KubeObject } from '../../shared/kinds/object.ts';
import type { SweptStore } from '../../shared/store/expiry.ts';
import { createMemoryStore } from '../../shared/store/memory.ts';
import { ensureNamespaces } from '../../shared/store/namespaces.ts';
import { newTable, openOn } from './dynamo-host.ts';
import { counted, everyKind, newShell, type Shell, shell } from './objects.ts';
import { realRandom, stoppedClock } from './ports.ts';

const place = fc.record({
  namespace: fc.constantFrom('default', 'cluster-api-provider-talos-system'),
  name: fc.constantFrom('a', 'b', 'c'),
});
const key = fc.constantFrom('x', 'y');
const operation = fc.oneof(
  fc.record({ op: fc.constant('create' as const), place, owner: key, cluster: key, dueAt: fc.option(fc.nat(9), { nil: undefined }) }),
  fc.record({ op: fc.constant('update' as const), place, stale: fc.boolean(), dueAt: fc.option(fc.nat(9), { nil: undefined }) }),
  fc.record({ op: fc.constant('remove' as const), place, stale: fc.boolean() }),
  fc.record({ op: fc.constant('settle' as const), place, stale: fc.boolean(), dueAt: fc.option(fc.nat(9), { nil: undefined }) }),
  fc.record({ op: fc.constant('pass' as const), minutes: fc.constantFrom(1, 61, 62) }),
);
type Operation = typeof operation extends fc.Arbitrary<infer T> ? T : never;

/** A store, what it answers in words that hold for any store, and what was read from it long ago. */
function player(store: SweptStore, clock: { time: number }) {
  const stale = new Map<string, Shell>();
  const words = (objects: readonly KubeObject[]): string =>
    objects.map(({ metadata, spec }) => `${metadata.namespace}/${metadata.name}=${JSON.stringify(spec)}g${metadata.generation}`).join(' ');

  async function carryOut(step: Operation): Promise<string> {
    if (step.op === 'pass') {
      clock.time += step.minutes * 60_000;
      return `${await store.removeExpired(everyKind)} removed`;
    }
    const { namespace, name } = step.place;
    if (step.op === 'create') {
      const labels = { [keys.clusterName]: step.cluster };
      const due = step.dueAt === undefined ? {} : { dueAt: step.dueAt };
      const made = await store.create(shell, newShell(name, { namespace, owner: step.owner, labels }), due);
      if (!stale.has(name)) stale.set(name, made);
      return words([made]);
    }
    const read = step.stale ? stale.get(name) : await store.get(shell, step.place);
    if (read === undefined) return 'nothing read';
    if (step.op === 'remove') return words([await store.remove(shell, read)]);
    if (step.op === 'settle') return String(await store.settle(shell, step.place, read.metadata.resourceVersion!, step.dueAt));
    const due = step.dueAt === undefined ? {} : { dueAt: step.dueAt };
    return words([await store.update(shell, counted(read, read.spec.count + 1), due)]);
  }

  async function everything(): Promise<string[]> {
    const answers: string[] = [words((await store.list(shell)).items), words((await store.list(shell, { limit: 2 })).items)];
    for (const namespace of ['default', 'cluster-api-provider-talos-system']) {
      for (const one of ['x', 'y']) {
        answers.push(words(await store.ownedBy(shell, namespace, one)), words(await store.ofCluster(shell, namespace, one)));
        answers.push(words(await store.dependentsOf(shell, namespace, one)));
      }
      // Equal times come in any order.
      answers.push(
        (await store.due(shell, namespace, 5))
          .map(({ name }) => name)
          .sort()
          .join(),
      );
      for (const [name, { metadata }] of stale)
        answers.push(`${name} ${await store.wasDeleted(shell, { namespace, name }, metadata.uid!)}`);
    }
    return answers;
  }

  return {
    everything,
    play: (step: Operation): Promise<string> => carryOut(step).catch((error: Error) => error.name),
  };
}

describe('any history of operations', () => {
  let dynamodb: DynamoDb;
  let client: DynamoDBClient;
  beforeAll(async () => {
    dynamodb = await startDynamoDb();
    client = localClient(dynamodb.endpoint);
  });
  afterAll(async () => {
    client.destroy();
    await dynamodb.close();
  });

  it('gets the same answers from the store on DynamoDB as from the one in memory', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(operation, { minLength: 4, maxLength: 16 }), async (steps) => {
        const clocks = [stoppedClock(Date.UTC(2026, 10, 1)), stoppedClock(Date.UTC(2026, 10, 1))] as const;
        const stores = [
          createMemoryStore({ clock: clocks[0], random: realRandom }),
          openOn(client, await newTable(client), { clock: clocks[1] }),
        ] as const;
        await Promise.all(stores.map(ensureNamespaces));
        const [inMemory, onDynamo] = [player(stores[0], clocks[0]), player(stores[1], clocks[1])];
        for (const step of steps) expect(await onDynamo.play(step)).toBe(await inMemory.play(step));
        expect(await onDynamo.everything()).toEqual(await inMemory.everything());
      }),
      { numRuns: 10 },
    );
  });
});
