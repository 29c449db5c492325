import type { MachineObject } from '../machine/kind.ts';
import { toMachine } from '../machine/to-model.ts';
import { inPlaceOf } from './in-place.ts';
import type { MachineSetObject } from './kind.ts';
import type { MachineSet, Member } from './model.ts';
import { toTemplate } from './template.ts';

/** A MachineSet as plans see it: its own, and its MachineDeployment's. */
export function toMachineSet({ metadata, spec, status }: MachineSetObject): MachineSet {
  return {
    namespace: metadata.namespace ?? '',
    name: metadata.name,
    uid: metadata.uid ?? '',
    labels: metadata.labels ?? {},
    annotations: metadata.annotations ?? {},
    finalizers: metadata.finalizers ?? [],
    createdAt: Date.parse(metadata.creationTimestamp ?? '1970-01-01T00:00:00Z'),
    deleting: metadata.deletionTimestamp !== undefined,
    generation: metadata.generation ?? 1,
    observedGeneration: status?.observedGeneration,
    desired: spec.replicas,
    existing: status?.replicas ?? 0,
    ready: status?.readyReplicas ?? 0,
    available: status?.availableReplicas ?? 0,
    minReadySeconds: spec.minReadySeconds,
    deletePolicy: spec.deletePolicy,
    selector: spec.selector,
    template: toTemplate(spec.template),
    conditions: status?.conditions ?? [],
  };
}

/** A Machine as its MachineSet sees it. */
export const toMember = (object: MachineObject): Member => ({ ...toMachine(object), inPlace: inPlaceOf(object.spec) });
