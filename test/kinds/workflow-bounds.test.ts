import { describe, expect, it } from '@jest/globals';
import { eventsBefore } from '../../shared/kinds/history.ts';
import { createMachine, teardownMachine } from '../../shared/kinds/machine/workflow.ts';
import { rollout } from '../../shared/kinds/machine-deployment/workflow.ts';
import type { Workflow } from '../../shared/kinds/workflow.ts';
import { workflows } from '../../shared/kinds/workflows.ts';
import { asksAgain, goesToTheLimit, neverSettles, play, retried, settles, stepsOf } from './longest.ts';

const named = workflows.map((workflow) => [workflow.name, workflow] as const);

describe('an execution', () => {
  it.each([
    ['many steps', teardownMachine],
    ['one step', rollout],
  ])('of %s fails within 20,000 events and 200 KB, even if all goes wrong at the last moment', (_what, workflow) => {
    const { ending, events, largest, calls } = play(workflow, goesToTheLimit(stepsOf(workflow).at(-1)!));
    expect(ending).toMatchObject({ status: 'FAILED', failure: { error: 'Invalid' } });
    expect(calls.at(-1)!.call.step).toBe('RecordFailure');
    // A round has 9.
    expect(events).toBeGreaterThan(20_000 - 9);
    expect(events).toBeLessThanOrEqual(20_000);
    expect(largest).toBeGreaterThan(90_000);
    expect(largest).toBeLessThan(200_000);
  });

  it('whose last step never settles hands over to the next one, with little to carry', () => {
    const { ending, events, largest } = play(createMachine, neverSettles('AwaitNode', 3));
    expect(ending).toMatchObject({ status: 'SUCCEEDED', output: { AwaitNode: { settled: false, handOver: true } } });
    expect(events).toBeGreaterThan(19_600);
    expect(events).toBeLessThanOrEqual(20_000);
    expect(largest).toBeLessThan(15_000);
  });

  it.each(named)('of %s counts its events one by one', (_name, workflow) => {
    const { calls } = play(workflow, (call) => {
      retried(call.step.length % 4, call);
      return (call.input[call.step] as { round?: number } | undefined)?.round === 3 ? settles(call) : asksAgain(call);
    });
    for (const { call, events } of calls) {
      // Entered, what failed before, scheduled and started.
      expect(events).toBe(eventsBefore(call.input) + 1 + 3 * call.retries + 2);
    }
  });
});

describe('an execution that began under a definition that counted nothing', () => {
  const counted = /^(retries\.\$|mostEvents|events\.\$)$/;
  const old = (workflow: Workflow) => ({
    ...workflow,
    definition: JSON.parse(JSON.stringify(workflow.definition, (key, value: unknown) => (counted.test(key) ? undefined : value))),
  });

  it('hands over after 2,000 rounds', () => {
    const { ending, events, calls } = play(old(createMachine), (call) => (call.step === 'AwaitNode' ? asksAgain(call) : settles(call)));
    expect(ending).toMatchObject({ status: 'SUCCEEDED', output: { AwaitNode: { handOver: true } } });
    expect(calls).toHaveLength(2_000);
    expect(events).toBeLessThan(18_010);
  });
});
