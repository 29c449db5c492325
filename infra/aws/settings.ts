import type { Settings } from '../../shared/steps/step.ts';

/**
 * What the plane waits for on AWS, where each look costs: `npm run cost` says how much. A machine that boots in 120 s is looked at
 * seven times, and known to be ready at most 20 s late.
 */
export const settings: Settings = {
  joinTimeout: 1200,
  quickestBoot: 60,
  pace: { share: 3, atLeast: 10, atMost: 30 },
  // A Node that turns NotReady is seen within four minutes. Controllers look at everything every ten hours, as a rule.
  cadence: { nodes: 4, instances: 12, everything: 240 },
};
