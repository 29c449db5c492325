import { sequence, until } from '../workflow.ts';

/** From a Machine to a Node. Masters and workers alike; only AwaitNode waits for the others. */
export const createMachine = sequence(
  'create-machine',
  [until('RenderBootstrap'), until('EnsureInstance', { cloud: true }), until('AttachAddress', { cloud: true }), until('AwaitNode')],
  { comment: 'Creates the instance of one Machine and waits for its Node.' },
);

/** From a Node to nothing, in the order of Cluster API: hooks, drain, volumes, hooks, instance, Node. */
export const teardownMachine = sequence(
  'teardown-machine',
  [
    until('PreDrainHooks'),
    until('DrainNode'),
    until('LeaveEtcd'),
    until('DetachVolumes'),
    until('PreTerminateHooks'),
    until('DeleteInstance', { cloud: true }),
    until('DeleteNode'),
    until('ForgetMachine'),
  ],
  { comment: 'Drains one Machine, deletes its instance and its Node, and lets it go.' },
);
