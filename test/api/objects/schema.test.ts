import { describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import { type Schema, schemaOf } from '../../../shared/api/objects/schema.ts';
import { defineKind, type Kind } from '../../../shared/kinds/define-kind.ts';
import { intOrPercent } from '../../../shared/kinds/fields.ts';
import { kinds } from '../../../shared/kinds/index.ts';

const fieldsOf = (shape: z.ZodRawShape): Record<string, Schema> => {
  const kind = defineKind({ group: 'g.io', version: 'v1', kind: 'T', plural: 'ts', description: 'T.', schema: z.object(shape) });
  return { ...schemaOf(kind as unknown as Kind).root.properties };
};

describe('the OpenAPI schema of a kind', () => {
  it.each([
    ['a whole number', z.int(), { type: 'integer', format: 'int64' }],
    ['a count', z.int().min(0), { type: 'integer', format: 'int64', minimum: 0 }],
    ['anything', z.unknown().describe('Any.'), { type: 'object', description: 'Any.', 'x-kubernetes-preserve-unknown-fields': true }],
    ['a strict object', z.strictObject({ a: z.string() }), { type: 'object', properties: { a: { type: 'string' } }, required: ['a'] }],
    ['a text or null', z.string().nullish(), { type: 'string', nullable: true }],
    ['an address', z.ipv4(), { type: 'string', format: 'ipv4' }],
    ['a default', z.string().default('x'), { type: 'string', default: 'x' }],
    ['int-or-string', intOrPercent, { $ref: '#/components/schemas/io.k8s.apimachinery.pkg.util.intstr.IntOrString' }],
  ])('has %s as Kubernetes writes it', (_, schema, expected) => {
    expect(fieldsOf({ field: schema }).field).toEqual(expected);
  });

  it('needs nothing that the server fills in', () => {
    const kind = defineKind({
      group: 'g.io',
      version: 'v1',
      kind: 'T',
      plural: 'ts',
      description: 'T.',
      schema: z.object({ given: z.string().default('x'), asked: z.string() }),
    });
    expect(schemaOf(kind as unknown as Kind).root.required).toEqual(['asked']);
  });

  it.each(kinds.map((kind) => [kind.kind, kind] as const))('refers to nothing that %s does not bring along', (_, kind) => {
    const { root, components } = schemaOf(kind);
    const refs = [...JSON.stringify([root, components]).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)].map((match) => match[1]!);
    expect(refs.filter((ref) => components[ref] === undefined)).toEqual([]);
    expect(JSON.stringify([root, components])).not.toMatch(/#\/definitions|__schema/);
  });
});
