import { NotFound, RetryLater } from '../../errors.ts';
import { machine as machineKind } from '../../kinds/machine/kind.ts';
import type { KubeObject } from '../../kinds/object.ts';
import type { Happening } from '../../kinds/operation.ts';
import type { KubernetesApi } from '../../nodes/nodes.ts';
import { recordEvent } from '../../reconcile/events.ts';
import { type StepPorts, settled, waiting } from '../step.ts';
import { tearingDown } from './of-machine.ts';
import { deletingFor, withNode } from './reach-node.ts';

const excludeDrain = 'machine.cluster.x-k8s.io/exclude-node-draining';
const drainLabel = 'cluster.x-k8s.io/drain';

/** Keeps new Pods away and evicts those that are there, within the machine's nodeDrainTimeoutSeconds. */
export const drainNode = tearingDown<StepPorts>(async (at, _input, ports) => {
  if (at.machine.annotations[excludeDrain] !== undefined) return settled(`not drained: annotation ${excludeDrain}`);
  const timeout = at.object.spec.deletion?.nodeDrainTimeoutSeconds ?? 0;
  const tell = (happening: Happening) => recordEvent(machineKind, at.object, happening, ports);
  if (timeout > 0 && deletingFor(at, ports) > timeout) {
    const says = `gave up draining after ${timeout} s (nodeDrainTimeoutSeconds)`;
    await tell({ type: 'Warning', reason: 'NodeDrainTimedOut', message: `The Node may still have Pods: ${says}` });
    return settled(says);
  }
  return withNode(at, ports, async ({ api, node }) => {
    try {
      await api.patchNode(node, { spec: { unschedulable: true } });
    } catch (error) {
      if (error instanceof NotFound) return settled(`Node ${node} is gone`);
      throw error;
    }
    const left = await evictAll(api, node);
    const more = left.length > 3 ? ` and ${left.length - 3} more` : '';
    if (left.length > 0) return waiting(`evicts ${left.slice(0, 3).join(', ')}${more}`, 5);
    await tell({ type: 'Normal', reason: 'NodeDrained', message: `Node ${node} has no Pods left that must go` });
    return settled(`drained Node ${node}`);
  });
});

/** The Pods that are still there. */
async function evictAll(api: KubernetesApi, node: string): Promise<string[]> {
  const left: string[] = [];
  for (const pod of (await api.podsOn(node)).filter(mustGo)) {
    left.push(`${pod.metadata.namespace}/${pod.metadata.name}`);
    if (pod.metadata.deletionTimestamp !== undefined) continue;
    // A disruption budget forbids it now; the others are evicted all the same.
    await api.evict(pod).catch((error: unknown) => {
      if (!(error instanceof RetryLater)) throw error;
    });
  }
  return left;
}

/** DaemonSet Pods would come again, static Pods cannot be evicted, finished Pods do no harm. */
function mustGo(pod: KubeObject): boolean {
  const { metadata, status } = pod as KubeObject & { status?: { phase?: string } };
  if (metadata.ownerReferences?.some(({ kind }) => kind === 'DaemonSet')) return false;
  if (metadata.annotations?.['kubernetes.io/config.mirror'] !== undefined) return false;
  if (metadata.labels?.[drainLabel] === 'skip') return false;
  return status?.phase !== 'Succeeded' && status?.phase !== 'Failed';
}
