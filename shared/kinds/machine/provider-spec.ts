import * as z from 'zod';
import type { Cause } from '../../errors.ts';
import { objectReference } from '../fields.ts';

/** `providerSpec` of v1alpha1: the machine's platform in place, or by reference to a MachineClass. */
export const machineProviderSpec = z.object({
  apiVersion: z.enum(['talosproviderconfig/v1alpha1', 'talos.cluster.k8s.io/v1alpha1']).describe('The version of this value.'),
  kind: z.literal('TalosMachineProviderSpec').describe('The kind of this value.'),
  platform: z
    .object({
      type: z.string().min(1).describe('The cloud: aws or gce.'),
      config: z.string().min(1).describe('A YAML document with the keys of that cloud: where the machine is made and of what.'),
    })
    .describe('Where the machine is made, and of what.'),
  talosVersion: z
    .string()
    .regex(/^v\d+\.\d+(\.\d+)?$/, 'write a version such as v1.13')
    .optional()
    .describe('The Talos version of the image; v1.13 if absent.'),
  configPatches: z
    .array(z.string())
    .optional()
    .describe('Strategic merge patches of the Talos machine config, YAML texts, applied in order.'),
  status: z.unknown().optional().describe('Empty; kept for manifests of the seed system.'),
});
export type MachineProviderSpec = z.output<typeof machineProviderSpec>;

export const providerSpec = z
  .object({
    value: machineProviderSpec.optional().describe('The provider spec, in place.'),
    valueFrom: z
      .object({
        machineClass: objectReference
          .extend({
            apiVersion: z.literal('cluster.k8s.io/v1alpha1').optional().describe('API version of the class.'),
            kind: z.literal('MachineClass').optional().describe('Kind of the class.'),
            namespace: z.string().optional().describe('The namespace of the Machine: a class elsewhere cannot be named.'),
            name: z.string().min(1).describe('Name of the MachineClass.'),
            provider: z.string().optional().describe('The provider that the class is for; not used.'),
          })
          .meta({ 'x-kubernetes-map-type': 'atomic' })
          .describe(
            'A MachineClass that holds the provider spec. A Machine takes it when its making begins: a later change of the class changes no Machine and starts no rollout. To roll out another, name another class.',
          ),
      })
      .optional()
      .describe('The provider spec, by reference.'),
  })
  .describe('What the machine is made of: exactly one of value and valueFrom.');
type ProviderSpec = z.output<typeof providerSpec>;

interface MadeOf {
  readonly spec: { readonly providerSpec: ProviderSpec };
  readonly status?: { readonly providerSpec?: MachineProviderSpec | undefined } | undefined;
}

/**
 * What a Machine is made of: what was taken from its MachineClass, else what is in place. Undefined: its class has not been read
 * yet, and nothing was made. What was taken comes first: nobody changes by a reference what an instance is, or where it is found.
 */
export const providerSpecOf = ({ spec, status }: MadeOf): MachineProviderSpec | undefined =>
  status?.providerSpec ?? spec.providerSpec.value;

/** The path of what `providerSpecOf` gives. */
export const providerSpecPath = ({ status }: Pick<MadeOf, 'status'>): string =>
  status?.providerSpec === undefined ? 'spec.providerSpec.value' : 'status.providerSpec';

/** Exactly one of `value` and `valueFrom`; and a class beside the Machine, in its namespace. */
export function providerSpecCauses({ value, valueFrom }: ProviderSpec, field: string, namespace: string | undefined): Cause[] {
  const given = [value, valueFrom].filter((part) => part !== undefined).length;
  if (given !== 1)
    return [
      { field, reason: given === 0 ? 'FieldValueRequired' : 'FieldValueForbidden', message: 'write exactly one of value and valueFrom' },
    ];
  const elsewhere = valueFrom?.machineClass.namespace ?? '';
  if (elsewhere === '' || elsewhere === namespace) return [];
  return [
    {
      field: `${field}.valueFrom.machineClass.namespace`,
      reason: 'FieldValueForbidden',
      message: `write ${namespace}, or leave it out: a Machine uses the classes of its own namespace`,
    },
  ];
}
