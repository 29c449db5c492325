import type { Context, DynamoDBStreamEvent } from 'aws-lambda';
import * as aws from '../../functions/clouds/aws.ts';
import * as gce from '../../functions/clouds/gce.ts';
import * as cluster from '../../functions/cluster.ts';
import * as clusterRole from '../../functions/cluster-role.ts';
import * as clusterRoleBinding from '../../functions/cluster-role-binding.ts';
import * as collector from '../../functions/collect.ts';
import * as configMap from '../../functions/config-map.ts';
import { api as discovery } from '../../functions/discovery.ts';
import * as dispatcher from '../../functions/dispatch.ts';
import * as event from '../../functions/event.ts';
import * as iamIdentityMapping from '../../functions/iam-identity-mapping.ts';
import * as machine from '../../functions/machine.ts';
import * as machineClass from '../../functions/machine-class.ts';
import * as machineDeployment from '../../functions/machine-deployment.ts';
import * as machineSet from '../../functions/machine-set.ts';
import * as namespace from '../../functions/namespace.ts';
import * as role from '../../functions/role.ts';
import * as roleBinding from '../../functions/role-binding.ts';
import * as secret from '../../functions/secret.ts';
import { steps } from '../../functions/steps.ts';
import { sweep } from '../../functions/sweep.ts';
import type { Api } from '../../shared/api/call.ts';
import type { StepCall } from '../../shared/kinds/workflow.ts';
import type { Asked } from '../../shared/lambda/collect.ts';
import type { ExecutionEnded } from '../../shared/lambda/execution.ts';
import { metered } from './meter.ts';
import type { Consumer } from './wake-queue.ts';

/** The Lambdas, called in this process with the events that AWS would send. */

export { discovery };

/** What AWS tells a function of its surroundings; ours read nothing of it. */
const context = { awsRequestId: 'local', functionName: 'local', getRemainingTimeInMillis: () => 900_000 } as Context;

export const apis: Readonly<Record<string, Api>> = {
  Cluster: cluster.api,
  Machine: machine.api,
  MachineClass: machineClass.api,
  MachineSet: machineSet.api,
  MachineDeployment: machineDeployment.api,
  Secret: secret.api,
  ConfigMap: configMap.api,
  Namespace: namespace.api,
  Event: event.api,
  IAMIdentityMapping: iamIdentityMapping.api,
  Role: role.api,
  ClusterRole: clusterRole.api,
  RoleBinding: roleBinding.api,
  ClusterRoleBinding: clusterRoleBinding.api,
};

const reconciler =
  (name: string, reconcile: typeof cluster.reconcile): Consumer =>
  (batch) =>
    metered(name, () => reconcile(batch, context));

export const consumers: Readonly<Record<string, Consumer>> = {
  'Cluster.cluster.k8s.io': reconciler('reconcile-cluster', cluster.reconcile),
  'Machine.cluster.k8s.io': reconciler('reconcile-machine', machine.reconcile),
  'MachineSet.cluster.k8s.io': reconciler('reconcile-machine-set', machineSet.reconcile),
  'MachineDeployment.cluster.k8s.io': reconciler('reconcile-machine-deployment', machineDeployment.reconcile),
};

export const dispatch = (records: Parameters<typeof dispatcher.dispatch>[0]) =>
  metered('dispatch', () => dispatcher.dispatch(records, context));

/** What has ended and what waits for that; as AWS filters the stream, only records that tell of an end. */
export const collect = (records: DynamoDBStreamEvent) =>
  metered('collect', async () => (await collector.collect(records, context)) ?? { batchItemFailures: [] });

/** What the sweep asks the collector for. */
export const collectNow = (ask: Asked['collect']) =>
  metered(`collect ${ask === 'everything' ? ask : 'namespaces'}`, () => collector.collect({ collect: ask }, context));

type StepPayload = StepCall | readonly StepCall[];

const stepFunctionsOf: Readonly<Record<string, (payload: StepPayload) => Promise<unknown>>> = {
  steps: (payload) => steps(payload, context),
  'clouds-aws': (payload) => aws.steps(payload, context),
  'clouds-gce': (payload) => gce.steps(payload, context),
};

/** What a payload asks for; whoever asks for several things at once asks for the same of several. */
const stepOf = (payload: StepPayload): string | undefined => [payload].flat()[0]?.step;

/** The function that a state machine invokes under this name. */
export function functionNamed(name: string): (payload: unknown) => Promise<unknown> {
  const invoke = stepFunctionsOf[name];
  if (invoke === undefined) throw new Error(`no function ${name} here: there are ${Object.keys(stepFunctionsOf).join(', ')}`);
  return (payload) => metered(`${name} ${stepOf(payload as StepPayload)}`, () => invoke(payload as StepPayload));
}

/** What the schedule sends; in minutes that ten divides, everything is looked at. */
export const sweepAt = (time: number | 'everything') =>
  metered('sweep', () => sweep({ time: new Date(time === 'everything' ? 0 : time).toISOString() }, context));

/** Tells of an execution that ended, as EventBridge does. */
export const ended = (execution: { readonly name: string; readonly status: string; readonly input: unknown }) =>
  metered('executions', () =>
    dispatcher.executions(
      {
        detail: { executionArn: execution.name, name: execution.name, status: execution.status, input: JSON.stringify(execution.input) },
      } as ExecutionEnded,
      context,
    ),
  );
