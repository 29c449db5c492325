import type { Step } from '../step.ts';
import { type StepPorts, settled, waiting } from '../step.ts';
import { tearingDown } from './of-machine.ts';

/** Annotations that hold a machine's deletion, as Cluster API has them; whoever set one takes it away. */
const suffix = 'delete.hook.machine.cluster.x-k8s.io/';

const awaitHooks = (phase: 'pre-drain' | 'pre-terminate'): Step<StepPorts> =>
  tearingDown(async ({ machine }) => {
    const hooks = Object.keys(machine.annotations).filter((key) => key.startsWith(`${phase}.${suffix}`));
    if (hooks.length === 0) return settled(`no ${phase} hook holds it`);
    return waiting(`${hooks.join(', ')} must be taken away by whoever set it`, 15);
  });

export const preDrainHooks = awaitHooks('pre-drain');
export const preTerminateHooks = awaitHooks('pre-terminate');
