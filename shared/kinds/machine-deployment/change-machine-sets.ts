import { annotationKeys } from '../machine-set/annotations.ts';
import type { MachineSet } from '../machine-set/model.ts';
import type { Operation } from '../operation.ts';
import type { MachineDeploymentFacts } from './facts.ts';
import { type Found, findCurrent } from './find-current.ts';
import { createMachineSet, nameNew, updateMachineSet } from './machine-sets.ts';
import type { MachineDeployment } from './model.ts';
import { planOnDelete } from './on-delete.ts';
import { planPaused } from './paused.ts';
import { isComplete } from './progress.ts';
import { forgetOld, nextRevision, revisionAnnotations, revisionOf } from './revisions.ts';
import { planRollingUpdate } from './rolling-update.ts';
import type { Counted, Intents } from './situation.ts';

/** The operations on MachineSets that the MachineDeployment's strategy asks for now. */
export function changeMachineSets(facts: MachineDeploymentFacts): Operation[] {
  const { deployment, machineSets, now } = facts;
  const found = findCurrent(deployment, machineSets, now);
  const { current, old } = found;
  if (deployment.paused) {
    const intents = planPaused(
      deployment,
      machineSets.filter((set) => !set.deleting),
      current,
    );
    return [...(current === undefined ? [] : updateCurrent(deployment, current, intents)), ...updateOld(deployment, old, intents)];
  }
  const revision = nextRevision(current, old);
  const first = current === undefined ? makeCurrent(deployment, found, revision) : adjust(deployment, current, old, revision);
  return [...first, ...mirrorRevision(deployment, revision), ...(isComplete(facts) ? forgetOld(old, deployment.revisionHistoryLimit) : [])];
}

/** Creates the current MachineSet, at once as large as there is room, and takes a step with the others. */
function makeCurrent(deployment: MachineDeployment, { old, because }: Found, revision: number): Operation[] {
  const name = nameNew(deployment, old);
  const intents = followStrategy(deployment, { name: name.name, createdAt: 0, desired: 0, existing: 0, available: 0 }, old);
  const intent = intents.get(name.name);
  const annotations = { ...annotationsOf(deployment, 'current'), ...revisionAnnotations(undefined, revision) };
  const created = createMachineSet(deployment, name, annotations, {
    replicas: intent?.replicas ?? 0,
    because: [because, ...(intent?.because ?? [])],
  });
  return [created, ...updateOld(deployment, old, intents)];
}

/** Takes a step with the MachineSets there are. */
function adjust(deployment: MachineDeployment, current: MachineSet, old: readonly MachineSet[], revision: number): Operation[] {
  const intents = followStrategy(deployment, current, old);
  return [...updateCurrent(deployment, current, intents, revision), ...updateOld(deployment, old, intents)];
}

function followStrategy(deployment: MachineDeployment, current: Counted, old: readonly MachineSet[]): Intents {
  const { replicas, maxSurge, maxUnavailable, strategy } = deployment;
  const situation = { replicas, maxUnavailable, current, old: old.map(counted) };
  return strategy === 'OnDelete' ? planOnDelete(situation) : planRollingUpdate({ ...situation, maxSurge });
}

/** A MachineSet that is being deleted gives all its Machines up; nothing can be asked of it, and nothing counted on. */
const counted = (set: MachineSet): Counted => (set.deleting ? { ...set, desired: 0, available: 0 } : set);

/** `revision` absent: it keeps what it has. */
function updateCurrent(deployment: MachineDeployment, current: MachineSet, intents: Intents, revision = revisionOf(current)): Operation[] {
  const promoted = revision !== revisionOf(current);
  const annotations = { ...annotationsOf(deployment, 'current'), ...(promoted && revisionAnnotations(current, revision)) };
  const intent = intents.get(current.name);
  const because = [...(promoted ? ['this is now the current MachineSet'] : []), ...(intent?.because ?? [])];
  const replicas = intent?.replicas ?? current.desired;
  return updateMachineSet(deployment, current, annotations, because.length > 0 ? { replicas, because } : undefined);
}

/** Old ones without Machines stay as they were: they are the history. */
function updateOld(deployment: MachineDeployment, old: readonly MachineSet[], intents: Intents): Operation[] {
  return old
    .filter((set) => !set.deleting && (set.desired > 0 || set.existing > 0 || intents.has(set.name)))
    .flatMap((set) => updateMachineSet(deployment, set, annotationsOf(deployment, 'old'), intents.get(set.name)));
}

const annotationsOf = ({ replicas, maxSurge, strategy }: MachineDeployment, role: 'current' | 'old'): Record<string, string> => ({
  [annotationKeys.desiredReplicas]: `${replicas}`,
  [annotationKeys.maxReplicas]: `${replicas + maxSurge}`,
  // What the user deletes of an old MachineSet must come back in the current one.
  [annotationKeys.disableMachineCreate]: `${role === 'old' && strategy === 'OnDelete'}`,
});

/** Tools read the revision off the MachineDeployment, as `kubectl rollout` does with Deployments. */
function mirrorRevision({ name, uid, annotations }: MachineDeployment, revision: number): Operation[] {
  if (annotations[annotationKeys.revision] === `${revision}`) return [];
  const change = { annotations: { [annotationKeys.revision]: `${revision}` } };
  return [{ op: 'update', target: { kind: 'MachineDeployment', name, uid }, change, because: `revision ${revision} is current` }];
}
