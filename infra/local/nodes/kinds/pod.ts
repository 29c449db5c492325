import * as z from 'zod';
import { defineKind, type ObjectOfKind } from '../../../../shared/kinds/define-kind.ts';
import { conditions } from '../../../../shared/kinds/fields.ts';

const containerStatus = z.looseObject({
  name: z.string().describe('The container.'),
  ready: z.boolean().describe('Whether it passes its readiness probe.'),
  restartCount: z.int().default(0).describe('How often it was started again.'),
});

/** core/v1 Pod: what decides how a drain treats it is typed, the rest of a Pod's spec is kept as it comes. */
export const pod = defineKind({
  group: '',
  version: 'v1',
  kind: 'Pod',
  plural: 'pods',
  shortNames: ['po'],
  description: 'Containers that run together on a node.',
  schema: z.object({
    spec: z
      .looseObject({
        nodeName: z.string().optional().describe('The node that it runs on.'),
        containers: z
          .array(z.looseObject({ name: z.string() }))
          .min(1)
          .describe('Its containers.'),
        terminationGracePeriodSeconds: z.int().min(0).default(30).describe('How long it may take to end.'),
      })
      .describe('What the Pod should be.'),
    status: z
      .looseObject({
        phase: z.string().optional().describe('Pending, Running, Succeeded or Failed.'),
        conditions: conditions.optional(),
        containerStatuses: z.array(containerStatus).optional().describe('How its containers are.'),
      })
      .optional()
      .describe('What the Pod is.'),
  }),
  subresources: { status: true, scale: false },
  // A Pod is bound to its node once.
  selectableFields: ['spec.nodeName'],
  columns: [
    {
      name: 'Ready',
      type: 'string',
      description: 'Containers that are ready, of all',
      value: (p) => `${p.status?.containerStatuses?.filter((c) => c.ready).length ?? 0}/${p.spec.containers.length}`,
    },
    {
      name: 'Status',
      type: 'string',
      description: 'How it is',
      value: (p) => (p.metadata.deletionTimestamp === undefined ? (p.status?.phase ?? 'Pending') : 'Terminating'),
    },
    {
      name: 'Restarts',
      type: 'integer',
      description: 'How often containers were started again',
      value: (p) => p.status?.containerStatuses?.reduce((sum, c) => sum + c.restartCount, 0) ?? 0,
    },
    { name: 'Age', type: 'date', description: 'Time since it was created', value: (p) => p.metadata.creationTimestamp },
    { name: 'Node', type: 'string', description: 'Where it runs', priority: 1, value: (p) => p.spec.nodeName ?? '<none>' },
  ],
});
export type PodObject = ObjectOfKind<typeof pod>;
