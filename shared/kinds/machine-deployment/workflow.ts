import { sequence, until } from '../workflow.ts';

/** Turn after turn, until all machines are up to date. */
export const rollout = sequence('rollout', [until('PlanRollout', { comment: 'Replaces as many machines as the strategy allows now' })], {
  comment: 'Replaces the machines of one MachineDeployment, never fewer than its strategy allows.',
});
