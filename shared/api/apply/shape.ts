import { isRecord } from '../objects/decode.ts';
import { resolve, type Schema, type SchemaDocument } from '../objects/schema.ts';
import { keyElement, valueElement } from './elements.ts';

/** How a value is taken apart into what can be owned. */
export type Shape = Leaf | MapShape | ListShape | Schemaless;

/** A scalar, or a map or list that is owned as one. */
export interface Leaf {
  readonly is: 'leaf';
}

export interface MapShape {
  readonly is: 'map';
  /** Whether the schema names this field, as it does not name the keys of labels. */
  declares(name: string): boolean;
  field(name: string): Shape;
}

export interface ListShape {
  readonly is: 'list';
  readonly item: Shape;
  /** The path element of an item; undefined: it has none of the keys of the list. */
  elementOf(item: unknown): string | undefined;
}

/** No schema says what stands here: the value does. */
export interface Schemaless {
  readonly is: 'schemaless';
}

/** What a value can be taken as. */
export type Concrete = Exclude<Shape, Schemaless>;

export const leaf: Leaf = { is: 'leaf' };
export const schemaless: Schemaless = { is: 'schemaless' };
const schemalessMap: MapShape = { is: 'map', declares: () => false, field: () => schemaless };

const known = new WeakMap<Schema, Shape>();

/** The shape that a schema describes: lists are atomic unless it says otherwise, maps are not. */
export function shapeOf(schema: Schema, document: SchemaDocument): Shape {
  let shape = known.get(schema);
  if (shape === undefined) {
    shape = makeShape(schema, document);
    known.set(schema, shape);
  }
  return shape;
}

function makeShape(unresolved: Schema, document: SchemaDocument): Shape {
  const schema = resolve(unresolved, document);
  if (schema['x-kubernetes-map-type'] === 'atomic') return leaf;
  if (schema.properties !== undefined || typeof schema.additionalProperties === 'object') return mapShape(schema, document);
  if (schema['x-kubernetes-preserve-unknown-fields']) return schemaless;
  if (schema.items !== undefined) return listShape(schema, schema.items, document);
  const options = [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])].map((option) => shapeOf(option, document));
  return options.find((option) => option.is !== 'leaf') ?? leaf;
}

function mapShape({ properties = {}, additionalProperties }: Schema, document: SchemaDocument): MapShape {
  const others = typeof additionalProperties === 'object' ? additionalProperties : undefined;
  return {
    is: 'map',
    declares: (name) => Object.hasOwn(properties, name),
    field(name) {
      const schema = Object.hasOwn(properties, name) ? properties[name] : others;
      return schema === undefined ? schemaless : shapeOf(schema, document);
    },
  };
}

function listShape(schema: Schema, items: Schema, document: SchemaDocument): Shape {
  const type = schema['x-kubernetes-list-type'];
  const item = shapeOf(items, document);
  if (type === 'set') return { is: 'list', item, elementOf: valueElement };
  if (type !== 'map') return leaf;
  const fields = resolve(items, document).properties ?? {};
  const keys = (schema['x-kubernetes-list-map-keys'] ?? []).map((name) => ({ name, otherwise: fields[name]?.default }));
  return {
    is: 'list',
    item,
    elementOf(value) {
      if (!isRecord(value)) return undefined;
      const given = keys.map(({ name, otherwise }) => [name, value[name] ?? otherwise]).filter(([, key]) => key !== undefined);
      return given.length === 0 ? undefined : keyElement(Object.fromEntries(given));
    },
  };
}

/** The shape of this value: of a schemaless one, maps are taken apart and lists are not; null is a map that has gone. */
export function concrete(shape: Shape, value: unknown): Concrete {
  if (shape.is !== 'schemaless') return shape;
  return value === null || isRecord(value) ? schemalessMap : leaf;
}
