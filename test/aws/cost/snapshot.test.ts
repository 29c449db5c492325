import { describe, expect, it } from '@jest/globals';
import { snapshotOf } from '../../../infra/aws/cost/measure/snapshot.ts';
import type { Calls, MeasuredPlane } from '../../../infra/local/bench/plane-process.ts';

const planeThatCalled = (functions: Readonly<Record<string, Calls>>): MeasuredPlane =>
  ({
    usage: async () => ({ functions, transitions: 7, sends: 1, wakes: 2, logBytes: 3 }),
    bill: { byFunction: () => ({ 'steps DrainNode': { reads: 5, writes: 6 }, sweep: { reads: 9, writes: 0 } }), bytes: () => 4096 },
  }) as unknown as MeasuredPlane;

const called = (ms: number, calls = 1): Calls => ({ calls, ms });

describe('a snapshot of the plane', () => {
  it('tells what was asked for from what comes with the hours', async () => {
    const functions = {
      'steps DrainNode': called(10, 2),
      'steps ObserveNodes': called(20),
      'clouds-gce ObserveInstances': called(30),
      sweep: called(60),
    };
    const { foreground, background, bytes } = await snapshotOf(planeThatCalled(functions));
    expect(foreground.functions.steps).toEqual({ calls: 2, ms: 10, reads: 5, writes: 6 });
    expect(foreground.functions.sweep.calls).toBe(0);
    expect(foreground).toMatchObject({ transitions: 7, sends: 1, wakes: 2, logBytes: 3 });
    expect(background.functions.steps.calls).toBe(1);
    expect(background.functions.cloudSteps.ms).toBe(30);
    expect(background.transitions).toBe(0);
    expect(bytes).toBe(4096);
  });

  it('does not count the looks for which a sweep waits here, and on AWS does not', async () => {
    const functions = { 'steps ObserveNodes': called(20), 'clouds-gce ObserveInstances': called(30), sweep: called(60) };
    const { background } = await snapshotOf(planeThatCalled(functions));
    expect(background.functions.sweep).toEqual({ calls: 1, ms: 10, reads: 9, writes: 0 });
  });

  it('leaves out the questions of who measures', async () => {
    const { foreground } = await snapshotOf(
      planeThatCalled({ 'api GET machines': called(9, 100), 'api PATCH machinedeployments': called(8) }),
    );
    expect(foreground.functions.api.calls).toBe(1);
  });

  it('knows no price for a function of no sort', async () => {
    await expect(snapshotOf(planeThatCalled({ 'mystery-machine': called(1) }))).rejects.toThrow(
      'the function mystery-machine is of no sort',
    );
  });
});
