import * as z from 'zod';
import { age } from '../age.ts';
import { defineKind, type ObjectOfKind } from '../define-kind.ts';
import { resourceList } from '../fields.ts';
import { machineProviderSpec } from '../machine/provider-spec.ts';

export const machineClass = defineKind({
  group: 'cluster.k8s.io',
  version: 'v1alpha1',
  kind: 'MachineClass',
  plural: 'machineclasses',
  shortNames: ['mc'],
  categories: ['cluster-api'],
  description:
    'A provider spec under a name, for Machines that refer to it. Each takes it when its making begins; a later change of the class is for Machines that are made later, and replaces none.',
  // As upstream: no spec, no status.
  schema: z.object({
    capacity: resourceList.optional().describe('What such a machine has, for tools that plan with it; Plastron does not use it.'),
    allocatable: resourceList.optional().describe('What of it is left for Pods, for tools that plan with it; Plastron does not use it.'),
    providerSpec: machineProviderSpec.describe('What the Machines of this class are made of.'),
  }),
  columns: [
    {
      name: 'Platform',
      type: 'string',
      description: 'The cloud of its Machines',
      jsonPath: '.providerSpec.platform.type',
      value: (c) => c.providerSpec.platform.type,
    },
    age,
  ],
  // Whoever waits for it to exist.
  wakes: (c) => [{ kind: 'Machine', namespace: c.metadata.namespace ?? '', waiting: true }],
});
export type MachineClassObject = ObjectOfKind<typeof machineClass>;
