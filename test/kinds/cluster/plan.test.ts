import { describe, expect, it } from '@jest/globals';
import type { Cluster, ClusterStatus } from '../../../shared/kinds/cluster/model.ts';
import { type ClusterFacts, planCluster } from '../../../shared/kinds/cluster/plan.ts';
import { summarize } from '../../../shared/kinds/cluster/status.ts';
import { keys } from '../../../shared/kinds/fields.ts';
import { inSeconds, now } from '../machine/builders.ts';
import { aClusterModel } from './builders.ts';

function doing({ cluster = {}, ...more }: Omit<Partial<ClusterFacts>, 'cluster'> & { cluster?: Partial<Cluster> }): string {
  const { operations, checkAgainIn } = planCluster({ now, cluster: aClusterModel(cluster), ...more });
  const [operation] = operations;
  const does =
    operation?.op === 'start'
      ? `starts ${operation.workflow} ${operation.execution}`
      : operation?.op === 'update'
        ? `sets finalizers ${operation.change.finalizers?.join(',')}`
        : 'nothing';
  return checkAgainIn === undefined ? does : `${does}, looks in ${checkAgainIn}`;
}

const running = (name: string) => ({ execution: { name, running: true } });
const over = (name: string) => ({ execution: { name, running: false } });
const first: ClusterStatus = { execution: 'create-c-uid-1', attempt: 1 };
const provided: ClusterStatus = { ...first, publishedGeneration: 1, bootstrap: { machine: 'm', doneAt: inSeconds(-60) } };
const waitingFor = (seconds: number) => ({ waitingFor: { reason: 'X', message: 'x', until: inSeconds(seconds) } });
type Row = [string, string, Parameters<typeof doing>[0]];

describe('a Cluster that is to be', () => {
  it.each<Row>([
    [`sets finalizers ${keys.clusterFinalizer}`, 'somebody applied it', { cluster: { finalizers: [] } }],
    ['starts create-cluster create-c-uid-1, looks in 600', 'it is new', {}],
    ['nothing, looks in 600', 'its execution runs', { cluster: { status: first }, ...running('create-c-uid-1') }],
    ['starts create-cluster create-c-uid-1, looks in 600', 'its execution was never started', { cluster: { status: first } }],
    [
      'starts create-cluster create-c-uid-2, looks in 600',
      'its execution ended early',
      { cluster: { status: first }, ...over('create-c-uid-1') },
    ],
    ['nothing', 'all is there', { cluster: { status: provided }, ...over('create-c-uid-1') }],
    [
      'starts create-cluster create-c-uid-2, looks in 600',
      'its spec changed since',
      { cluster: { generation: 2, status: provided }, ...over('create-c-uid-1') },
    ],
    [
      'starts create-cluster create-c-uid-2, looks in 600',
      'etcd was not bootstrapped yet',
      { cluster: { status: { ...provided, bootstrap: { machine: 'm' } } }, ...over('create-c-uid-1') },
    ],
    ['nothing, looks in 30', 'it failed, and waits', { cluster: { status: { ...first, ...waitingFor(30) } }, ...over('create-c-uid-1') }],
    ['nothing', 'it is paused', { cluster: { paused: true } }],
    ['nothing', 'it is paused and being deleted', { cluster: { paused: true, deleting: true } }],
  ])('%s when %s', (expected, _, asked) => {
    expect(doing(asked)).toBe(expected);
  });
});

describe('a Cluster that is being deleted', () => {
  const goes = (more: Partial<Cluster> = {}) => ({ cluster: { deleting: true, ...more } });
  const teardown: ClusterStatus = { ...provided, execution: 'teardown-c-uid-3', attempt: 3 };

  it.each<Row>([
    ['nothing, looks in 60', 'its creation has not noticed yet', { ...goes({ status: first }), ...running('create-c-uid-1') }],
    [
      'starts teardown-cluster teardown-c-uid-1, looks in 600',
      'its creation has ended',
      { ...goes({ status: provided }), ...over('create-c-uid-1') },
    ],
    [
      'starts teardown-cluster teardown-c-uid-4, looks in 600',
      'its teardown failed',
      { ...goes({ status: teardown }), ...over('teardown-c-uid-3') },
    ],
    ['starts teardown-cluster teardown-c-uid-3, looks in 600', 'its teardown was never started', goes({ status: teardown })],
    [
      'nothing, looks in 20',
      'its teardown failed, and waits',
      { ...goes({ status: { ...teardown, ...waitingFor(20) } }), ...over('teardown-c-uid-3') },
    ],
    [
      'starts teardown-cluster teardown-c-uid-1, looks in 600',
      'its creation had failed and waited',
      { ...goes({ status: { ...first, ...waitingFor(20) } }), ...over('create-c-uid-1') },
    ],
    ['nothing', 'only somebody else holds it', goes({ finalizers: ['mine'] })],
    ['nothing', 'only its dependents hold it', goes({ finalizers: ['foregroundDeletion'] })],
  ])('%s when %s', (expected, _, asked) => {
    expect(doing(asked)).toBe(expected);
  });
});

describe('what a Cluster says of itself', () => {
  it.each<[string, Partial<Cluster>]>([
    ['Pending; False; Provisioning', {}],
    ['Provisioning; False; Provisioning', { status: first }],
    ['Provisioning; False; WaitingForControlPlane', { status: { ...first, secretsReady: true } }],
    ['Provisioning; False; X', { status: { ...first, ...waitingFor(30) } }],
    ['Provisioned; True; ControlPlaneInitialized', { status: provided }],
    ['Failed; False; EtcdLost', { status: { ...provided, errorReason: 'EtcdLost' } }],
    ['Deleting; False; Deleting', { deleting: true, status: provided }],
  ])('%s', (words, cluster) => {
    const { phase, conditions } = summarize(aClusterModel(cluster), now);
    const ready = conditions?.find(({ type }) => type === 'Ready');
    expect(`${phase}; ${ready?.status}; ${ready?.reason}`).toBe(words);
  });

  it('names where its Kubernetes API is', () => {
    expect(summarize(aClusterModel({ endpointHost: 'api.example.com' }), now).apiEndpoints).toEqual([
      { host: 'api.example.com', port: 6443 },
    ]);
  });
});
