import { beforeEach, describe, expect, it } from '@jest/globals';
import { cluster } from '../../shared/kinds/cluster/kind.ts';
import { conditionOf } from '../../shared/kinds/conditions.ts';
import { configMap } from '../../shared/kinds/core/config-map.ts';
import { event } from '../../shared/kinds/core/event.ts';
import { type NamespaceObject, namespace } from '../../shared/kinds/core/namespace.ts';
import { secret } from '../../shared/kinds/core/secret.ts';
import type { Kind } from '../../shared/kinds/define-kind.ts';
import { keys } from '../../shared/kinds/fields.ts';
import { kinds } from '../../shared/kinds/index.ts';
import { machine } from '../../shared/kinds/machine/kind.ts';
import { stages } from '../../shared/kinds/namespace-end.ts';
import type { KubeObject } from '../../shared/kinds/object.ts';
import { newNamespace } from '../../shared/store/namespaces.ts';
import type { Store } from '../../shared/store/store.ts';
import { seededRandom } from '../clock.ts';
import { aCluster, aWorker, newObject } from '../plane/objects.ts';
import { type Death, Died, dying } from './dying.ts';
import { type Stage, stage } from './stage.ts';

const inDemo = <T extends KubeObject>(object: T, finalizers?: string[]): T => ({
  ...object,
  metadata: { ...object.metadata, namespace: 'demo', ...(finalizers && { finalizers }) },
});

const content: readonly (readonly [Kind, KubeObject])[] = [
  [cluster, inDemo(aCluster('c'), [keys.clusterFinalizer])],
  [machine, inDemo(aWorker('none', 'm-1'), [keys.machineFinalizer])],
  [machine, inDemo(aWorker('none', 'm-2'), [keys.machineFinalizer])],
  [configMap, inDemo(newObject(configMap, { name: 'cm' }, {}))],
  [secret, inDemo(newObject(secret, { name: 's' }, { data: {} }))],
  [event, inDemo(newObject(event, { name: 'e' }, { involvedObject: {}, type: 'Normal', reason: 'R', message: 'm' }))],
];

async function fill(on: Stage): Promise<NamespaceObject> {
  const made = await on.create(namespace, newNamespace('demo'));
  for (const [kind, object] of content) await on.create(kind, object);
  return made;
}

/** What is in it, in the order of its end; `*`: being deleted. */
async function within({ store }: Pick<Stage, 'store'>, of = 'demo'): Promise<string> {
  const found = await Promise.all(
    stages(kinds)
      .flat()
      .map(async (kind) => (await store.list(kind, { namespace: of })).items),
  );
  return found
    .flat()
    .map(({ metadata: { name, deletionTimestamp } }) => name + (deletionTimestamp === undefined ? '' : '*'))
    .join(' ');
}

const said = async (on: Stage, type: string): Promise<string | undefined> => {
  const found = (await on.find(namespace, 'demo')) as NamespaceObject | undefined;
  const condition = conditionOf(found?.status?.conditions, type);
  return condition && `${condition.status} ${condition.reason}: ${condition.message}`;
};

describe('a namespace that is deleted', () => {
  let on: Stage;
  let demo: NamespaceObject;
  beforeEach(async () => {
    on = await stage();
    demo = await fill(on);
  });

  const releaseAll = async (kind: Kind): Promise<void> => {
    for (const object of (await on.store.list(kind, { namespace: 'demo' })).items) await on.release(object);
    await on.settle();
  };

  it('goes in stages: Clusters, what else is reconciled, the rest, Secrets and Events, itself', async () => {
    await on.remove(demo);
    await on.settle();
    expect(await within(on)).toBe('c* m-1 m-2 cm s e');
    await releaseAll(cluster);
    expect(await within(on)).toBe('m-1* m-2* cm s e');
    await releaseAll(machine);
    expect(await within(on)).toBe('');
    expect(await on.find(namespace, 'demo')).toBeUndefined();
  });

  it('says in the words of Kubernetes what it waits for', async () => {
    await on.remove(demo);
    await on.settle();
    expect(await said(on, 'NamespaceContentRemaining')).toBe(
      'True SomeResourcesRemain: Some resources are remaining: clusters.cluster.k8s.io has 1 resource instances',
    );
    await releaseAll(cluster);
    expect(await said(on, 'NamespaceContentRemaining')).toContain('machines.cluster.k8s.io has 2 resource instances');
    expect(await said(on, 'NamespaceFinalizersRemaining')).toBe(
      `True SomeFinalizersRemain: Some content in the namespace has finalizers remaining: ${keys.machineFinalizer} in 2 resource instances`,
    );
    expect(await said(on, 'NamespaceDeletionContentFailure')).toMatch(/^False ContentDeleted: /);
  });

  it('is not written again while it says the same', async () => {
    await on.remove(demo);
    await on.settle();
    const { metadata } = (await on.find(namespace, 'demo'))!;
    await on.look(['demo']);
    await on.look();
    expect((await on.find(namespace, 'demo'))!.metadata.resourceVersion).toBe(metadata.resourceVersion);
  });

  it('stays, empty, for others that hold it', async () => {
    await on.store.update(namespace, { ...demo, metadata: { ...demo.metadata, finalizers: ['x.io/y'] } });
    await on.remove(demo);
    await on.settle();
    await releaseAll(cluster);
    await releaseAll(machine);
    expect(await on.find(namespace, 'demo')).toMatchObject({ metadata: { finalizers: ['x.io/y'] }, spec: { finalizers: [] } });
    expect(await said(on, 'NamespaceContentRemaining')).toBe('False ContentRemoved: All content successfully removed');
    await on.release(demo);
    expect(await on.find(namespace, 'demo')).toBeUndefined();
  });

  it('also ends when an older plane has begun that, which knew no finalizers of a namespace', async () => {
    const old = { ...demo, spec: {}, metadata: { ...demo.metadata, deletionTimestamp: '2019-07-26T00:00:00Z' } };
    await on.store.update(namespace, old);
    on.crash(true);
    await on.look();
    await releaseAll(cluster);
    await releaseAll(machine);
    expect(await on.find(namespace, 'demo')).toBeUndefined();
  });

  it('takes along what came in while it was emptied', async () => {
    await on.remove(demo);
    await on.settle();
    await on.create(configMap, inDemo(newObject(configMap, { name: 'late' }, {})));
    await releaseAll(cluster);
    await on.create(cluster, inDemo(aCluster('late')));
    await releaseAll(machine);
    expect([await within(on), await on.find(namespace, 'demo')]).toEqual(['', undefined]);
  });

  it('takes along what came in while its last objects went', async () => {
    let late = 0;
    on = await stage((store) => ({
      ...store,
      async remove(kind, object) {
        if (kind.kind === 'Secret' && late++ === 0) await store.create(configMap, inDemo(newObject(configMap, { name: 'late' }, {})));
        return store.remove(kind, object);
      },
    }));
    await on.remove(await fill(on));
    await on.settle();
    await releaseAll(cluster);
    await releaseAll(machine);
    expect([late, await within(on), await on.find(namespace, 'demo')]).toEqual([1, '', undefined]);
  });

  it('is left alone while it is not deleted', async () => {
    await on.look(['demo', 'nothing']);
    await on.look();
    expect(await within(on)).toBe('c m-1 m-2 cm s e');
  });
});

it.each(['before', 'after'] as const)('a namespace ends whatever the write over which the collector dies, %s it is made', async (when) => {
  for (let n = 1; ; n++) {
    let death: Death = { at: n, when };
    const on = await stage((store) => dying(store, death));
    const live = async (act: () => Promise<void>): Promise<void> => {
      try {
        await act();
      } catch (error) {
        if (!(error instanceof Died)) throw error;
        death = { at: 0, when };
        on.crash(true);
      }
    };
    await on.remove(await fill(on));
    for (const kind of [cluster, machine, undefined] as (Kind | undefined)[]) {
      await live(on.settle);
      await live(() => on.look(['demo']));
      await live(on.settle);
      // The teardown of these needs the Secrets.
      expect(await within(on)).toMatch(kind === undefined ? /^$/ : / s e$/);
      if (kind !== undefined) for (const object of (await on.store.list(kind, { namespace: 'demo' })).items) await on.release(object);
    }
    expect(await on.find(namespace, 'demo')).toBeUndefined();
    if (death.at > 0) {
      expect(n).toBeGreaterThan(8);
      return;
    }
  }
});

describe('a namespace of very many', () => {
  const many = 300;

  it.each(['forwards', 'backwards', 'by chance'])('is not read again for each that goes, %s', async (order) => {
    let read = 0;
    const counted = (store: Store): Store => ({
      ...store,
      list: (async (...args: Parameters<Store['list']>) => {
        const page = await store.list(...args);
        read += page.items.length;
        return page;
      }) as Store['list'],
    });
    const on = await stage(counted);
    const demo = await on.create(namespace, newNamespace('demo'));
    for (let i = 0; i < many; i++) await on.create(machine, inDemo(aWorker('none', `m-${1000 + i}`), [keys.machineFinalizer]));
    await on.remove(demo);
    await on.settle();
    const { items } = await on.store.list(machine, { namespace: 'demo' });
    const bytes = seededRandom(9).bytes(many);
    const rank = { forwards: (i: number) => i, backwards: (i: number) => -i, 'by chance': (i: number) => bytes[i]! }[order]!;
    for (const { object } of items.map((object, i) => ({ object, i })).sort((a, b) => rank(a.i) - rank(b.i))) {
      await on.release(object);
      await on.settle();
    }
    expect(await on.find(namespace, 'demo')).toBeUndefined();
    expect(read).toBeLessThan(12 * many);
  });
});
