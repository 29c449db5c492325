import { type MachineDeploymentObject, machineDeployment } from '../../kinds/machine-deployment/kind.ts';
import { planMachineDeployment } from '../../kinds/machine-deployment/plan.ts';
import { rolloutOutcome } from '../../kinds/machine-deployment/rollout.ts';
import { gatherMachineDeployment } from '../../reconcile/gather.ts';
import { reconcile } from '../../reconcile/reconcile.ts';
import { pace, type Step, settled, superseded, waiting } from '../step.ts';

/**
 * One turn of a rollout: the same plan, turn and apply as a reconcile's, but carried out by the execution, which alone
 * replaces machines while it runs. It ends when the rollout is complete, paused, past its deadline, or another's.
 */
export const planRollout: Step = async (input, ports) => {
  const name = { namespace: input.namespace, name: input.name };
  const gather = (object: MachineDeploymentObject, _turn: number) => gatherMachineDeployment(object, ports, input.execution);
  const object = await ports.store.get(machineDeployment, name);
  if (object === undefined || object.metadata.uid !== input.uid) return superseded(`MachineDeployment ${input.name} is gone`);
  const before = rolloutOutcome(await gather(object, 0));
  if (before === 'superseded') return superseded('a newer rollout goes on with it');
  await reconcile({ kind: machineDeployment, gather, plan: planMachineDeployment }, name, ports);
  const after = await ports.store.get(machineDeployment, name);
  if (after === undefined) return superseded(`MachineDeployment ${input.name} is gone`);
  const outcome = rolloutOutcome(await gather(after, 0));
  const { replicas = 0, updatedReplicas = 0, availableReplicas = 0 } = after.status ?? {};
  const says = `${updatedReplicas} of ${after.spec.replicas} machines are up to date, ${availableReplicas} of ${replicas} available`;
  if (outcome === 'in progress')
    return waiting(says, pace(ports.clock.now() - Date.parse(after.status?.lastProgressTime ?? ''), ports.settings));
  return outcome === 'superseded' ? superseded(says) : settled(`${outcome}: ${says}`);
};
