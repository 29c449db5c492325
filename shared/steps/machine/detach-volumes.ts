import { type StepPorts, settled, waiting } from '../step.ts';
import { tearingDown } from './of-machine.ts';
import { deletingFor, withNode } from './reach-node.ts';

const exclude = 'machine.cluster.x-k8s.io/exclude-wait-for-node-volume-detach';

/** Waits until the Node has no volumes attached any more, within nodeVolumeDetachTimeoutSeconds. */
export const detachVolumes = tearingDown<StepPorts>(async (at, _input, ports) => {
  if (at.machine.annotations[exclude] !== undefined) return settled(`volumes not waited for: annotation ${exclude}`);
  const timeout = at.object.spec.deletion?.nodeVolumeDetachTimeoutSeconds ?? 0;
  if (timeout > 0 && deletingFor(at, ports) > timeout)
    return settled(`gave up on volumes after ${timeout} s (nodeVolumeDetachTimeoutSeconds)`);
  return withNode(at, ports, async ({ api, node }) => {
    const attached = ((await api.getNode(node))?.status as { volumesAttached?: unknown[] } | undefined)?.volumesAttached ?? [];
    return attached.length === 0
      ? settled('no volumes are attached')
      : waiting(`${attached.length} volumes are still attached to Node ${node}`, 10);
  });
});
