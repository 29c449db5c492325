import { beforeEach, describe, expect, it } from '@jest/globals';
import { cluster } from '../../shared/kinds/cluster/kind.ts';
import { configMap } from '../../shared/kinds/core/config-map.ts';
import { event } from '../../shared/kinds/core/event.ts';
import { namespace } from '../../shared/kinds/core/namespace.ts';
import { secret } from '../../shared/kinds/core/secret.ts';
import { keys } from '../../shared/kinds/fields.ts';
import { clusterRole } from '../../shared/kinds/rbac/cluster-role.ts';
import { aCluster, newObject } from '../plane/objects.ts';
import { blocking, owner, type Stage, stage } from './stage.ts';

let on: Stage;
beforeEach(async () => {
  on = await stage();
});

const ownersOf = async (name: string) => (await on.find(configMap, name))?.metadata.ownerReferences?.map((each) => each.name);

describe('what has owners', () => {
  it('goes with the only one, and takes along what it owns itself', async () => {
    const a = await on.make('a');
    const b = await on.make('b', [owner(a)]);
    await on.make('c', [owner(b, { controller: true })]);
    await on.create(secret, newObject(secret, { name: 's', ownerReferences: [owner(b)] }, { data: {} }));
    await on.make('free');
    await on.remove(a);
    await on.settle();
    expect(await on.names()).toBe('free');
    expect(await on.find(secret, 's')).toBeUndefined();
  });

  it('stays while one of two is there, forgets the other, and goes with the last, in whichever order they go', async () => {
    for (const [first, last] of [
      ['a', 'b'],
      ['b', 'a'],
    ] as const) {
      const [a, b] = [await on.make('a'), await on.make('b')];
      await on.make('d', [owner(a), owner(b)]);
      const both = { a, b };
      await on.remove(both[first]);
      await on.settle();
      // Who is named behind another is not shown by the index: a look at everything finds it.
      await on.look();
      expect(await ownersOf('d')).toEqual([last]);
      await on.remove(both[last]);
      await on.settle();
      expect(await on.names()).toBe('');
    }
  });

  it('is only marked while somebody has a finalizer on it', async () => {
    const a = await on.make('a');
    await on.make('b', [owner(a)], { finalizers: ['x.io/y'] });
    await on.remove(a);
    await on.settle();
    expect(await on.names()).toBe('b(x.io/y)');
  });

  it('has lost an owner that was made anew under its name', async () => {
    const a = await on.make('a');
    await on.make('b', [owner(a)]);
    await on.remove(a);
    await on.make('a');
    await on.settle();
    expect(await on.names()).toBe('a');
  });

  it('goes when it is made too late, and takes along what was made for it', async () => {
    const a = await on.make('a');
    await on.remove(a);
    await on.settle();
    const late = await on.make('late', [owner(a)]);
    await on.make('later', [owner(late)]);
    await on.make('held', [owner(a)], { finalizers: ['x.io/y'] });
    await on.settle();
    expect(await on.names()).toBe('held(x.io/y)');
  });

  it('is found without being told, by a look at everything', async () => {
    const a = await on.make('a');
    const b = await on.make('b', [owner(a)]);
    await on.make('c', [owner(b)]);
    await on.remove(a);
    on.crash(true);
    await on.look();
    await on.settle();
    expect(await on.names()).toBe('');
  });

  it.each([
    ['of a kind that is not served', { apiVersion: 'apps/v1', kind: 'Deployment', name: 'd', uid: 'u' }],
    ['of a group that is not served', { apiVersion: 'example.com/v1', kind: 'Machine', name: 'd', uid: 'u' }],
  ])('keeps what has an owner %s', async (_, reference) => {
    const a = await on.make('a');
    await on.make('b', [reference]);
    await on.make('c', [owner(a), reference]);
    await on.remove(a);
    await on.settle();
    await on.look();
    expect(await on.names()).toBe('b, c');
    expect(await ownersOf('c')).toEqual(['d']);
  });

  it.each(['x'.repeat(2_000), '-no name-'])('has no owner under a name that nothing can have', async (name) => {
    await on.make('b', [{ apiVersion: 'v1', kind: 'ConfigMap', name, uid: 'u' }]);
    await on.look();
    expect(await on.names()).toBe('');
  });

  it('goes with an owner in no namespace, wherever it is; itself in none, it has no owner in one', async () => {
    const role = await on.create(clusterRole, newObject(clusterRole, { name: 'r', namespace: '' }, { rules: [] }));
    const a = await on.make('a');
    await on.make('b', [owner(role)]);
    await on.create(clusterRole, newObject(clusterRole, { name: 'kept', namespace: '', ownerReferences: [owner(a)] }, { rules: [] }));
    await on.create(clusterRole, newObject(clusterRole, { name: 'gone', namespace: '', ownerReferences: [owner(role)] }, { rules: [] }));
    await on.remove(role);
    await on.remove(a);
    await on.settle();
    await on.look();
    expect(await on.names()).toBe('');
    expect((await on.store.list(clusterRole)).items.map(({ metadata }) => metadata.name)).toEqual(['kept']);
  });

  it('does not reach into another namespace', async () => {
    const a = await on.make('a');
    await on.create(namespace, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'other' } });
    const elsewhere = await on.make('b', [owner(a)], { namespace: 'other' });
    await on.look();
    expect(await on.find(configMap, elsewhere.metadata.name, 'other')).toBeUndefined();
  });

  it('is left to itself when it ends by itself', async () => {
    const fields = { involvedObject: {}, type: 'Normal', reason: 'R', message: 'm' };
    await on.create(
      event,
      newObject(event, { name: 'e', ownerReferences: [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'x', uid: 'u' }] }, fields),
    );
    await on.look();
    expect(await on.find(event, 'e')).toBeDefined();
  });

  it('is not touched while an import runs, which brings the owner later', async () => {
    const a = await on.make('a');
    await on.make('b', [owner(a)]);
    await on.make('w', [], { finalizers: ['foregroundDeletion'] });
    const mark = async (annotations: Record<string, string>) => {
      const found = (await on.find(namespace, 'default'))!;
      await on.store.update(namespace, { ...found, metadata: { ...found.metadata, annotations } } as never);
    };
    await mark({ [keys.importing]: 'f' });
    await on.remove(a);
    await on.remove(await on.make('v'), 'Foreground');
    await on.settle();
    await on.look();
    expect(await on.names()).toBe('b, v(foregroundDeletion), w');
    await mark({});
    await on.look();
    expect(await on.names()).toBe('w');
  });
});

describe('an owner that is deleted in the foreground', () => {
  it('goes at once when it owns nothing', async () => {
    await on.remove(await on.make('a'), 'Foreground');
    await on.settle();
    expect(await on.names()).toBe('');
  });

  it('waits for those that block it, and not for others', async () => {
    const a = await on.make('a');
    const held = { finalizers: ['x.io/y'] };
    const b = await on.make('b', [blocking(a)], held);
    await on.make('c', [owner(a)], held);
    await on.make('d', [owner(a, { blockOwnerDeletion: false })]);
    await on.remove(a, 'Foreground');
    await on.settle();
    expect(await on.names()).toBe('a(foregroundDeletion), b(x.io/y), c(x.io/y)');
    await on.release(b);
    await on.settle();
    expect(await on.names()).toBe('c(x.io/y)');
  });

  it('waits for one that names it behind another owner, which is gone', async () => {
    const [x, a] = [await on.make('x'), await on.make('a')];
    const b = await on.make('b', [blocking(x), blocking(a)], { finalizers: ['x.io/y'] });
    await on.remove(x, 'Foreground');
    await on.remove(a, 'Foreground');
    await on.settle();
    expect(await on.names()).toBe('a(foregroundDeletion), b(x.io/y), x(foregroundDeletion)');
    await on.release(b);
    await on.settle();
    await on.look();
    expect(await on.names()).toBe('');
  });

  it('lets one stay that has another owner, and waits for it no more', async () => {
    const [a, x] = [await on.make('a'), await on.make('x')];
    await on.make('b', [blocking(a), blocking(x)]);
    await on.remove(a, 'Foreground');
    await on.settle();
    expect(await on.names()).toBe('b, x');
    expect(await ownersOf('b')).toEqual(['x']);
  });

  it('deletes in the foreground what owns something itself: the last of the chain goes first', async () => {
    const a = await on.make('a');
    const b = await on.make('b', [blocking(a)]);
    const c = await on.make('c', [blocking(b)], { finalizers: ['x.io/y'] });
    await on.remove(a, 'Foreground');
    await on.settle();
    expect(await on.names()).toBe('a(foregroundDeletion), b(foregroundDeletion), c(x.io/y)');
    await on.release(c);
    await on.settle();
    expect(await on.names()).toBe('');
  });

  it.each([
    ['one', ['a']],
    ['both', ['a', 'b']],
  ])('does not wait for ever for one that waits for it: %s deleted', async (_, deleted) => {
    const a = await on.make('a');
    const b = await on.make('b', [blocking(a)]);
    await on.store.update(configMap, { ...a, metadata: { ...a.metadata, ownerReferences: [blocking(b)] } } as never);
    for (const each of [a, b].filter(({ metadata }) => deleted.includes(metadata.name))) await on.remove(each, 'Foreground');
    await on.settle();
    expect(await on.names()).toBe('');
  });

  it('is found without being told', async () => {
    const a = await on.make('a');
    await on.make('b', [blocking(a)]);
    await on.remove(a, 'Foreground');
    on.crash(true);
    await on.look();
    await on.settle();
    expect(await on.names()).toBe('');
  });

  it('keeps what it owns until its own teardown is over, which may need it', async () => {
    const c = await on.create(cluster, { ...aCluster('c'), metadata: { ...aCluster('c').metadata, finalizers: [keys.clusterFinalizer] } });
    await on.make('b', [blocking(c)], { finalizers: ['x.io/y'] });
    await on.make('d', [owner(c)]);
    await on.remove(c, 'Foreground');
    await on.settle();
    await on.look();
    expect(await on.names()).toBe('b, d');
    const going = (await on.find(cluster, 'c'))!;
    await on.store.update(cluster, { ...going, metadata: { ...going.metadata, finalizers: ['foregroundDeletion'] } } as never);
    await on.settle();
    expect(await on.names()).toBe('b(x.io/y)');
    await on.release((await on.find(configMap, 'b'))!);
    await on.settle();
    expect(await on.find(cluster, 'c')).toBeUndefined();
  });
});

describe('an owner that is to leave orphans', () => {
  it("is nobody's owner any more when it goes, also of those that name it behind another", async () => {
    const [a, x] = [await on.make('a'), await on.make('x')];
    await on.make('b', [blocking(a)]);
    await on.make('c', [owner(x), owner(a)]);
    await on.remove(a, 'Orphan');
    await on.settle();
    expect(await on.names()).toBe('b, c, x');
    expect([await ownersOf('b'), await ownersOf('c')]).toEqual([undefined, ['x']]);
  });

  it('stays for others that hold it', async () => {
    const a = await on.make('a', [], { finalizers: ['x.io/y'] });
    await on.make('b', [owner(a)]);
    await on.remove(a, 'Orphan');
    await on.settle();
    expect(await on.names()).toBe('a(x.io/y), b');
    await on.release(a);
    await on.settle();
    expect(await on.names()).toBe('b');
  });
});
