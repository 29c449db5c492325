import { describe, expect, it } from '@jest/globals';
import { keys } from '../../../shared/kinds/fields.ts';
import type { MachineSelf } from '../../../shared/kinds/machine/model.ts';
import { type MachineFacts, planMachine } from '../../../shared/kinds/machine/plan.ts';
import { aMachineClass } from '../../plane/objects.ts';
import { facts, inSeconds, nodeRef } from './builders.ts';

/** What a plan does, in short, and when it looks again. */
function doing(asked: MachineFacts): string {
  const { operations, checkAgainIn } = planMachine(asked);
  const [operation] = operations;
  const does =
    operation?.op === 'start'
      ? `starts ${operation.execution}`
      : operation?.op === 'update'
        ? `sets finalizers ${operation.change.finalizers?.join(',')}`
        : 'nothing';
  return checkAgainIn === undefined ? does : `${does}, looks in ${checkAgainIn}`;
}

const readyMessage = (asked: MachineFacts): string | undefined => {
  const ready = planMachine(asked).status.conditions?.find(({ type }) => type === 'Ready');
  return `${ready?.reason}: ${ready?.message}`;
};

const running = (name: string) => ({ execution: { name, running: true } });
const over = (name: string) => ({ execution: { name, running: false } });
const cluster = (more: Partial<NonNullable<MachineFacts['cluster']>>) => ({ cluster: { ...facts().cluster!, ...more } });
const first = { execution: 'create-m-uid-1', attempt: 1, observedGeneration: 1 };
const refused = { reason: 'CredentialsRefused', message: 'mend it', secret: 'gce-credentials', secretVersion: '7' };
type Row = [string, string, Partial<MachineSelf>, Partial<MachineFacts>];

describe('a Machine that is to be', () => {
  it.each<Row>([
    [`sets finalizers ${keys.machineFinalizer}`, 'somebody applied it', { finalizers: [] }, {}],
    [`sets finalizers mine,${keys.machineFinalizer}`, 'somebody applied it with a finalizer', { finalizers: ['mine'] }, {}],
    ['starts create-m-uid-1, looks in 600', 'it is new', {}, {}],
    ['nothing, looks in 600', 'its execution runs', { status: first }, running('create-m-uid-1')],
    ['starts create-m-uid-1, looks in 600', 'its execution was written down and never started', { status: first }, {}],
    ['starts create-m-uid-2, looks in 600', 'its execution ended without a Node', { status: first }, over('create-m-uid-1')],
    ['nothing', 'it has a Node', { status: { ...first, nodeRef } }, over('create-m-uid-1')],
    ['nothing', 'it has failed for good', { status: { ...first, errorReason: 'InvalidConfiguration' } }, over('create-m-uid-1')],
    [
      'starts create-m-uid-2, looks in 600',
      'its spec changed since it failed for good',
      { generation: 2, status: { ...first, errorReason: 'InvalidConfiguration' } },
      over('create-m-uid-1'),
    ],
    [
      'nothing, looks in 30',
      'it failed, and waits before the next attempt',
      { status: { ...first, waitingFor: { reason: 'OutOfCapacity', message: 'no room', until: inSeconds(30) } } },
      over('create-m-uid-1'),
    ],
    [
      'starts create-m-uid-2, looks in 600',
      'it failed, and has waited',
      { status: { ...first, waitingFor: { reason: 'OutOfCapacity', message: 'no room', until: inSeconds(0) } } },
      over('create-m-uid-1'),
    ],
    [
      'nothing, looks in 600',
      'its credentials were refused',
      { status: { ...first, waitingFor: refused } },
      { ...over('create-m-uid-1'), secretVersion: '7' },
    ],
    [
      'starts create-m-uid-2, looks in 600',
      'its credentials were mended',
      { status: { ...first, waitingFor: refused } },
      { ...over('create-m-uid-1'), secretVersion: '8' },
    ],
    [
      'nothing, looks in 600',
      'its credentials are missing',
      { status: { ...first, waitingFor: { ...refused, secretVersion: 'none' } } },
      { ...over('create-m-uid-1'), secretVersion: 'none' },
    ],
    ['nothing', 'it is paused', { paused: true }, {}],
    ['nothing', 'its cluster is paused', {}, cluster({ paused: true })],
    ['nothing', 'it is paused and new', { paused: true, finalizers: [] }, {}],
  ])('%s when %s', (expected, _, machine, more) => {
    expect(doing(facts(machine, more))).toBe(expected);
  });

  it('starts with all that its execution needs to know, and forgets why it waited', () => {
    const plan = planMachine(
      facts({ status: { ...first, errorReason: 'X', errorMessage: 'x', waitingFor: refused }, generation: 2 }, over('create-m-uid-1')),
    );
    expect(plan.operations).toEqual([
      {
        op: 'start',
        workflow: 'create-machine',
        execution: 'create-m-uid-2',
        input: { kind: 'Machine', namespace: 'default', name: 'm', uid: 'm-uid', platform: 'gce' },
        because: 'it has no Node yet',
        untold: true,
      },
    ]);
    expect(plan.status).toMatchObject({ execution: 'create-m-uid-2', attempt: 2, observedGeneration: 2, phase: 'Provisioning' });
    expect(plan.status).not.toHaveProperty('waitingFor');
    expect(plan.status).not.toHaveProperty('errorReason');
  });
});

describe('what stands in the way of a Machine', () => {
  const master = (more: Partial<MachineSelf> = {}): Partial<MachineSelf> => ({ name: 'c-master-0', role: 'master', index: 0, ...more });

  it.each<Row>([
    [
      'WaitingForCluster: Cluster default/c does not exist: apply it, or correct the label cluster.k8s.io/cluster-name',
      'there is none',
      {},
      { cluster: undefined as never },
    ],
    ['ClusterDeleting: Cluster c is being deleted', 'its cluster goes', {}, cluster({ deleting: true })],
    ['WaitingForClusterSecrets: the secrets of Cluster c are not made yet', 'its cluster is new', {}, cluster({ secretsReady: false })],
    [
      'WaitingForMachineClass: MachineClass default/large does not exist: apply it, or correct spec.providerSpec.valueFrom.machineClass.name',
      'its class is missing',
      { machineClass: 'large' },
      {},
    ],
    [
      'WaitingForAddress: masters.ips of Cluster c has 1 addresses, and master 1 needs masters.ips[1]: add it',
      'it is one master too many',
      master({ index: 1 }),
      {},
    ],
    [
      'InvalidName: the name of a master must end in its index, as in c-master-0: the index picks its address',
      'it is a master without a number',
      { role: 'master' },
      {},
    ],
  ])('is said: %s', (words, _, machine, more) => {
    const asked = facts(machine, more);
    expect(readyMessage(asked)).toBe(words);
    expect(doing(asked)).toBe('nothing, looks in 60');
  });

  it('is nothing for a master that has its address', () => {
    expect(doing(facts(master()))).toBe('starts create-m-uid-1, looks in 600');
  });

  it('does not matter once it has a Node', () => {
    const asked = facts({ status: { ...first, nodeRef } }, { cluster: undefined as never });
    expect(doing(asked)).toBe('nothing');
  });
});

describe('a Machine of a MachineClass', () => {
  const { providerSpec } = aMachineClass('large', 'west');
  const [unread, there] = [{ machineClass: 'large', platform: undefined as never }, { machineClass: { providerSpec } }];
  const taken = { platform: 'west', status: { ...first, providerSpec, madeFrom: 'before' } };

  it('takes the provider spec in the turn that starts its creation', () => {
    const { operations, status } = planMachine(facts(unread, there));
    expect(operations).toMatchObject([{ op: 'start', execution: 'create-m-uid-1', input: { platform: 'west' } }]);
    expect(status).toMatchObject({ providerSpec, execution: 'create-m-uid-1' });
  });

  it('waits without taking it, while something else is in the way', () => {
    expect(planMachine(facts(unread, { ...there, cluster: undefined as never })).status).not.toHaveProperty('providerSpec');
  });

  it('has it told by an Event that its class is missing, and nothing else', () => {
    const { tells } = planMachine(facts(unread));
    expect(tells).toEqual({
      type: 'Warning',
      reason: 'WaitingForMachineClass',
      message: expect.stringContaining('default/large does not exist'),
    });
    expect(planMachine(facts({}, cluster({ secretsReady: false })))).not.toHaveProperty('tells');
  });

  it.each<[string, 'create' | 'teardown', Partial<MachineSelf>]>([
    ['goes on', 'create', {}],
    ['goes on although its spec names another class now', 'create', { template: { versions: {}, providerSpec: 'other' }, generation: 2 }],
    ['is torn down', 'teardown', { deleting: true }],
  ])('%s with what it took, whatever becomes of the class', (_, workflow, more) => {
    const { operations, status } = planMachine(facts({ ...taken, ...more }, over('create-m-uid-1')));
    expect(operations).toMatchObject([{ workflow: `${workflow}-machine`, input: { platform: 'west' } }]);
    expect(status).toMatchObject({ providerSpec, madeFrom: 'before' });
  });

  it('goes at once when it is deleted before its class was there', () => {
    expect(doing(facts({ ...unread, deleting: true }))).toBe('sets finalizers ');
  });
});

describe('a Machine that is being deleted', () => {
  const goes = { deleting: true };
  const teardown = { execution: 'teardown-m-uid-1', attempt: 1 };

  it.each<Row>([
    ['sets finalizers ', 'nothing was ever made for it', {}, {}],
    ['sets finalizers mine', 'nothing was ever made, and somebody else holds it', { finalizers: ['mine', keys.machineFinalizer] }, {}],
    ['nothing', 'only somebody else holds it', { finalizers: ['mine'], status: teardown }, over('teardown-m-uid-1')],
    ['nothing, looks in 60', 'its creation has not noticed yet', { status: first }, running('create-m-uid-1')],
    ['starts teardown-m-uid-1, looks in 600', 'its creation has ended', { status: first }, over('create-m-uid-1')],
    ['starts teardown-m-uid-1, looks in 600', 'its creation was written down and never started', { status: first }, {}],
    ['starts teardown-m-uid-1, looks in 600', 'it runs', { status: { ...first, attempt: 5, nodeRef } }, over('create-m-uid-1')],
    ['nothing, looks in 60', 'its teardown runs', { status: teardown }, running('teardown-m-uid-1')],
    ['starts teardown-m-uid-2, looks in 600', 'its teardown failed', { status: teardown }, over('teardown-m-uid-1')],
    [
      'nothing, looks in 45',
      'its teardown failed, and waits',
      { status: { ...teardown, waitingFor: { reason: 'X', message: 'x', until: inSeconds(45) } } },
      over('teardown-m-uid-1'),
    ],
    [
      'starts teardown-m-uid-1, looks in 600',
      'its creation had failed and waited',
      { status: { ...first, waitingFor: { reason: 'X', message: 'x', until: inSeconds(45) } } },
      over('create-m-uid-1'),
    ],
    [
      'nothing, looks in 600',
      'its cloud refuses the credentials',
      { status: { ...teardown, waitingFor: refused } },
      { ...over('teardown-m-uid-1'), secretVersion: '7' },
    ],
    [
      'starts teardown-m-uid-1, looks in 600',
      'its cluster is gone',
      { status: first },
      { ...over('create-m-uid-1'), cluster: undefined as never },
    ],
    ['nothing', 'it is paused', { paused: true, status: first }, over('create-m-uid-1')],
  ])('%s when %s', (expected, _, machine, more) => {
    expect(doing(facts({ ...goes, ...machine }, more))).toBe(expected);
  });
});
