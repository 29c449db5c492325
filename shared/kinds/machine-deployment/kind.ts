import * as z from 'zod';
import type { Cause } from '../../errors.ts';
import { age } from '../age.ts';
import { defineKind, type ObjectOfKind } from '../define-kind.ts';
import { clusterNamePath, conditions, intOrPercent, keys, labelSelector } from '../fields.ts';
import { isAnnotatedPaused } from '../machine-set/annotations.ts';
import { deletePolicy } from '../machine-set/kind.ts';
import { machineTemplate, templateCauses } from '../machine-set/template.ts';

const count = z.int().min(0);

const strategy = z
  .object({
    type: z
      .enum(['RollingUpdate', 'OnDelete'])
      .default('RollingUpdate')
      .describe(
        'RollingUpdate replaces Machines step by step, as rollingUpdate says. OnDelete replaces a Machine when you delete it. RollingUpdate if absent.',
      ),
    rollingUpdate: z
      .object({
        maxUnavailable: intOrPercent
          .default(0)
          .describe(
            'How many of the wanted Machines may be unavailable meanwhile: a number, or a percentage of replicas, rounded down. May be 0 if maxSurge is not: then each is replaced after its successor is available. 0 if absent.',
          ),
        maxSurge: intOrPercent
          .default(1)
          .describe(
            'How many Machines there may be meanwhile above replicas: a number, or a percentage of replicas, rounded up. May be 0 if maxUnavailable is not. 1 if absent.',
          ),
      })
      .optional()
      .describe('How fast a RollingUpdate goes, and what it may cost.'),
  })
  .default({ type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } })
  .describe(
    'How Machines are replaced when the template changes. A change of labels, annotations, taints or deletion alone replaces none.',
  );

const machineDeploymentSpec = z.object({
  replicas: count.default(1).describe('How many Machines there should be. 1 if absent.'),
  selector: labelSelector.describe("Selects the Machines that count; the template's labels must match it."),
  template: machineTemplate,
  strategy,
  minReadySeconds: count.default(0).describe('Seconds for which a Machine must be ready before it counts as available. 0 if absent.'),
  deletePolicy: deletePolicy.optional().describe('Which Machine goes first when there are too many and all are healthy. Random if absent.'),
  revisionHistoryLimit: count
    .default(1)
    .describe('How many MachineSets of former templates are kept, without Machines, to go back to. 1 if absent.'),
  paused: z.boolean().optional().describe('While true, a change of the template replaces no Machine; scaling goes on.'),
  progressDeadlineSeconds: z
    .int()
    .min(1)
    .default(600)
    .describe('Seconds without progress after which a rollout counts as stuck; condition Progressing says so. 600 if absent.'),
  rolloutAfter: z.iso
    .datetime({ offset: true, error: 'write a time such as 2026-01-31T12:00:00Z' })
    .optional()
    .describe('From this time on, Machines that are older than it are replaced although the template is the same.'),
});

const machineDeploymentStatus = z.object({
  phase: z.string().optional().describe('ScalingUp, ScalingDown or Running.'),
  replicas: count.optional().describe('Machines that there are.'),
  updatedReplicas: count.optional().describe('Machines that are made from the template as it is now.'),
  readyReplicas: count.optional().describe('Machines whose Node is ready.'),
  availableReplicas: count.optional().describe('Machines that have been ready for minReadySeconds.'),
  unavailableReplicas: count.optional().describe('Machines that are wanted and not available.'),
  labelSelector: z.string().optional().describe('The selector as text; the scale subresource shows it.'),
  observedGeneration: z.int().optional().describe('The generation that status speaks of.'),
  lastProgressTime: z.string().optional().describe('When a rollout last got nearer to its end.'),
  rollout: z
    .object({
      generation: z.int().describe('The generation that it rolls out.'),
      attempt: z.int().describe('Counts the executions of that generation.'),
      startedAt: z.string().describe('When it was started.'),
    })
    .optional()
    .describe('The last execution that was started to carry a rollout out.'),
  conditions: conditions.optional(),
  turn: z.int().optional().describe('Counts the plans that were carried out. For Plastron itself.'),
});

export const machineDeployment = defineKind({
  group: 'cluster.k8s.io',
  version: 'v1alpha1',
  kind: 'MachineDeployment',
  plural: 'machinedeployments',
  shortNames: ['md'],
  categories: ['cluster-api'],
  description: 'Keeps a number of equal Machines, and replaces them step by step when their template changes.',
  schema: z.object({
    spec: machineDeploymentSpec.describe('How many Machines, what they are made from, and how they are replaced.'),
    status: machineDeploymentStatus.optional().describe('How many Machines there are, and how far a rollout is.'),
  }),
  subresources: { status: true, scale: true },
  columns: [
    {
      name: 'Cluster',
      type: 'string',
      description: 'The cluster of its Machines',
      jsonPath: `.spec.template.metadata.labels${clusterNamePath}`,
      value: (md) => md.spec.template.metadata?.labels?.[keys.clusterName],
    },
    { name: 'Desired', type: 'integer', description: 'Machines wanted', jsonPath: '.spec.replicas', value: (md) => md.spec.replicas },
    {
      name: 'Current',
      type: 'integer',
      description: 'Machines that there are',
      jsonPath: '.status.replicas',
      value: (md) => md.status?.replicas,
    },
    {
      name: 'Ready',
      type: 'integer',
      description: 'Machines whose Node is ready',
      jsonPath: '.status.readyReplicas',
      value: (md) => md.status?.readyReplicas,
    },
    {
      name: 'Available',
      type: 'integer',
      description: 'Machines ready for long enough',
      jsonPath: '.status.availableReplicas',
      value: (md) => md.status?.availableReplicas,
    },
    {
      name: 'Up-To-Date',
      type: 'integer',
      description: 'Machines made from this template',
      jsonPath: '.status.updatedReplicas',
      value: (md) => md.status?.updatedReplicas,
    },
    {
      name: 'Paused',
      type: 'boolean',
      description: 'Whether no Machine is replaced',
      priority: 1,
      value: (md) => md.spec.paused === true || isAnnotatedPaused(md.metadata.annotations ?? {}),
    },
    { name: 'Phase', type: 'string', description: 'What is going on', jsonPath: '.status.phase', value: (md) => md.status?.phase },
    age,
    {
      name: 'Version',
      type: 'string',
      description: 'Kubernetes version of its Machines',
      priority: 1,
      jsonPath: '.spec.template.spec.versions.kubelet',
      value: (md) => md.spec.template.spec.versions?.kubelet,
    },
  ],
  owns: ['MachineSet'],
  reconciled: true,
  finalizer: keys.machineDeploymentFinalizer,
  validate: (md): Cause[] => [...templateCauses(md), ...strategyCauses(md.spec.strategy)],
});
export type MachineDeploymentObject = ObjectOfKind<typeof machineDeployment>;

/** What a plan writes; `turn` is the engine's. */
export type MachineDeploymentStatus = Omit<NonNullable<MachineDeploymentObject['status']>, 'turn'>;

function strategyCauses({ type, rollingUpdate }: z.output<typeof strategy>): Cause[] {
  if (type !== 'OnDelete' || rollingUpdate === undefined) return [];
  const message = 'remove it: with strategy OnDelete you set the pace, by deleting Machines';
  return [{ field: 'spec.strategy.rollingUpdate', reason: 'FieldValueForbidden', message }];
}
