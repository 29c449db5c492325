import type { Settings } from '../../shared/steps/step.ts';

/** What is worth waiting for where machines take minutes. Seconds. */
export const settings: Settings = {
  joinTimeout: 1_200,
  quickestBoot: 20,
  pace: { share: 4, atLeast: 5, atMost: 30 },
};
