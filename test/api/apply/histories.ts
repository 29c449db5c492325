import { readFileSync } from 'node:fs';
import { toFieldsV1 } from '../../../shared/api/apply/fields-v1.ts';
import { apply, type Owners, ownersAfterUpdate } from '../../../shared/api/apply/ownership.ts';
import { shapeOf } from '../../../shared/api/apply/shape.ts';
import { fieldOf, type Schema, type SchemaDocument } from '../../../shared/api/objects/schema.ts';
import { canonical } from '../../../shared/kinds/canonical.ts';

/**
 * What Kubernetes' own structured-merge-diff (4.1.2, as Debian packages it) answered to histories of applies and updates
 * of one object, recorded: `scripted` say by name what they show, `random` do not. Each starts at an empty object.
 */
export interface History {
  readonly name?: string;
  readonly steps: readonly Step[];
  /** After the last step that was not refused. */
  readonly object: unknown;
  /** The fieldsV1 of each manager. */
  readonly sets: unknown;
}

export interface Step {
  readonly op: 'apply' | 'update';
  readonly by: string;
  readonly force?: boolean;
  readonly object: unknown;
  /** Refused: how many fields of whom. */
  readonly conflicts?: Readonly<Record<string, number>>;
}

const folder = new URL('oracle/', import.meta.url);
const text = (name: string): string => readFileSync(new URL(name, folder), 'utf8');

/** A schema that has every sort of list and map. */
export const document = JSON.parse(text('schema.json')) as SchemaDocument;
export const shape = shapeOf(document.root, document);

const linesOf = (name: string): History[] =>
  text(name)
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as History);

export const scripted = linesOf('scripted.jsonl');
export const random = linesOf('random.jsonl');

export interface Replay {
  readonly object: unknown;
  readonly owners: Owners;
  /** Per step, how many fields of whom were in conflict. */
  readonly conflicts: readonly Readonly<Record<string, number>>[];
}

export function replay(steps: readonly Step[]): Replay {
  let object: unknown = {};
  let owners: Owners = new Map();
  const conflicts = steps.map((step) => {
    if (step.op === 'update') {
      owners = ownersAfterUpdate(object, step.object, owners, step.by, shape);
      object = step.object;
      return {};
    }
    const applied = apply(object, step.object, owners, step.by, step.force === true, shape);
    if (applied.conflicts === undefined) ({ object, owners } = applied);
    const byManager = Map.groupBy(applied.conflicts ?? [], ({ manager }) => manager);
    return Object.fromEntries([...byManager].map(([manager, fields]) => [manager, fields.length]));
  });
  return { object, owners, conflicts };
}

export const setsOf = (owners: Owners): unknown => Object.fromEntries([...owners].map(([manager, set]) => [manager, toFieldsV1(set)]));

/** The order of items that are told apart by key or value is not compared: versions of the original differ in it. */
export function unordered(value: unknown, schema: Schema | undefined = document.root): unknown {
  if (value === null || typeof value !== 'object') return value;
  if (!Array.isArray(value))
    return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, unordered(part, fieldIn(schema, name))]));
  const items = value.map((item) => unordered(item, schema?.items ?? {}));
  const type = schema?.['x-kubernetes-list-type'];
  return type === 'set' || type === 'map' ? items.map(canonical).sort() : items;
}

const fieldIn = (schema: Schema | undefined, name: string): Schema | undefined =>
  schema === undefined ? undefined : fieldOf(schema, name, document);
