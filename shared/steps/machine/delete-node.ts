import { RetryLater } from '../../errors.ts';
import { roundsOf } from '../../kinds/history.ts';
import { type StepPorts, settled, waiting } from '../step.ts';
import { tearingDown } from './of-machine.ts';
import { deletingFor, withNode } from './reach-node.ts';

/**
 * As Cluster API: a Node that cannot be deleted holds its machine until ten seconds after the deletion began, unless the machine says
 * otherwise, and is in any case tried for ten seconds: draining may have taken all of them.
 */
const defaultTimeout = 10;
const tries = 5;
const pause = 2;

/** Deletes the Node object that the machine leaves behind. */
export const deleteNode = tearingDown<StepPorts>((at, input, ports) =>
  withNode(at, ports, async ({ api, node, nodeUid }) => {
    try {
      await api.deleteNode(node, nodeUid);
      return settled(`deleted Node ${node}`);
    } catch (error) {
      if (!(error instanceof RetryLater)) throw error;
      const timeout = at.object.spec.deletion?.nodeDeletionTimeoutSeconds ?? defaultTimeout;
      if (timeout > 0 && deletingFor(at, ports) > timeout && roundsOf({ ...input }, 'DeleteNode') >= tries)
        return settled(`gave up deleting Node ${node} after ${timeout} s: ${error.message}`);
      return waiting(`Node ${node} cannot be deleted yet: ${error.message}`, pause);
    }
  }),
);
