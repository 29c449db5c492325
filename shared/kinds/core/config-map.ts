import * as z from 'zod';
import { age } from '../age.ts';
import { defineKind, type ObjectOfKind } from '../define-kind.ts';
import { immutableCauses } from './immutable.ts';

export const configMap = defineKind({
  group: '',
  version: 'v1',
  kind: 'ConfigMap',
  plural: 'configmaps',
  shortNames: ['cm'],
  description: 'Configuration data for programs.',
  schema: z.object({
    data: z.record(z.string(), z.string()).optional().describe('Texts by key.'),
    binaryData: z.record(z.string(), z.string()).optional().describe('Bytes by key, in base64.'),
    immutable: z.boolean().optional().describe('When true, data and binaryData cannot change, and immutable cannot be taken back.'),
  }),
  columns: [
    {
      name: 'Data',
      type: 'integer',
      description: 'Number of keys',
      value: (c) => Object.keys(c.data ?? {}).length + Object.keys(c.binaryData ?? {}).length,
    },
    age,
  ],
  sealed: true,
  validateChange: (before, after) => immutableCauses(before, after, ['data', 'binaryData']),
});
export type ConfigMapObject = ObjectOfKind<typeof configMap>;
