import * as z from 'zod';
import type { Kind } from '../../kinds/define-kind.ts';
import { objectMeta } from './object-meta.ts';

/**
 * A kind's schema as OpenAPI 3.0 data, made from its zod schema. Everything that has to know the structure reads it:
 * `kubectl explain`, the search for unknown fields, and how lists are merged.
 */
export interface Schema {
  readonly type?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly $ref?: string;
  readonly nullable?: boolean;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly format?: string;
  readonly 'x-kubernetes-preserve-unknown-fields'?: boolean;
  readonly 'x-kubernetes-map-type'?: string;
  readonly 'x-kubernetes-list-type'?: string;
  readonly 'x-kubernetes-list-map-keys'?: readonly string[];
}

/** A schema, and the ones it refers to as `#/components/schemas/NAME`. */
export interface SchemaDocument {
  readonly root: Schema;
  readonly components: Readonly<Record<string, Schema>>;
}

export const componentPrefix = '#/components/schemas/';
export const objectMetaName = 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta';

/** The component of a kind, named as upstream: the group's parts in reverse, `io.k8s.cluster.v1alpha1.Machine`. */
export const schemaName = ({ group, version, kind }: Pick<Kind, 'group' | 'version' | 'kind'>): string =>
  group === '' ? `io.k8s.api.core.${version}.${kind}` : `${group.split('.').reverse().join('.')}.${version}.${kind}`;

const known = new WeakMap<Kind, SchemaDocument>();

/** The schema of a kind's whole object. Made once. */
export function schemaOf(kind: Kind): SchemaDocument {
  let document = known.get(kind);
  if (document === undefined) {
    document = makeDocument(kind);
    known.set(kind, document);
  }
  return document;
}

function makeDocument(kind: Kind): SchemaDocument {
  const own = convert(kind.schema);
  const meta = convert(objectMeta);
  const root: Schema = {
    ...own.root,
    type: 'object',
    description: kind.description,
    properties: {
      apiVersion: { type: 'string', description: 'The version of the schema of this object.' },
      kind: { type: 'string', description: 'The kind of this object.' },
      metadata: {
        description: 'Name, labels and what the server keeps about the object.',
        allOf: [{ $ref: componentPrefix + objectMetaName }],
        default: {},
      },
      ...own.root.properties,
    },
  };
  return { root, components: { ...own.components, ...meta.components, [objectMetaName]: meta.root } };
}

interface Converted {
  root: Schema;
  components: Record<string, Schema>;
}

/** As zod's JSON Schema, with what Kubernetes' clients stumble over mended. */
function convert(schema: z.ZodType): Converted {
  const { definitions = {}, ...root } = z.toJSONSchema(schema, {
    target: 'openapi-3.0',
    // What a user has to type: a field with a default is not required.
    io: 'input',
    unrepresentable: 'any',
    override: ({ jsonSchema }) => mend(jsonSchema as Record<string, unknown>),
  }) as Schema & { definitions?: Record<string, Schema> };
  const components = Object.fromEntries(Object.entries(definitions).map(([name, part]) => [name, moveRefs(part)]));
  return { root: moveRefs(root), components };
}

const intOrString = 'x-kubernetes-int-or-string';

function mend(schema: Record<string, unknown>): void {
  // z.int() has JavaScript's bounds.
  if (schema.minimum === Number.MIN_SAFE_INTEGER) delete schema.minimum;
  if (schema.maximum === Number.MAX_SAFE_INTEGER) delete schema.maximum;
  if (schema.type === 'integer' && schema.format === undefined) schema.format = 'int64';
  // Longer than the rest of the schema, and says no more than the format.
  if (schema.format !== undefined) delete schema.pattern;
  // z.null(): that it may be null is said.
  if (Array.isArray(schema.enum) && schema.enum.every((value) => value === null)) delete schema.enum;
  // Where all options are of one type, so is the field: `kubectl explain` takes one without a type for an object.
  const types = new Set(Array.isArray(schema.anyOf) ? schema.anyOf.map(({ type }: Schema) => type) : []);
  if (types.size === 1 && types.has('string'))
    Object.assign(schema, { type: 'string', anyOf: (schema.anyOf as Schema[]).map(({ type: _, ...option }) => option) });
  // Unknown fields are looked for by us: as `fieldValidation` says.
  if (schema.additionalProperties === false) delete schema.additionalProperties;
  const shape = Object.keys(schema).filter((key) => key !== 'description' && key !== 'default' && key !== 'id');
  // z.unknown(): `kubectl explain` fails at a schema without a type.
  if (shape.length === 0) Object.assign(schema, { type: 'object', 'x-kubernetes-preserve-unknown-fields': true });
  if (isIntOrString(schema)) {
    delete schema.anyOf;
    Object.assign(schema, { oneOf: [{ type: 'integer' }, { type: 'string' }], format: 'int-or-string', [intOrString]: true });
  }
}

const isIntOrString = ({ anyOf }: Record<string, unknown>): boolean =>
  Array.isArray(anyOf) &&
  anyOf.length === 2 &&
  anyOf.some((s: Schema) => s.type === 'integer') &&
  anyOf.some((s: Schema) => s.type === 'string');

/** `#/definitions/X` -> `#/components/schemas/X`, everywhere. */
function moveRefs<T>(value: T): T {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(moveRefs) as T;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== 'id')
      .map(([key, part]) => [
        key,
        key === '$ref' && typeof part === 'string' ? part.replace('#/definitions/', componentPrefix) : moveRefs(part),
      ]),
  ) as T;
}

/** The schema itself, where it only refers to another. */
export function resolve(schema: Schema, { components }: SchemaDocument): Schema {
  const ref = schema.$ref ?? (schema.allOf?.length === 1 ? schema.allOf[0]?.$ref : undefined);
  return ref === undefined ? schema : (components[ref.slice(componentPrefix.length)] ?? {});
}

/** The schema of a field of an object: a declared one, or that of all others. Undefined: there is no such field. */
export function fieldOf(schema: Schema, name: string, document: SchemaDocument): Schema | undefined {
  const { properties, additionalProperties, anyOf } = resolve(schema, document);
  if (properties !== undefined && Object.hasOwn(properties, name)) return properties[name];
  if (typeof additionalProperties === 'object') return additionalProperties;
  for (const option of anyOf ?? []) {
    const field = fieldOf(option, name, document);
    if (field !== undefined) return field;
  }
  return undefined;
}
