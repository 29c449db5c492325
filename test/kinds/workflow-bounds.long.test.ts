import { describe, expect, it } from '@jest/globals';
import { workflows } from '../../shared/kinds/workflows.ts';
import { goesToTheLimit, mostRetries, neverSettles, play, stepsOf } from './longest.ts';

const rows = workflows.flatMap((workflow) => {
  const steps = stepsOf(workflow);
  return [...new Set([steps[0]!, steps.at(-1)!])].map((step) => ({ workflow, step }));
});

describe('the longest execution', () => {
  it.each(workflows.map((workflow) => [workflow.name, workflow] as const))(
    'of %s fails within 20,000 events and 200 KB, even if all goes wrong at the last moment',
    (_name, workflow) => {
      const { ending, events, largest } = play(workflow, goesToTheLimit(stepsOf(workflow).at(-1)!));
      expect(ending).toMatchObject({ status: 'FAILED', failure: { error: 'Invalid' } });
      expect(events).toBeGreaterThan(20_000 - 9);
      expect(events).toBeLessThanOrEqual(20_000);
      expect(largest).toBeGreaterThan(90_000);
      expect(largest).toBeLessThan(200_000);
    },
  );

  it.each(rows)(
    'of $workflow.name in which $step never settles, and is retried as often as it may be, hands over in time',
    ({ workflow, step }) => {
      const { ending, events, largest } = play(workflow, neverSettles(step, mostRetries));
      expect(ending).toMatchObject({ status: 'SUCCEEDED', output: { [step]: { settled: false, handOver: true } } });
      expect(events).toBeGreaterThan(19_000);
      expect(events).toBeLessThanOrEqual(20_000);
      expect(largest).toBeLessThan(25_000);
    },
  );
});
