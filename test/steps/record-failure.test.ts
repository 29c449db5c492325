import { beforeEach, describe, expect, it } from '@jest/globals';
import { event } from '../../shared/kinds/core/event.ts';
import type { MachineStatus } from '../../shared/kinds/machine/model.ts';
import { recordFailure } from '../../shared/steps/record-failure.ts';
import { aWorker } from '../plane/objects.ts';
import { type Stage, stage } from './stage.ts';

let plane: Stage;
beforeEach(async () => {
  plane = await stage();
});

/** As Lambda reports an error of a function. */
const thrown = (name: string, message: string) => ({
  Error: name,
  Cause: JSON.stringify({ errorType: name, errorMessage: message, trace: [] }),
});

async function after(failure: { Error?: string; Cause?: string }, status: MachineStatus = {}, deleting = false): Promise<MachineStatus> {
  const worker = await plane.put(aWorker('c', 'w'), status);
  if (deleting) await plane.leave('w');
  expect((await plane.ask(recordFailure, worker, { failure })).settled).toBe(true);
  return (await plane.machine('w')).status!;
}

describe('a failure of a Machine', () => {
  it.each([
    ['RetryLater', 'RetryLater'],
    ['OutOfCapacity', 'InsufficientResources'],
    ['QuotaExceeded', 'QuotaExceeded'],
    ['NotFound', 'NotFound'],
    ['Conflict', 'Conflict'],
    ['TypeError', 'ExecutionFailed'],
    ['States.Timeout', 'ExecutionFailed'],
  ])('of class %s is waited over, for reason %s', async (name, reason) => {
    const status = await after(thrown(name, 'so it is'));
    expect(status.waitingFor).toEqual({ reason, message: 'so it is', until: '2019-07-26T00:00:30Z' });
    expect(status.errorReason).toBeUndefined();
  });

  it.each([
    ['Invalid', 'InvalidConfiguration'],
    ['JoinTimeout', 'JoinClusterTimeoutError'],
  ])('of class %s stands until the spec changes, for reason %s', async (name, reason) => {
    expect(await after(thrown(name, 'so it is'))).toMatchObject({
      phase: 'Failed',
      errorReason: reason,
      errorMessage: 'so it is',
      observedGeneration: 1,
    });
  });

  it('that is being deleted is never final', async () => {
    const status = await after(thrown('Invalid', 'so it is'), { execution: 'teardown-1' }, true);
    expect(status).toMatchObject({ phase: 'Deleting', waitingFor: { reason: 'InvalidConfiguration' } });
    expect(status.errorReason).toBeUndefined();
  });

  it.each([
    [1, '00:00:30'],
    [2, '00:01:00'],
    [3, '00:02:00'],
    [5, '00:08:00'],
    [6, '00:10:00'],
    [60, '00:10:00'],
  ])('is waited over for longer each time: after attempt %d until %s', async (attempt, until) => {
    expect((await after(thrown('OutOfCapacity', 'no room'), { attempt })).waitingFor?.until).toBe(`2019-07-26T${until}Z`);
  });

  it('that is a refusal waits for the Secret that was noted, and not for a time', async () => {
    const waitingFor = { reason: 'CredentialsRefused', message: 'mend it', secret: 'east-credentials', secretVersion: '7' };
    expect((await after(thrown('Refused', 'no'), { waitingFor })).waitingFor).toEqual(waitingFor);
  });

  it('that is a refusal of which no Secret was noted is waited over', async () => {
    expect((await after(thrown('Refused', 'no'))).waitingFor).toEqual({
      reason: 'CredentialsRefused',
      message: 'no',
      until: '2019-07-26T00:00:30Z',
    });
  });

  it('in plain words, or in none, is told all the same', async () => {
    expect((await after({ Error: 'States.Timeout', Cause: 'it took too long' })).waitingFor?.message).toBe('it took too long');
    plane = await stage();
    expect((await after({})).waitingFor?.message).toBe('no cause was given');
  });

  it('is an Event', async () => {
    await after(thrown('OutOfCapacity', 'no room'));
    const { items } = await plane.store.list(event);
    expect(items).toMatchObject([{ type: 'Warning', reason: 'InsufficientResources', message: 'no room', involvedObject: { name: 'w' } }]);
  });

  it('makes it due at once: what comes next is for its plan to decide', async () => {
    await after(thrown('OutOfCapacity', 'no room'));
    const machineKind = (await import('../../shared/kinds/machine/kind.ts')).machine;
    expect(await plane.store.due(machineKind, 'default', plane.clock.now())).toEqual([{ namespace: 'default', name: 'w' }]);
  });

  it('that is gone, or another by now, is nobody’s', async () => {
    const worker = await plane.put(aWorker('c', 'w'));
    const failure = thrown('Invalid', 'x');
    expect(await plane.ask(recordFailure, worker, { failure, uid: 'former' })).toMatchObject({
      settled: true,
      says: 'the Machine is gone',
    });
    expect((await plane.machine('w')).status).toEqual({});
  });
});

describe('a failure of a Cluster', () => {
  it('is waited over, and said', async () => {
    const cluster = await plane.raise({ attempt: 2 });
    await plane.ask(recordFailure, cluster, { failure: thrown('Invalid', 'Secret c-talos is of another Cluster') });
    const { status } = await plane.cluster();
    expect(status?.waitingFor).toEqual({
      reason: 'InvalidConfiguration',
      message: 'Secret c-talos is of another Cluster',
      until: '2019-07-26T00:01:00Z',
    });
    expect(status?.conditions).toMatchObject([{ type: 'Ready', status: 'False', reason: 'InvalidConfiguration' }]);
  });
});

it('a failure of a rollout is left to its MachineDeployment', async () => {
  const worker = await plane.put(aWorker('c', 'w'));
  const outcome = await plane.ask(recordFailure, { ...worker, kind: 'MachineDeployment' }, { failure: thrown('RetryLater', 'no answer') });
  expect(outcome).toEqual({ settled: true, says: 'no answer' });
});
