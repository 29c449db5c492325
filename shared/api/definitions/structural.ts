import { resolve, type Schema, type SchemaDocument } from '../objects/schema.ts';

const intOrString = 'x-kubernetes-int-or-string';

/**
 * A schema as a CustomResourceDefinition may have it ("structural"): whole, without references, and what may be a number or a text
 * said in the one way that is allowed there. Schemas that refer to themselves have no such form; ours do not.
 */
export function structural(unresolved: Schema, document: SchemaDocument): Record<string, unknown> {
  const { $ref: _, allOf: __, ...own } = unresolved;
  const { properties, items, additionalProperties, oneOf, anyOf, ...plain } = { ...resolve(unresolved, document), ...own };
  const inside = (schema: Schema) => structural(schema, document);
  if (intOrString in plain) {
    const { format: ___, ...rest } = plain as Schema;
    return { ...rest, anyOf: [{ type: 'integer' }, { type: 'string' }] };
  }
  return {
    ...plain,
    ...(anyOf && { anyOf }),
    ...(oneOf && { oneOf }),
    ...(items && { items: inside(items) }),
    ...(properties && { properties: mapped(properties, inside) }),
    ...(typeof additionalProperties === 'object' && { additionalProperties: inside(additionalProperties) }),
  };
}

const mapped = (schemas: Readonly<Record<string, Schema>>, each: (schema: Schema) => unknown): Record<string, unknown> =>
  Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, each(schema)]));
