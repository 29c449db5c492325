import { toTemplate } from '../machine-set/template.ts';
import { fenceposts } from './fenceposts.ts';
import type { MachineDeploymentObject } from './kind.ts';
import type { MachineDeployment, Reported } from './model.ts';

const ms = (time: string | undefined): number | undefined => (time === undefined ? undefined : Date.parse(time));

/** A MachineDeployment as its plan sees it. */
export function toMachineDeployment({ metadata, spec, status }: MachineDeploymentObject): MachineDeployment {
  return {
    namespace: metadata.namespace ?? '',
    name: metadata.name,
    uid: metadata.uid ?? '',
    labels: metadata.labels ?? {},
    annotations: metadata.annotations ?? {},
    finalizers: metadata.finalizers ?? [],
    deleting: metadata.deletionTimestamp !== undefined,
    generation: metadata.generation ?? 1,
    replicas: spec.replicas,
    strategy: spec.strategy.type,
    ...paceOf(spec),
    minReadySeconds: spec.minReadySeconds,
    deletePolicy: spec.deletePolicy,
    revisionHistoryLimit: spec.revisionHistoryLimit,
    progressDeadlineSeconds: spec.progressDeadlineSeconds,
    paused: spec.paused === true,
    rolloutAfter: ms(spec.rolloutAfter),
    selector: spec.selector,
    template: toTemplate(spec.template),
    reported: reportedIn(status),
  };
}

function paceOf({ replicas, strategy }: MachineDeploymentObject['spec']): { maxSurge: number; maxUnavailable: number } {
  if (strategy.type === 'OnDelete') return { maxSurge: 0, maxUnavailable: 0 };
  const { maxSurge, maxUnavailable } = fenceposts({ replicas, maxSurge: 1, maxUnavailable: 0, ...strategy.rollingUpdate });
  return { maxSurge, maxUnavailable: Math.min(maxUnavailable, replicas) };
}

function reportedIn(status: MachineDeploymentObject['status']): Reported {
  const { rollout } = status ?? {};
  return {
    observedGeneration: status?.observedGeneration,
    counts: {
      replicas: status?.replicas ?? 0,
      updated: status?.updatedReplicas ?? 0,
      ready: status?.readyReplicas ?? 0,
      available: status?.availableReplicas ?? 0,
    },
    lastProgress: ms(status?.lastProgressTime),
    rollout: rollout && { ...rollout, startedAt: Date.parse(rollout.startedAt) },
    conditions: status?.conditions ?? [],
  };
}
