import { type MachineSetObject, machineSet } from '../../shared/kinds/machine-set/kind.ts';
import type { ObjectMeta } from '../../shared/kinds/object.ts';
import { newObject, workers } from '../plane/objects.ts';

/** A MachineSet of one, in cluster `c`; `owner` names the MachineDeployment that controls it. */
export function aMachineSet(name: string, owner?: string, more: Partial<ObjectMeta> = {}): MachineSetObject {
  const { spec, metadata } = workers('c', 'east', 1);
  const ownerReferences = owner === undefined ? [] : [ownerReference('MachineDeployment', owner)];
  const { replicas, selector, template } = spec;
  return newObject(machineSet, { name, labels: metadata.labels!, ownerReferences, ...more }, { spec: { replicas, selector, template } });
}

export const ownerReference = (kind: string, name: string, uid = `${name}-uid`) => ({
  apiVersion: 'cluster.k8s.io/v1alpha1',
  kind,
  name,
  uid,
  controller: true,
});
