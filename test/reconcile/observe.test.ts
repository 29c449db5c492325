import { beforeEach, describe, expect, it } from '@jest/globals';
import { cluster } from '../../shared/kinds/cluster/kind.ts';
import type { ClusterStatus } from '../../shared/kinds/cluster/model.ts';
import { timestamp } from '../../shared/kinds/object.ts';
import type { StepCall } from '../../shared/kinds/workflow.ts';
import { beginDeletion } from '../../shared/reconcile/deletion.ts';
import { type Cadence, observeClusters, together } from '../../shared/reconcile/observe.ts';
import { aCluster } from '../plane/objects.ts';
import { type TestPorts, testPorts } from './ports.ts';

const minute = 60_000;
const up: ClusterStatus = {
  bootstrap: { machine: 'm', doneAt: timestamp(0) } as NonNullable<ClusterStatus['bootstrap']>,
  providerStatus: { places: { 'east/1': { platform: 'east' }, 'east/2': { platform: 'east' }, 'west/1': { platform: 'west' } } },
};

let ports: TestPorts;
/** `lambda step cluster`, in order. */
let looks: string[];
let invocations: number;
beforeEach(async () => {
  ports = await testPorts();
  looks = [];
  invocations = 0;
});

const invoke = async (lambda: string, calls: readonly StepCall[]): Promise<void> => {
  invocations++;
  looks.push(...calls.map(({ step, input }) => `${lambda} ${step} ${input.name}`));
};
const put = (name: string, status: ClusterStatus = up, spec = {}) => {
  const object = aCluster(name);
  return ports.store.create(cluster, { ...object, spec: { ...object.spec, ...spec }, status });
};
const observeAt = (at: number, cadence?: Cadence) =>
  observeClusters(at, { ...ports, invoke, settings: { ...(cadence !== undefined && { cadence }) } });

describe('observing clusters', () => {
  it('looks at the Nodes once and at the instances once per cloud', async () => {
    await put('a');
    expect(await observeAt(7)).toBe(3);
    expect(looks).toEqual(['steps ObserveNodes a', 'east ObserveInstances a', 'west ObserveInstances a']);
  });

  it('passes over clusters that have not come up, or are paused, or go', async () => {
    await put('starts', { ...up, bootstrap: { machine: 'm' } as NonNullable<ClusterStatus['bootstrap']> });
    await put('rests', up, { paused: true });
    const leaving = await ports.store.create(cluster, {
      ...aCluster('leaves'),
      metadata: { name: 'leaves', namespace: 'default', finalizers: ['x/y'] },
      status: up,
    });
    await beginDeletion(ports.store, cluster, leaving, ports.clock.now());
    expect(await observeAt(0)).toBe(0);
    expect(invocations).toBe(0);
  });

  it.each([
    [0, ['steps', 'east', 'west']],
    [1, []],
    [4, ['steps']],
    [11, []],
    [12, ['steps', 'east', 'west']],
  ])('in minute %i of a host that looks at Nodes every fourth and at instances every twelfth: %j', async (at, lambdas) => {
    await put('a');
    await observeAt(at, { nodes: 4, instances: 12, everything: 240 });
    expect(looks.map((look) => look.split(' ')[0])).toEqual(lambdas);
  });

  it('sees a Node that turns NotReady within the cadence, whenever that happens', async () => {
    await put('a');
    const cadence = { nodes: 4, instances: 12, everything: 240 };
    for (let from = 0; from < 60; from++) {
      looks = [];
      for (let at = from; at < from + cadence.nodes; at++) await observeAt(at, cadence);
      expect(looks.filter((look) => look.includes('ObserveNodes'))).toHaveLength(1);
    }
  });

  it('has one invocation look at many clusters', async () => {
    for (let i = 0; i < together + 1; i++) await put(`c${i}`);
    expect(await observeAt(0)).toBe(3 * (together + 1));
    expect(invocations).toBe(3 * 2);
    expect(new Set(looks).size).toBe(3 * (together + 1));
  });

  it('renews client certificates two months before they end', async () => {
    const day = 1440 * minute;
    await put('soon', { ...up, expiresAt: timestamp(ports.clock.now() + 59 * day) });
    await put('later', { ...up, expiresAt: timestamp(ports.clock.now() + 61 * day) });
    await observeAt(0);
    expect(looks.filter((look) => look.includes('PublishAccess'))).toEqual(['steps PublishAccess soon']);
  });

  it('goes on when one function cannot be called', async () => {
    await put('a');
    const broken = async (lambda: string, calls: readonly StepCall[]): Promise<void> => {
      if (lambda === 'steps') throw new Error('throttled');
      await invoke(lambda, calls);
    };
    await observeClusters(0, { ...ports, invoke: broken, settings: {} });
    expect(looks).toEqual(['east ObserveInstances a', 'west ObserveInstances a']);
  });
});
