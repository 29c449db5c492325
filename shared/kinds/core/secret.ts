import * as z from 'zod';
import { age } from '../age.ts';
import { defineKind, type ObjectOfKind } from '../define-kind.ts';
import { systemNamespace } from '../fields.ts';
import { immutableCauses } from './immutable.ts';

const base64 = z
  .string()
  .regex(/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/, 'write base64 (or use stringData for plain text)');

export const secret = defineKind({
  group: '',
  version: 'v1',
  kind: 'Secret',
  plural: 'secrets',
  description: 'Data that only few may read, such as the credentials of clouds. It is stored encrypted.',
  schema: z.object({
    data: z.record(z.string(), base64).optional().describe('Bytes by key, in base64.'),
    stringData: z
      .record(z.string(), z.string())
      .optional()
      .describe('Texts by key: written into data, over what is there, and never returned.'),
    type: z.string().default('Opaque').describe('What the data is for. It cannot be changed. Opaque if absent.'),
    immutable: z.boolean().optional().describe('When true, data cannot change, and immutable cannot be taken back.'),
  }),
  columns: [
    { name: 'Type', type: 'string', description: 'What the data is for', value: (s) => s.type },
    { name: 'Data', type: 'integer', description: 'Number of keys', value: (s) => Object.keys(s.data ?? {}).length },
    age,
  ],
  sealed: true,
  toStored: ({ stringData, ...stored }) => {
    if (stringData === undefined) return stored;
    const folded = Object.entries(stringData).map(([key, text]) => [key, Buffer.from(text).toString('base64')]);
    return { ...stored, data: { ...stored.data, ...Object.fromEntries(folded) } };
  },
  validateChange: (before, after) => [
    ...(before.type === after.type ? [] : [{ field: 'type', message: 'field is immutable' }]),
    ...immutableCauses(before, after, ['data']),
  ],
  // Credentials: whoever waits for them to be mended.
  wakes: (s) => (s.metadata.namespace === systemNamespace ? [{ kind: 'Machine', namespace: '', waiting: true }] : []),
});
export type SecretObject = ObjectOfKind<typeof secret>;
