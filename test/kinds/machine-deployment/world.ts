import { canonical } from '../../../shared/kinds/canonical.ts';
import type { MachineObject } from '../../../shared/kinds/machine/kind.ts';
import type { MachineDeploymentObject } from '../../../shared/kinds/machine-deployment/kind.ts';
import { planMachineDeployment } from '../../../shared/kinds/machine-deployment/plan.ts';
import { lastExecution, rolloutOutcome } from '../../../shared/kinds/machine-deployment/rollout.ts';
import { toMachineDeployment } from '../../../shared/kinds/machine-deployment/to-model.ts';
import type { MachineSetObject } from '../../../shared/kinds/machine-set/kind.ts';
import { planMachineSet } from '../../../shared/kinds/machine-set/plan.ts';
import { toMachineSet, toMember } from '../../../shared/kinds/machine-set/to-model.ts';
import { mergePatch } from '../../../shared/kinds/merge-patch.ts';
import { controllerOf, type KubeObject, timestamp } from '../../../shared/kinds/object.ts';
import type { Operation, Plan } from '../../../shared/kinds/operation.ts';
import { now } from './builders.ts';
import { stored } from './manifest.ts';

/** A plane in memory with one MachineDeployment: objects, executions, a clock that stands still until it is moved. */
export interface World {
  now: number;
  readonly objects: Map<string, KubeObject>;
  /** Names of executions, and whether they run. */
  readonly executions: Map<string, boolean>;
  /** Every name that a Machine ever had. */
  readonly namesUsed: Set<string>;
  /** Whether a Machine of this name becomes ready. */
  comesUp(machine: MachineObject): boolean;
  /** What happened, in sentences. */
  readonly told: string[];
}

export function createWorld(spec: Record<string, unknown> = {}): World {
  const deployment = stored(spec);
  const objects = new Map<string, KubeObject>([[deployment.metadata.uid ?? '', deployment]]);
  return { now, objects, executions: new Map(), namesUsed: new Set(), comesUp: () => true, told: [] };
}

const ofKind = <T extends KubeObject>(world: World, kind: string): T[] =>
  [...world.objects.values()].filter((object): object is T => object.kind === kind);
export const deploymentIn = (world: World): MachineDeploymentObject | undefined =>
  ofKind<MachineDeploymentObject>(world, 'MachineDeployment')[0];
export const setsIn = (world: World) => ofKind<MachineSetObject>(world, 'MachineSet');
export const machinesIn = (world: World) => ofKind<MachineObject>(world, 'Machine');

/** What the user does: a merge patch of the MachineDeployment's spec. */
export function patchSpec(world: World, spec: Record<string, unknown>): void {
  const deployment = deploymentIn(world)!;
  replace(world, deployment, { spec });
}

export function factsFor(world: World, by: 'reconcile' | 'rollout', execution?: string) {
  const deployment = toMachineDeployment(deploymentIn(world)!);
  const name = execution ?? lastExecution(deployment);
  const running = name === undefined ? undefined : world.executions.get(name);
  return {
    now: world.now,
    by,
    clusterPaused: false,
    deployment,
    machineSets: setsIn(world).map(toMachineSet),
    ...(name !== undefined && running !== undefined && { execution: { name, running } }),
  };
}

export function reconcileDeployment(world: World): void {
  const deployment = deploymentIn(world);
  if (deployment !== undefined) carryOut(world, deployment, planMachineDeployment(factsFor(world, 'reconcile')));
}

/** One PlanRollout of each execution that runs. */
export function continueRollouts(world: World): void {
  for (const [name, running] of world.executions) {
    const deployment = deploymentIn(world);
    if (!running || deployment === undefined) continue;
    const facts = factsFor(world, 'rollout', name);
    carryOut(world, deployment, planMachineDeployment(facts));
    const outcome = rolloutOutcome(facts);
    if (outcome === 'in progress') continue;
    world.executions.set(name, false);
    world.told.push(`execution ${name.slice(-4)} ends: ${outcome}`);
  }
}

export function factsForSet(world: World, set: MachineSetObject) {
  const turn = (set.status?.turn ?? 0) + 1;
  const machines = machinesIn(world).filter((machine) => controllerOf(machine)?.uid === set.metadata.uid);
  return { now: world.now, turn, clusterPaused: false, machineSet: toMachineSet(set), machines: machines.map(toMember) };
}

export function reconcileSet(world: World, set: MachineSetObject): void {
  carryOut(world, set, planMachineSet(factsForSet(world, set)));
}

/** A Machine becomes ready, if it ever does; one that is being deleted goes. */
export function advanceMachine(world: World, machine: MachineObject): void {
  if (machine.metadata.deletionTimestamp !== undefined) world.objects.delete(machine.metadata.uid ?? '');
  else if (machine.status === undefined && world.comesUp(machine)) setReady(world, machine, true);
}

export function setReady(world: World, machine: MachineObject, ready: boolean): void {
  const condition = { type: 'NodeReady', status: ready ? 'True' : 'False', lastTransitionTime: timestamp(world.now) };
  replace(world, machine, { status: { nodeRef: { name: machine.metadata.name }, conditions: [condition] } });
}

export function markDeleted(world: World, object: KubeObject): void {
  if ((object.metadata.finalizers ?? []).length === 0) world.objects.delete(object.metadata.uid ?? '');
  else replace(world, object, { metadata: { deletionTimestamp: object.metadata.deletionTimestamp ?? timestamp(world.now) } });
}

/** Everybody once, in the order of the flow: the MachineDeployment, its executions, the MachineSets, the Machines; then half a minute. */
export function round(world: World): void {
  reconcileDeployment(world);
  continueRollouts(world);
  for (const set of setsIn(world)) reconcileSet(world, set);
  for (const machine of machinesIn(world)) advanceMachine(world, machine);
  for (const set of setsIn(world)) reconcileSet(world, set);
  world.now += 30_000;
}

/** As `reconcile` does: status and turn first, then the operations. */
function carryOut(world: World, object: KubeObject, plan: Plan<object>): void {
  const turn = (object.status as { turn?: number } | undefined)?.turn ?? 0;
  const taken = { ...object, status: { ...plan.status, turn: plan.operations.length > 0 ? turn + 1 : turn } };
  world.objects.set(object.metadata.uid ?? '', taken);
  for (const operation of plan.operations) apply(world, taken, operation);
  world.told.push(...tell(object.metadata.name, plan.operations));
}

function apply(world: World, owner: KubeObject, operation: Operation): void {
  if (operation.op === 'start') world.executions.set(operation.execution, true);
  else if (operation.op === 'create') {
    const { kind, name, labels, annotations, spec, finalizers = [] } = operation;
    if (kind === 'Machine' && world.namesUsed.has(name)) throw new Error(`a second Machine ${name}`);
    world.namesUsed.add(name);
    const uid = `${name}-${world.namesUsed.size}`;
    const owners = [
      { apiVersion: owner.apiVersion, kind: owner.kind, name: owner.metadata.name, uid: owner.metadata.uid ?? '', controller: true },
    ];
    const metadata = { name, uid, namespace: 'default', generation: 1, creationTimestamp: timestamp(world.now), ownerReferences: owners };
    const copies = { labels: { ...labels }, annotations: { ...annotations }, finalizers: [...finalizers] };
    const child: KubeObject = { apiVersion: owner.apiVersion, kind, metadata: { ...metadata, ...copies }, spec };
    world.objects.set(uid, structuredClone(child));
  } else {
    const target = world.objects.get(operation.target.uid);
    if (target === undefined) return;
    if (operation.op === 'delete') markDeleted(world, target);
    else {
      const { spec, ...metadata } = operation.change;
      replace(world, target, { metadata, ...(spec && { spec }) });
    }
  }
}

function replace(world: World, object: KubeObject, patch: Record<string, unknown>): void {
  const next = mergePatch(object, patch) as KubeObject;
  const changed = canonical(next.spec) !== canonical(object.spec);
  if (changed) next.metadata.generation = (object.metadata.generation ?? 1) + 1;
  const uid = object.metadata.uid ?? '';
  if (next.metadata.deletionTimestamp !== undefined && (next.metadata.finalizers ?? []).length === 0) world.objects.delete(uid);
  else world.objects.set(uid, next);
}

function tell(owner: string, operations: readonly Operation[]): string[] {
  const told = operations.map((operation): [string, string] => [what(operation), operation.because]);
  const reasons = [...new Set(told.map(([, because]) => because))];
  return reasons.map(
    (because) =>
      `${owner} ${told
        .filter(([, why]) => why === because)
        .map(([text]) => text)
        .join(', ')}\n    because ${because}`,
  );
}

function what(operation: Operation): string {
  switch (operation.op) {
    case 'start':
      return `starts execution ${operation.execution.slice(-4)}`;
    case 'create':
      return `creates ${operation.kind} ${operation.name}${operation.spec.replicas === undefined ? '' : ` with ${operation.spec.replicas} replicas`}`;
    case 'delete':
      return `deletes ${operation.target.kind} ${operation.target.name}`;
    case 'update': {
      const { finalizers, spec } = operation.change;
      const replicas = spec?.replicas;
      if (finalizers !== undefined) return finalizers.length > 0 ? 'adds its finalizer' : 'removes its finalizer';
      return replicas === undefined
        ? `updates ${operation.target.kind} ${operation.target.name}`
        : `scales ${operation.target.name} to ${replicas}`;
    }
  }
}
