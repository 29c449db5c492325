import * as z from 'zod';
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
          .extend({ provider: z.string().optional().describe('The provider that the class is for.') })
          .meta({ 'x-kubernetes-map-type': 'atomic' })
          .optional()
          .describe('A MachineClass that holds the provider spec.'),
      })
      .optional()
      .describe('The provider spec, by reference.'),
  })
  .describe('What the machine is made of: exactly one of value and valueFrom.');
