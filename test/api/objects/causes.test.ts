import { describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import { causesOf, fieldPath } from '../../../shared/api/objects/causes.ts';
import { schemaOf } from '../../../shared/api/objects/schema.ts';
import { defineKind, type Kind } from '../../../shared/kinds/define-kind.ts';

const schema = z.object({
  text: z.string().describe('Some text.').optional(),
  needed: z.string().describe('What is needed.').default('x'),
  name: z.string().min(1).describe('A name.').optional(),
  list: z
    .array(z.object({ must: z.string().describe('It must.') }))
    .max(2)
    .optional(),
  few: z.array(z.string()).min(1, 'write at least one').optional(),
  policy: z.enum(['A', 'B']).optional(),
  count: z.int().min(0).max(9).optional(),
  address: z.union([z.ipv4(), z.ipv6()], 'write an address').optional(),
  either: z.union([z.int(), z.object({ deep: z.object({ er: z.string() }) })]).optional(),
  labels: z.record(z.string(), z.string()).optional(),
  version: z
    .string()
    .regex(/^v\d+$/)
    .optional(),
});
const kind = defineKind({ group: '', version: 'v1', kind: 'T', plural: 'ts', description: 'T.', schema }) as unknown as Kind;

const causes = (value: unknown, secret = false) =>
  causesOf(schema.safeParse(value, { reportInput: true }).error?.issues ?? [], schemaOf(kind), secret);

describe('what zod finds', () => {
  it.each([
    [{ text: 5 }, 'text', 'FieldValueInvalid', '5: must be a string: Some text.'],
    [{ name: '' }, 'name', 'FieldValueRequired', 'must be set: A name.'],
    [{ list: [{ must: 'a' }, {}] }, 'list[1].must', 'FieldValueRequired', 'must be set: It must.'],
    [
      { list: [{ must: 'a' }, { must: 'a' }, { must: 'a' }] },
      'list',
      'FieldValueInvalid',
      '[{"must":"a"},{"must":"a"},{"must":"a"}]: must have at most 2 items',
    ],
    [{ few: [] }, 'few', 'FieldValueRequired', 'write at least one'],
    [{ policy: 'C' }, 'policy', 'FieldValueNotSupported', '"C": supported values: "A", "B"'],
    [{ count: -1 }, 'count', 'FieldValueInvalid', '-1: must be at least 0'],
    [{ count: 1.5 }, 'count', 'FieldValueInvalid', '1.5: must be a whole number'],
    [{ address: 'x.x.x.x' }, 'address', 'FieldValueInvalid', '"x.x.x.x": write an address'],
    [{ either: { deep: { er: 1 } } }, 'either.deep.er', 'FieldValueInvalid', '1: must be a string'],
    [{ labels: { 'a.b/c': 1 } }, 'labels[a.b/c]', 'FieldValueInvalid', '1: must be a string'],
    [{ version: '1' }, 'version', 'FieldValueInvalid', '"1": must match /^v\\d+$/'],
  ])('in %j is told as %s', (value, field, reason, message) => {
    expect(causes(value)).toEqual([{ field, reason, message }]);
  });

  it('in a secret is told without its value', () => {
    expect(causes({ version: 'hunter2' }, true)).toEqual([
      { field: 'version', reason: 'FieldValueInvalid', message: 'must match /^v\\d+$/' },
    ]);
  });

  it('cuts long values', () => {
    expect(causes({ version: 'x'.repeat(1000) })[0]!.message.length).toBeLessThan(160);
  });
});

it('field paths are written as kubectl prints them', () => {
  expect(fieldPath(['spec', 'masters', 'ips', 0])).toBe('spec.masters.ips[0]');
  expect(fieldPath(['metadata', 'labels', 'a/b'])).toBe('metadata.labels[a/b]');
});
