import * as z from 'zod';
import { age } from '../age.ts';
import { defineKind, type ObjectOfKind } from '../define-kind.ts';
import { isBeingDeleted, withContent } from '../deletion.ts';
import { conditions } from '../fields.ts';

export const namespace = defineKind({
  group: '',
  version: 'v1',
  kind: 'Namespace',
  plural: 'namespaces',
  shortNames: ['ns'],
  scope: 'Cluster',
  description: 'A scope for names, and for who may do what.',
  schema: z.object({
    spec: z
      .object({ finalizers: z.array(z.string()).optional().describe('What must be done before the namespace goes.') })
      .optional()
      .describe('What the namespace should be.'),
    status: z
      .object({
        phase: z.string().optional().describe('Active or Terminating.'),
        conditions: conditions.optional(),
      })
      .optional()
      .describe('What the namespace is.'),
  }),
  subresources: { status: true, scale: false },
  columns: [{ name: 'Status', type: 'string', description: 'Active or Terminating', value: (n) => n.status?.phase ?? 'Active' }, age],
  // Only /finalize takes one away.
  keep: (before, { spec: _, ...wanted }) => ({ ...wanted, ...(before.spec !== undefined && { spec: before.spec }) }),
  toStored: (n) => ({
    ...n,
    ...(!isBeingDeleted(n) && { spec: { ...n.spec, finalizers: withContent(n.spec?.finalizers) } }),
    metadata: { ...n.metadata, labels: { ...n.metadata.labels, 'kubernetes.io/metadata.name': n.metadata.name } },
    status: { phase: 'Active', ...n.status },
  }),
});
export type NamespaceObject = ObjectOfKind<typeof namespace>;
