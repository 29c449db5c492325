import { mostMistakes } from '../request/json-text.ts';
import { fieldOf, resolve, type Schema, type SchemaDocument } from './schema.ts';

export interface Pruned {
  readonly value: unknown;
  /** Paths of fields that the schema does not have: `spec.list[0].x`. Of very many, the first. */
  readonly unknown: readonly string[];
}

/**
 * Leaves out fields that the schema does not have, and says which. Also leaves out nulls where the schema has none:
 * tools write `annotations: null` and `creationTimestamp: null` and mean nothing by it.
 */
export function prune(value: unknown, document: SchemaDocument): Pruned {
  const unknown: string[] = [];
  return { value: walk(value, document.root, '', { document, unknown }), unknown };
}

interface Walk {
  readonly document: SchemaDocument;
  readonly unknown: string[];
}

function walk(value: unknown, unresolved: Schema, path: string, to: Walk): unknown {
  const schema = resolve(unresolved, to.document);
  if (Array.isArray(value)) {
    const items = schema.items;
    return items === undefined ? value : value.map((item, i) => walk(item, items, `${path}[${i}]`, to));
  }
  if (value === null || typeof value !== 'object' || !hasFields(schema, to.document)) return value;
  const kept: Record<string, unknown> = {};
  for (const [key, part] of Object.entries(value)) {
    const below = path === '' ? key : `${path}.${key}`;
    const field = fieldOf(schema, key, to.document);
    if (field === undefined) {
      if (schema['x-kubernetes-preserve-unknown-fields']) kept[key] = part;
      else if (to.unknown.length < mostMistakes) to.unknown.push(below);
    } else if (part !== null || mayBeNull(field, to.document)) kept[key] = walk(part, field, below, to);
  }
  return kept;
}

/** False where anything may stand: text, numbers, z.unknown(). Then the type is for validation to judge. */
const hasFields = (schema: Schema, document: SchemaDocument): boolean =>
  schema.properties !== undefined ||
  typeof schema.additionalProperties === 'object' ||
  (schema.anyOf ?? []).some((option) => hasFields(resolve(option, document), document));

function mayBeNull(unresolved: Schema, document: SchemaDocument): boolean {
  const schema = resolve(unresolved, document);
  return unresolved.nullable === true || schema.nullable === true || schema['x-kubernetes-preserve-unknown-fields'] === true;
}
