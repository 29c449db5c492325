import { describe, expect, it } from '@jest/globals';
import { settings } from '../../infra/aws/settings.ts';
import { pace } from '../../shared/steps/step.ts';

/** Seconds since a machine began to run at which it is looked at, until it is ready. */
function looks(readyAfter: number): number[] {
  const { quickestBoot = 0 } = settings;
  const at = [quickestBoot];
  for (let last = quickestBoot; last < readyAfter; at.push(last)) last += pace((last - quickestBoot) * 1000, settings);
  return at;
}

describe('the settings of the AWS host', () => {
  it('look at a machine that boots in 120 s seven times, and see it in time', () => {
    expect(looks(120)).toHaveLength(7);
    expect(looks(120).at(-1)).toBeLessThan(140);
  });

  it('see whatever boots within 20 minutes at most half a minute late', () => {
    for (let readyAfter = 60; readyAfter <= 1200; readyAfter += 7) expect(looks(readyAfter).at(-1)).toBeLessThanOrEqual(readyAfter + 30);
  });

  it('see a Node that turns NotReady within five minutes', () => {
    // A sweep may come a few seconds late, and the look after it.
    expect(settings.cadence?.nodes).toBeLessThanOrEqual(4);
  });

  it('look at everything in minutes in which they look at clusters too, so that one process serves both', () => {
    const { nodes, instances, everything } = settings.cadence!;
    expect([everything % nodes, everything % instances, instances % nodes]).toEqual([0, 0, 0]);
  });
});
