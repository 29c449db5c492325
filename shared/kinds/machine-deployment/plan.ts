import { annotationKeys } from '../machine-set/annotations.ts';
import { holdBack, tearDown } from '../machine-set/finalizers.ts';
import type { MachineSet } from '../machine-set/model.ts';
import type { Operation, Plan } from '../operation.ts';
import { isPaused, type MachineDeploymentFacts } from './facts.ts';
import { type Found, findCurrent } from './find-current.ts';
import type { MachineDeploymentStatus } from './kind.ts';
import { createMachineSet, nameNew, updateMachineSet } from './machine-sets.ts';
import type { MachineDeployment } from './model.ts';
import { planOnDelete } from './on-delete.ts';
import { planPaused } from './paused.ts';
import { isComplete, secondsToDeadline } from './progress.ts';
import { forgetOld, nextRevision, revisionAnnotations, revisionOf } from './revisions.ts';
import { planRollingUpdate } from './rolling-update.ts';
import { isUnderWay, needsRollout, rolloutOutcome, type Start, startRollout } from './rollout.ts';
import { type Counted, type Intents, nothingIntended } from './situation.ts';
import { machineDeploymentStatus } from './status.ts';

/** Holds a MachineDeployment until its MachineSets are gone. */
export const machineDeploymentFinalizer = 'machinedeployment.cluster.k8s.io';

/**
 * What to do for a MachineDeployment. Replacing Machines is left to the rollout's execution: the reconciler only starts
 * it, and while it runs only reports. Creating the first MachineSet, scaling and tidying up need no execution.
 */
export function planMachineDeployment(facts: MachineDeploymentFacts): Plan<MachineDeploymentStatus> {
  const { operations, rollout, waits } = decide(facts);
  const { rolloutAfter } = facts.deployment;
  const restart = rolloutAfter !== undefined && rolloutAfter > facts.now ? Math.ceil((rolloutAfter - facts.now) / 1000) : undefined;
  const checks = [waits, secondsToDeadline(facts), restart].filter((seconds): seconds is number => seconds !== undefined && seconds > 0);
  return {
    operations,
    status: machineDeploymentStatus(facts, rollout),
    ...(checks.length > 0 && { checkAgainIn: Math.min(...checks) }),
  };
}

function decide(facts: MachineDeploymentFacts): Start {
  const { deployment, machineSets, by } = facts;
  const { rollout } = deployment.reported;
  const only = (operations: readonly Operation[]): Start => ({ rollout, operations });
  const self = { ...deployment, kind: 'MachineDeployment' };
  if (isPaused(facts)) return only([]);
  if (deployment.deleting) return only(by === 'rollout' ? [] : tearDown(self, machineDeploymentFinalizer, 'MachineSet', machineSets));
  const outcome = rolloutOutcome(facts);
  if (by === 'rollout') return only(outcome === 'in progress' || outcome === 'complete' ? changeMachineSets(facts) : []);
  const hold = holdBack(self, machineDeploymentFinalizer, 'its MachineSets must be gone before it goes');
  if (isUnderWay(facts)) return only(hold);
  if (!needsRollout(facts)) return only([...hold, ...changeMachineSets(facts)]);
  if (outcome !== 'in progress') return only(hold);
  const start = startRollout(facts);
  return { ...start, operations: [...hold, ...start.operations] };
}

/** The operations on MachineSets that the strategy asks for now. */
function changeMachineSets(facts: MachineDeploymentFacts): Operation[] {
  const { deployment, machineSets, now } = facts;
  const found = findCurrent(deployment, machineSets, now);
  const alive = machineSets.filter((set) => !set.deleting);
  if (deployment.paused) return carryOut(deployment, found, planPaused(deployment, alive, found.current));
  const fresh = nameNew(deployment, machineSets);
  const intents = followStrategy(deployment, found, fresh.name);
  const revision = nextRevision(found.current, found.old);
  const created =
    found.current === undefined
      ? [
          createMachineSet(
            deployment,
            fresh,
            { ...revisionAnnotations(undefined, revision), ...sizeAnnotations(deployment), [annotationKeys.disableMachineCreate]: 'false' },
            {
              replicas: intents.get(fresh.name)?.replicas ?? 0,
              because: [found.because, ...(intents.get(fresh.name)?.because ?? [])],
            },
          ),
        ]
      : [];
  return [
    ...created,
    ...carryOut(deployment, found, intents, revision),
    ...mirrorRevision(deployment, revision),
    ...(isComplete(facts) ? forgetOld(found.old, deployment.revisionHistoryLimit) : []),
  ];
}

function followStrategy(deployment: MachineDeployment, { current, old }: Found, fresh: string): Intents {
  const { replicas, maxSurge, maxUnavailable } = deployment;
  const none: Counted = { name: fresh, createdAt: 0, desired: 0, existing: 0, available: 0 };
  const situation = { replicas, maxUnavailable, current: current ?? none, old: old.map(counted) };
  return deployment.strategy === 'OnDelete' ? planOnDelete(situation) : planRollingUpdate({ ...situation, maxSurge });
}

/** A MachineSet that is being deleted gives all its Machines up; nothing can be asked of it, and nothing counted on. */
const counted = (set: MachineSet): Counted => (set.deleting ? { ...set, desired: 0, available: 0 } : set);

/** Updates for the MachineSets that exist: the current one first. Old ones without Machines keep their history as it was. */
function carryOut(
  deployment: MachineDeployment,
  { current, old }: Found,
  intents: Intents = nothingIntended,
  revision?: number,
): Operation[] {
  const size = sizeAnnotations(deployment);
  const isOnDelete = deployment.strategy === 'OnDelete';
  const updates = old
    .filter((set) => !set.deleting && (set.desired > 0 || set.existing > 0 || intents.has(set.name)))
    .flatMap((set) => {
      const annotations = { ...size, [annotationKeys.disableMachineCreate]: `${isOnDelete}` };
      return updateMachineSet(deployment, set, annotations, intents.get(set.name));
    });
  if (current === undefined) return updates;
  const promoted = revision !== undefined && revision !== revisionOf(current);
  const annotations = {
    ...size,
    ...(promoted && revisionAnnotations(current, revision)),
    [annotationKeys.disableMachineCreate]: 'false',
  };
  const intent = intents.get(current.name);
  const because = [...(promoted ? ['this is now the current MachineSet'] : []), ...(intent?.because ?? [])];
  const replicas = intent?.replicas ?? current.desired;
  return [...updateMachineSet(deployment, current, annotations, because.length > 0 ? { replicas, because } : undefined), ...updates];
}

const sizeAnnotations = ({ replicas, maxSurge }: MachineDeployment): Record<string, string> => ({
  [annotationKeys.desiredReplicas]: `${replicas}`,
  [annotationKeys.maxReplicas]: `${replicas + maxSurge}`,
});

/** `kubectl rollout`-like tools read the revision off the MachineDeployment. */
function mirrorRevision({ name, uid, annotations }: MachineDeployment, revision: number): Operation[] {
  if (annotations[annotationKeys.revision] === `${revision}`) return [];
  const target = { kind: 'MachineDeployment', name, uid };
  return [
    {
      op: 'update',
      target,
      change: { annotations: { [annotationKeys.revision]: `${revision}` } },
      because: `revision ${revision} is current`,
    },
  ];
}
