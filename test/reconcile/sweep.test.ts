import { beforeEach, describe, expect, it } from '@jest/globals';
import { cluster } from '../../shared/kinds/cluster/kind.ts';
import { namespace } from '../../shared/kinds/core/namespace.ts';
import { machine } from '../../shared/kinds/machine/kind.ts';
import { sweep } from '../../shared/reconcile/sweep.ts';
import { newNamespace } from '../../shared/store/namespaces.ts';
import { aCluster, aMaster, aWorker } from '../plane/objects.ts';
import { type TestPorts, testPorts } from './ports.ts';

let ports: TestPorts;
beforeEach(async () => {
  ports = await testPorts();
  const now = ports.clock.now();
  await ports.store.create(namespace, newNamespace('other'));
  await ports.store.create(cluster, aCluster('c'), { dueAt: now - 1 });
  await ports.store.create(machine, aWorker('c', 'soon'), { dueAt: now + 30_000 });
  await ports.store.create(machine, aWorker('c', 'never'));
  await ports.store.create(machine, aMaster('c', 0, { namespace: 'other' }), { dueAt: now });
});

describe('a sweep', () => {
  it('queues what is due, in every namespace', async () => {
    expect((await sweep('due', ports)).queued).toBe(2);
    expect(ports.woken.sort()).toEqual(['Cluster default/c', 'Machine other/c-master-0']);
  });

  it('says since when the one that waits longest has been due; now, when none is', async () => {
    const now = ports.clock.now();
    expect((await sweep('due', ports)).oldestDue).toBe(now - 1);
    await ports.clock.advance(3_600_000);
    expect((await sweep('everything', ports)).oldestDue).toBe(now - 1);
    expect((await sweep('due', await testPorts())).oldestDue).toBe((await testPorts()).clock.now());
  });

  it('queues what has become due since', async () => {
    await ports.clock.advance(30_000);
    await sweep('due', ports);
    expect(ports.woken).toContain('Machine default/soon');
    expect(ports.woken).not.toContain('Machine default/never');
  });

  it('of everything queues what nobody would look at otherwise', async () => {
    expect((await sweep('everything', ports)).queued).toBe(4);
    expect(ports.woken.sort()).toEqual(['Cluster default/c', 'Machine default/never', 'Machine default/soon', 'Machine other/c-master-0']);
  });

  it('of everything queues also what stands on a second page', async () => {
    for (let i = 0; i < 600; i++) await ports.store.create(machine, aWorker('c', `w${i}`));
    expect((await sweep('everything', ports)).queued).toBe(604);
    expect(new Set(ports.woken).size).toBe(604);
  });

  it('gives each wake an id that is new with each sweep, so that no queue takes it for the last one', async () => {
    const ids: string[] = [];
    const queue = { send: async (wakes: readonly { readonly id: string }[]) => void ids.push(...wakes.map(({ id }) => id)) };
    await sweep('due', { ...ports, queue });
    await ports.clock.advance(1_000);
    await sweep('due', { ...ports, queue });
    expect(new Set(ids).size).toBe(4);
  });
});
