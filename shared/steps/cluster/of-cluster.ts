import { Conflict, NotFound, RetryLater } from '../../errors.ts';
import { type ClusterObject, cluster as clusterKind } from '../../kinds/cluster/kind.ts';
import { type Cluster, type ClusterStatus, toCluster } from '../../kinds/cluster/model.ts';
import { summarize } from '../../kinds/cluster/status.ts';
import { nameOf } from '../../kinds/object.ts';
import type { StepOutcome } from '../../kinds/workflow.ts';
import { safetyNet } from '../due.ts';
import { type Step, type StepInput, type StepPorts, soon, superseded, waiting } from '../step.ts';

export interface ClusterAtHand {
  readonly object: ClusterObject;
  readonly cluster: Cluster;
}

type ClusterStep<Ports> = (at: ClusterAtHand, input: StepInput, ports: Ports) => Promise<StepOutcome>;

/** A step of a cluster's creation: ends the execution as superseded when the Cluster is gone or is being deleted. */
export const creating = <Ports extends StepPorts>(step: ClusterStep<Ports>): Step<Ports> =>
  ofCluster(step, ({ cluster }) => (cluster.deleting ? superseded(`Cluster ${cluster.name} is being deleted`) : undefined));

/** A step of a cluster's teardown: ends as superseded when the Cluster is gone. */
export const tearingDown = <Ports extends StepPorts>(step: ClusterStep<Ports>): Step<Ports> => ofCluster(step, () => undefined);

const ofCluster =
  <Ports extends StepPorts>(step: ClusterStep<Ports>, stop: (at: ClusterAtHand) => StepOutcome | undefined): Step<Ports> =>
  async (input, ports) => {
    const object = await ports.store.get(clusterKind, input);
    if (object === undefined || object.metadata.uid !== input.uid) return superseded(`Cluster ${input.name} is gone`);
    const at = { object, cluster: toCluster(object) };
    const stopped = stop(at);
    if (stopped !== undefined) return stopped;
    try {
      return await step(at, input, ports);
    } catch (error) {
      if (error instanceof RetryLater) return waiting(error.message, error.retryAfter ?? soon(ports.settings));
      if (error instanceof Conflict) return waiting('somebody else wrote first', 1);
      throw error;
    }
  };

/**
 * Writes what a step observed of the cluster, with the summary that follows from it. Loud: its machines and its reconciler look.
 * `observed` is asked again when somebody else wrote in between: what it leaves as it was is left as it is now.
 */
export async function note(
  at: ClusterAtHand,
  observed: (status: ClusterStatus) => Partial<ClusterStatus>,
  loud: 'loud' | 'quiet',
  ports: StepPorts,
): Promise<ClusterAtHand> {
  let { object } = at;
  for (;;) {
    const changed = { ...object, status: { ...object.status, ...observed(object.status ?? {}) } };
    const next = { ...changed, status: summarize(toCluster(changed), ports.clock.now()) };
    try {
      const dueAt = loud === 'loud' ? ports.clock.now() : safetyNet(ports);
      const stored = await ports.store.update(clusterKind, next, { dueAt, ...(loud === 'quiet' && { wakes: 'nobody' as const }) });
      return { object: stored, cluster: toCluster(stored) };
    } catch (error) {
      if (!(error instanceof Conflict)) throw error;
      const again = await ports.store.get(clusterKind, nameOf(object));
      if (again === undefined || again.metadata.uid !== object.metadata.uid) throw new NotFound(`Cluster ${object.metadata.name} is gone`);
      object = again;
    }
  }
}
