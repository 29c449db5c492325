import { sequence, until } from '../workflow.ts';

/** From a Machine to a Node. Masters and workers alike; only AwaitNode waits for the others. */
export const createMachine = sequence(
  'create-machine',
  [
    until('RenderBootstrap', { comment: 'Renders what the machine boots with, once, into a Secret' }),
    until('EnsureInstance', { cloud: true, comment: 'Finds the instance by the uid of the Machine, or creates it' }),
    until('AttachAddress', { cloud: true, comment: 'Gives a master its reserved address' }),
    until('AwaitNode', { comment: 'Waits for the Node and makes it ours: providerID, labels, taints' }),
  ],
  { comment: 'Creates the instance of one Machine and waits for its Node.' },
);

/** From a Node to nothing, in the order of Cluster API: hooks, drain, volumes, hooks, instance, Node. */
export const teardownMachine = sequence(
  'teardown-machine',
  [
    until('PreDrainHooks', { comment: 'Waits until no pre-drain hook holds the Machine' }),
    until('DrainNode', { comment: 'Keeps new Pods away and evicts those that are there' }),
    until('LeaveEtcd', { comment: 'Takes a master out of etcd, so that the others keep their quorum' }),
    until('DetachVolumes', { comment: 'Waits until the Node has no volumes attached' }),
    until('PreTerminateHooks', { comment: 'Waits until no pre-terminate hook holds the Machine' }),
    until('DeleteInstance', { cloud: true, comment: 'Deletes what was made for the Machine in its cloud' }),
    until('DeleteNode', { comment: 'Deletes the Node that is left behind' }),
    until('ForgetMachine', { comment: 'Nothing is left in the world: lets the Machine go' }),
  ],
  { comment: 'Drains one Machine, deletes its instance and its Node, and lets it go.' },
);
