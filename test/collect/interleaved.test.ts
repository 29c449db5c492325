import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { configMap } from '../../shared/kinds/core/config-map.ts';
import type { Propagation } from '../../shared/kinds/deletion.ts';
import { blocks } from '../../shared/kinds/garbage.ts';
import type { OwnerReference } from '../../shared/kinds/object.ts';
import { type Gate, gate, live } from './gate.ts';
import { owner, type Stage, stage } from './stage.ts';

/*
 * Users make and delete ConfigMaps that own each other, at any moment between two calls of the collector, which dies now and then and
 * forgets what it was told.
 */

const names = ['a', 'b', 'c', 'd', 'e'] as const;
type Name = (typeof names)[number];

type Deed =
  | { readonly does: 'make'; readonly name: Name; readonly owners: readonly (readonly [Name, boolean])[]; readonly held: boolean }
  | { readonly does: 'remove'; readonly name: Name; readonly propagation: Propagation | undefined }
  | { readonly does: 'release'; readonly name: Name }
  | { readonly does: 'step'; readonly times: number }
  | { readonly does: 'crash'; readonly deaf: boolean };

const name = fc.constantFrom(...names);
const deed: fc.Arbitrary<Deed> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      does: fc.constant('make' as const),
      name,
      owners: fc.uniqueArray(fc.tuple(name, fc.boolean()), { maxLength: 2, selector: ([each]) => each }),
      held: fc.boolean(),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      does: fc.constant('remove' as const),
      name,
      propagation: fc.constantFrom<Propagation | undefined>('Foreground', 'Orphan', 'Background', undefined),
    }),
  },
  { weight: 2, arbitrary: fc.record({ does: fc.constant('release' as const), name }) },
  { weight: 5, arbitrary: fc.record({ does: fc.constant('step' as const), times: fc.integer({ min: 1, max: 30 }) }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('crash' as const), deaf: fc.boolean() }) },
);

async function referencesOf(on: Stage, owners: readonly (readonly [Name, boolean])[]): Promise<OwnerReference[]> {
  const found = await Promise.all(
    owners.map(async ([each, blockOwnerDeletion]) => ({ object: await on.find(configMap, each), blockOwnerDeletion })),
  );
  // Nobody makes something for an owner that is on its way out.
  return found.flatMap(({ object, blockOwnerDeletion }) =>
    object === undefined || object.metadata.deletionTimestamp !== undefined ? [] : [owner(object, { blockOwnerDeletion })],
  );
}

async function play(deeds: readonly Deed[]): Promise<void> {
  const wrongs: string[] = [];
  const gates: Gate[] = [];
  const on = await stage((store) => {
    gates.push(gate(store, wrongs));
    return gates.at(-1)!.store;
  });
  let busy = false;
  const step = async (times: number): Promise<void> => {
    for (let i = 0; i < times; i++) {
      if (!busy) {
        busy = true;
        void on.settle().finally(() => {
          busy = false;
        });
      }
      gates.at(-1)!.step();
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  const until = async (act: () => Promise<void>): Promise<void> => {
    let over = false;
    const acting = act().finally(() => {
      over = true;
    });
    while (!over) {
      gates.at(-1)!.step();
      await new Promise((resolve) => setImmediate(resolve));
    }
    await acting;
  };
  const crash = (deaf: boolean): void => {
    gates.at(-1)!.shut();
    busy = false;
    on.crash(deaf);
  };

  for (const each of deeds) {
    if (each.does === 'step') await step(each.times);
    else if (each.does === 'crash') crash(each.deaf);
    else {
      const found = await on.find(configMap, each.name);
      if (each.does === 'make' && found === undefined)
        await on.make(each.name, await referencesOf(on, each.owners), each.held ? { finalizers: ['x.io/y'] } : {});
      if (found === undefined) continue;
      // A second wish would contradict the first.
      if (each.does === 'remove' && found.metadata.deletionTimestamp === undefined) await on.remove(found, each.propagation);
      if (each.does === 'release' && found.metadata.finalizers?.includes('x.io/y')) {
        const finalizers = found.metadata.finalizers.filter((finalizer) => finalizer !== 'x.io/y');
        const next = { ...found, metadata: { ...found.metadata, finalizers } };
        const goes = found.metadata.deletionTimestamp !== undefined && finalizers.length === 0;
        await (goes ? on.store.remove(configMap, next as never) : on.store.update(configMap, next as never));
      }
    }
  }

  // All is quiet, and everything is looked at.
  crash(true);
  await until(on.look);
  await until(on.settle);
  expect(wrongs).toEqual([]);
  const left = await live(on.store);
  const uids = new Set(left.map(({ metadata }) => metadata.uid));
  for (const { metadata } of left) {
    const { name: each, ownerReferences = [], deletionTimestamp, finalizers = [] } = metadata;
    const lost = ownerReferences.length > 0 && !ownerReferences.some(({ uid }) => uids.has(uid));
    if (lost) expect([each, deletionTimestamp]).toEqual([each, expect.any(String)]);
    if (deletionTimestamp !== undefined && finalizers.includes('foregroundDeletion'))
      expect([each, left.some((other) => blocks(other, metadata.uid ?? '')) || finalizers.includes('x.io/y')]).toEqual([each, true]);
    if (deletionTimestamp !== undefined) expect([each, finalizers.includes('orphan')]).toEqual([each, false]);
  }
}

it('whatever happens in between and whenever the collector dies: nothing is left that lost all owners, nobody is deleted who has one', async () => {
  await fc.assert(fc.asyncProperty(fc.array(deed, { minLength: 5, maxLength: 40 }), play), { numRuns: 150 });
}, 60_000);
