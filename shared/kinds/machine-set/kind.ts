import * as z from 'zod';
import type { Cause } from '../../errors.ts';
import { age } from '../age.ts';
import { defineKind, type ObjectOfKind } from '../define-kind.ts';
import { clusterNamePath, conditions, keys, labelSelector } from '../fields.ts';
import { isAnnotatedPaused } from './annotations.ts';
import { machineTemplate, templateCauses } from './template.ts';

const count = z.int().min(0);

export const deletePolicy = z.enum(['Random', 'Newest', 'Oldest']);

const machineSetSpec = z.object({
  replicas: count.default(1).describe('How many Machines there should be. 1 if absent.'),
  minReadySeconds: count.default(0).describe('Seconds for which a Machine must be ready before it counts as available. 0 if absent.'),
  deletePolicy: deletePolicy
    .default('Random')
    .describe(
      'Which Machine goes first when there are too many and all are healthy. One that carries the annotation cluster.k8s.io/delete-machine goes before all others. Random if absent.',
    ),
  selector: labelSelector.describe("Selects the Machines that count; the template's labels must match it."),
  template: machineTemplate,
});

const machineSetStatus = z.object({
  replicas: count.optional().describe('Machines that there are.'),
  fullyLabeledReplicas: count.optional().describe('Machines that carry all labels of the template.'),
  readyReplicas: count.optional().describe('Machines whose Node is ready.'),
  availableReplicas: count.optional().describe('Machines that have been ready for minReadySeconds.'),
  labelSelector: z.string().optional().describe('The selector as text; the scale subresource shows it.'),
  observedGeneration: z.int().optional().describe('The generation that status speaks of.'),
  errorReason: z.string().optional().describe('Kept for v1alpha1: what is wrong is in conditions.'),
  errorMessage: z.string().optional().describe('Kept for v1alpha1: what is wrong is in conditions.'),
  conditions: conditions.optional(),
  turn: z.int().optional().describe('Counts the plans that were carried out. For Plastron itself.'),
});

export const machineSet = defineKind({
  group: 'cluster.k8s.io',
  version: 'v1alpha1',
  kind: 'MachineSet',
  plural: 'machinesets',
  shortNames: ['ms'],
  categories: ['cluster-api'],
  description:
    'Keeps a number of equal Machines: makes those that lack, deletes those that are too many. Made by a MachineDeployment, one for each template.',
  schema: z.object({
    spec: machineSetSpec.describe('How many Machines, and what they are made from.'),
    status: machineSetStatus.optional().describe('How many Machines there are.'),
  }),
  subresources: { status: true, scale: true },
  columns: [
    {
      name: 'Cluster',
      type: 'string',
      description: 'The cluster of its Machines',
      jsonPath: `.spec.template.metadata.labels${clusterNamePath}`,
      value: (ms) => ms.spec.template.metadata?.labels?.[keys.clusterName],
    },
    { name: 'Desired', type: 'integer', description: 'Machines wanted', jsonPath: '.spec.replicas', value: (ms) => ms.spec.replicas },
    {
      name: 'Current',
      type: 'integer',
      description: 'Machines that there are',
      jsonPath: '.status.replicas',
      value: (ms) => ms.status?.replicas,
    },
    {
      name: 'Ready',
      type: 'integer',
      description: 'Machines whose Node is ready',
      jsonPath: '.status.readyReplicas',
      value: (ms) => ms.status?.readyReplicas,
    },
    {
      name: 'Available',
      type: 'integer',
      description: 'Machines ready for long enough',
      jsonPath: '.status.availableReplicas',
      value: (ms) => ms.status?.availableReplicas,
    },
    {
      name: 'Paused',
      type: 'boolean',
      description: 'Whether nothing is done for it',
      priority: 1,
      value: (ms) => isAnnotatedPaused(ms.metadata.annotations ?? {}),
    },
    age,
    {
      name: 'Version',
      type: 'string',
      description: 'Kubernetes version of its Machines',
      priority: 1,
      jsonPath: '.spec.template.spec.versions.kubelet',
      value: (ms) => ms.spec.template.spec.versions?.kubelet,
    },
  ],
  owns: ['Machine'],
  reconciled: true,
  finalizer: keys.machineSetFinalizer,
  validate: (ms): Cause[] => templateCauses(ms),
});
export type MachineSetObject = ObjectOfKind<typeof machineSet>;

/** What a plan writes; `turn` is the engine's. */
export type MachineSetStatus = Omit<NonNullable<MachineSetObject['status']>, 'turn'>;
