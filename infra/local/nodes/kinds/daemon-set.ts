import * as z from 'zod';
import { defineKind, type ObjectOfKind } from '../../../../shared/kinds/define-kind.ts';
import { labelSelector } from '../../../../shared/kinds/fields.ts';

/** apps/v1 DaemonSet: a drain asks for the owner of a Pod before it leaves the Pod alone. */
export const daemonSet = defineKind({
  group: 'apps',
  version: 'v1',
  kind: 'DaemonSet',
  plural: 'daemonsets',
  shortNames: ['ds'],
  description: 'One Pod on every node.',
  schema: z.object({
    spec: z
      .looseObject({
        selector: labelSelector,
        template: z.looseObject({}).describe('What its Pods are made from.'),
      })
      .describe('What should run on every node.'),
  }),
  columns: [{ name: 'Age', type: 'date', description: 'Time since it was created', value: (d) => d.metadata.creationTimestamp }],
});
export type DaemonSetObject = ObjectOfKind<typeof daemonSet>;
