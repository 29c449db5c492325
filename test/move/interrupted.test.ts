import { beforeAll, describe, expect, it } from '@jest/globals';
import { decode } from '../../infra/move/file/format.ts';
import { readAll } from '../../infra/move/objects.ts';
import { cluster } from '../../shared/kinds/cluster/kind.ts';
import { configMap } from '../../shared/kinds/core/config-map.ts';
import { namespace } from '../../shared/kinds/core/namespace.ts';
import { keys } from '../../shared/kinds/fields.ts';
import { machine } from '../../shared/kinds/machine/kind.ts';
import { machineDeployment } from '../../shared/kinds/machine-deployment/kind.ts';
import type { Store } from '../../shared/store/store.ts';
import { allAreReady, raiseCluster } from '../plane/look.ts';
import { createWorld, type MovablePlane, type Seen, type World } from './planes.ts';

/** The store as a process has it that dies before its write number `n`: neither this one is made nor any later one. */
function dyingAt(n: number, store: Store): Store & { writes(): number } {
  let writes = 0;
  const counted =
    <Args extends unknown[], T>(write: (...args: Args) => Promise<T>) =>
    async (...args: Args): Promise<T> => {
      if (++writes >= n) throw new Error('the process died');
      return write(...args);
    };
  return {
    ...store,
    create: counted(store.create) as Store['create'],
    restore: counted(store.restore) as Store['restore'],
    update: counted(store.update) as Store['update'],
    remove: counted(store.remove) as Store['remove'],
    settle: counted(store.settle),
    writes: () => writes,
  };
}

describe('an import that dies', () => {
  let world: World;
  let file: Buffer;
  let before: Seen[];
  let writes: number;

  beforeAll(async () => {
    world = createWorld();
    const a = await world.plane({ credentials: true });
    await raiseCluster(a, { workers: { east: 2 } });
    file = await a.export();
    a.end();
    before = world.instances();
    const b = await world.plane();
    const counting = dyingAt(Number.POSITIVE_INFINITY, b.store);
    await b.import(file, { store: counting });
    writes = counting.writes();
    b.end();
  });

  const isWhole = async (b: MovablePlane): Promise<void> => {
    const uids = async (all: ReturnType<typeof readAll>) => (await all).map(({ object }) => object.metadata.uid).sort();
    const exported = decode(file).objects.filter(({ kind }) => kind.kind !== 'Namespace');
    expect(await uids(readAll(b.store))).toEqual(expect.arrayContaining(exported.map(({ object }) => object.metadata.uid)));
    await b.until('all are ready', allAreReady(b, 3), 120);
    expect(world.instances()).toEqual(before);
  };

  it('makes a write for each object, and a few more', () => {
    expect(writes).toBeGreaterThan(decode(file).objects.length);
    expect(writes).toBeLessThan(2 * decode(file).objects.length);
  });

  it('at any of its writes moves nothing, and is completed by the next run', async () => {
    for (let n = 1; n <= writes; n++) {
      const b = await world.plane();
      await expect(b.import(file, { store: dyingAt(n, b.store) })).rejects.toThrow('the process died');
      await b.pass(90);
      expect(world.instances()).toEqual(before);
      await b.import(file);
      await isWhole(b);
      b.end();
    }
  });

  it('holds the collector back until it is complete, and another import too', async () => {
    const b = await world.plane();
    await expect(b.import(file, { store: dyingAt(Math.floor(writes / 2), b.store) })).rejects.toThrow('the process died');
    const mark = async () => (await b.get(namespace, { namespace: '', name: 'default' })).metadata.annotations?.[keys.importing];
    expect(await mark()).toBeDefined();
    const another = createWorld(7);
    const c = await another.plane();
    await c.apply(configMap, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'other', namespace: 'default' } });
    await expect(b.import(await c.export())).rejects.toThrow('another import was interrupted; run it again, or give it up with');
    c.end();
    await b.import(file);
    expect(await mark()).toBeUndefined();
    b.end();
  });

  it('is not completed over what has gone on since: that is left alone', async () => {
    const b = await world.plane();
    await b.import(file);
    const [gone] = (await b.machines()).filter(({ metadata }) => metadata.name !== 'c-master-0');
    await b.remove(machine, gone!.metadata.name);
    await b.until('it is replaced', async () => (await allAreReady(b, 3)()) && !(await names(b)).includes(gone!.metadata.name));
    const now = world.instances();
    expect(await b.import(file)).toMatchObject({ restored: 0, goneOn: ['Cluster default/c'], resumed: [] });
    expect(await names(b)).not.toContain(gone!.metadata.name);
    await b.pass(300);
    expect(world.instances()).toEqual(now);
    b.end();
  });

  const names = async (b: MovablePlane) => (await b.machines()).map(({ metadata }) => metadata.name);

  it('is refused before it writes anything where another object has one of the names', async () => {
    const b = await world.plane();
    const [md] = decode(file).objects.filter(({ kind }) => kind === machineDeployment);
    await b.store.create(machineDeployment, md!.object as never);
    await expect(b.import(file)).rejects.toThrow(
      'nothing was imported into a plane, since it must be empty of what is imported: MachineDeployment default/c-east is another object there',
    );
    expect((await b.store.list(cluster)).items).toEqual([]);
    b.end();
  });
});
