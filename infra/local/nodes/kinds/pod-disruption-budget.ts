import * as z from 'zod';
import { defineKind, type ObjectOfKind } from '../../../../shared/kinds/define-kind.ts';
import { intOrPercent, labelSelector } from '../../../../shared/kinds/fields.ts';

/** policy/v1 PodDisruptionBudget: what an eviction must leave standing. */
export const podDisruptionBudget = defineKind({
  group: 'policy',
  version: 'v1',
  kind: 'PodDisruptionBudget',
  plural: 'poddisruptionbudgets',
  shortNames: ['pdb'],
  description: 'How many of some Pods may be missing.',
  schema: z.object({
    spec: z
      .object({
        minAvailable: intOrPercent.optional().describe('So many must be available after an eviction.'),
        maxUnavailable: intOrPercent.optional().describe('So many may be unavailable after an eviction.'),
        selector: labelSelector.optional(),
      })
      .describe('What must be left standing.'),
  }),
  columns: [
    { name: 'Min Available', type: 'string', description: 'So many stay', value: (b) => String(b.spec.minAvailable ?? 'N/A') },
    { name: 'Max Unavailable', type: 'string', description: 'So many may go', value: (b) => String(b.spec.maxUnavailable ?? 'N/A') },
    { name: 'Age', type: 'date', description: 'Time since it was created', value: (b) => b.metadata.creationTimestamp },
  ],
  validate: ({ spec }) =>
    (spec.minAvailable === undefined) === (spec.maxUnavailable === undefined)
      ? [{ field: 'spec', message: 'write exactly one of minAvailable and maxUnavailable' }]
      : [],
});
export type PodDisruptionBudgetObject = ObjectOfKind<typeof podDisruptionBudget>;
