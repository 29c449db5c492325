import { stepDoor } from '../shared/lambda/step.ts';
import { bootstrapEtcd } from '../shared/steps/cluster/bootstrap-etcd.ts';
import { deleteMasters, deleteWorkers } from '../shared/steps/cluster/delete-machines.ts';
import { emptyClouds } from '../shared/steps/cluster/empty-clouds.ts';
import { ensureSecrets } from '../shared/steps/cluster/ensure-secrets.ts';
import { deleteSecrets, forgetCluster } from '../shared/steps/cluster/forget-cluster.ts';
import { observeNodes } from '../shared/steps/cluster/observe-nodes.ts';
import { publishAccess } from '../shared/steps/cluster/publish-access.ts';
import { awaitNode } from '../shared/steps/machine/await-node.ts';
import { deleteNode } from '../shared/steps/machine/delete-node.ts';
import { detachVolumes } from '../shared/steps/machine/detach-volumes.ts';
import { drainNode } from '../shared/steps/machine/drain-node.ts';
import { forgetMachine } from '../shared/steps/machine/forget-machine.ts';
import { preDrainHooks, preTerminateHooks } from '../shared/steps/machine/hooks.ts';
import { leaveEtcd } from '../shared/steps/machine/leave-etcd.ts';
import { renderBootstrap } from '../shared/steps/machine/render-bootstrap.ts';
import { recordFailure } from '../shared/steps/record-failure.ts';
import { planRollout } from '../shared/steps/rollout/plan-rollout.ts';

/** The steps that need no cloud, by the names of the states that call them. */
export const steps = stepDoor({
  // create-cluster, teardown-cluster
  EnsureSecrets: ensureSecrets,
  PublishAccess: publishAccess,
  BootstrapEtcd: bootstrapEtcd,
  DeleteWorkers: deleteWorkers,
  DeleteMasters: deleteMasters,
  EmptyClouds: emptyClouds,
  DeleteSecrets: deleteSecrets,
  ForgetCluster: forgetCluster,
  // create-machine, teardown-machine
  RenderBootstrap: renderBootstrap,
  AwaitNode: awaitNode,
  PreDrainHooks: preDrainHooks,
  DrainNode: drainNode,
  LeaveEtcd: leaveEtcd,
  DetachVolumes: detachVolumes,
  PreTerminateHooks: preTerminateHooks,
  DeleteNode: deleteNode,
  ForgetMachine: forgetMachine,
  // rollout
  PlanRollout: planRollout,
  // the failure exit of all of them
  RecordFailure: recordFailure,
  // called by the sweep
  ObserveNodes: observeNodes,
});
