import { conditionOf } from '../conditions.ts';
import { keys } from '../fields.ts';
import { controllerOf } from '../object.ts';
import { rolloutSpecOf } from '../rollout-spec.ts';
import type { MachineObject } from './kind.ts';
import type { Machine, MachineSelf } from './model.ts';
import { providerSpecOf } from './provider-spec.ts';

const ms = (time: string | undefined): number | undefined => (time === undefined ? undefined : Date.parse(time));

/** A Machine as its MachineSet and its own plan see it. */
export function toMachine(object: MachineObject): Machine {
  const { metadata, spec, status } = object;
  const nodeReady = conditionOf(status?.conditions, 'NodeReady');
  const owner = controllerOf(object)?.uid;
  const readySince = ms(nodeReady?.lastTransitionTime);
  return {
    namespace: metadata.namespace ?? '',
    name: metadata.name,
    uid: metadata.uid ?? '',
    labels: metadata.labels ?? {},
    annotations: metadata.annotations ?? {},
    createdAt: ms(metadata.creationTimestamp) ?? 0,
    deleting: metadata.deletionTimestamp !== undefined,
    ...(owner !== undefined && { owner }),
    template: rolloutSpecOf(spec),
    ...(status?.nodeRef?.name !== undefined && { nodeName: status.nodeRef.name }),
    ...(spec.providerID !== undefined && { providerID: spec.providerID }),
    ready: nodeReady === undefined || nodeReady.status === 'Unknown' ? undefined : nodeReady.status === 'True',
    ...(readySince !== undefined && { readySince }),
    failed: status?.errorReason !== undefined,
    conditions: (status?.conditions ?? []).map((c) => ({ reason: '', message: '', lastTransitionTime: '', ...c })),
  };
}

/** A Machine as its own plan sees it. */
export function toMachineSelf(object: MachineObject): MachineSelf {
  const { metadata, spec, status } = object;
  const role = roleOf(object);
  const index = masterIndex(metadata.name);
  const madeOf = providerSpecOf(object);
  const machineClass = madeOf === undefined ? spec.providerSpec.valueFrom?.machineClass.name : undefined;
  return {
    ...toMachine(object),
    ...(metadata.labels?.[keys.clusterName] !== undefined && { clusterName: metadata.labels[keys.clusterName] }),
    role,
    ...(role === 'master' && index !== undefined && { index }),
    ...(madeOf !== undefined && { platform: madeOf.platform.type }),
    ...(machineClass !== undefined && { machineClass }),
    generation: metadata.generation ?? 1,
    finalizers: metadata.finalizers ?? [],
    paused: metadata.annotations?.[keys.paused] !== undefined,
    status: status ?? {},
  };
}

/** A Machine is a master if it says which control plane it runs, or by the seed's label. Names decide nothing. */
export function roleOf(object: MachineObject): 'master' | 'worker' {
  return object.spec.versions?.controlPlane !== undefined || object.metadata.labels?.[keys.set] === 'master' ? 'master' : 'worker';
}

/** `talos-gce-master-0` -> 0; undefined when the name does not end in a number. */
export function masterIndex(name: string): number | undefined {
  const digits = /-(\d+)$/.exec(name)?.[1];
  return digits === undefined ? undefined : Number(digits);
}
