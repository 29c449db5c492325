import type { Kind } from '../../kinds/define-kind.ts';
import type { KubeObject, ObjectMeta } from '../../kinds/object.ts';
import { sameJson } from '../objects/same-json.ts';
import { schemaOf } from '../objects/schema.ts';
import { difference, type FieldSet, isEmpty, noFields, setOf } from './field-set.ts';
import { toFieldsV1 } from './fields-v1.ts';
import {
  decodeManagedFields,
  encodeManagedFields,
  identityOf,
  isReset,
  type Managed,
  type ManagedFieldsEntry,
  type Manager,
  nobody,
  withoutAncient,
} from './managed-fields.ts';
import { encodeOwnersOf, ownersOf } from './other-versions.ts';
import { type Owners, ownersAfterUpdate } from './ownership.ts';
import { type Shape, shapeOf } from './shape.ts';
import { fieldIn } from './values.ts';
import { managerOf, type Writer } from './writer.ts';

/** Recording who wrote what, for every write through the API but apply. Reconcilers write past it, and own nothing. */

export const objectShape = (kind: Kind): Shape => shapeOf(schemaOf(kind).root, schemaOf(kind));

/** The managedFields of a new object. */
export function ownersOfNew(kind: Kind, created: KubeObject, writer: Writer): ManagedFieldsEntry[] | undefined {
  return encodeManagedFields(update(kind, nobody, {}, targetOf(kind, created, writer), managerOf(kind, 'Update', writer)));
}

/**
 * The managedFields of an object after a write. `given` are those in the request: clients may rewrite them, as kubectl
 * does when it takes an object over from client-side apply. Of an object without any, none are recorded.
 */
export function ownersOfUpdated(
  kind: Kind,
  live: KubeObject,
  next: KubeObject,
  given: unknown,
  writer: Writer,
): readonly unknown[] | undefined {
  const stored = live.metadata.managedFields;
  const known = writer.target === 'main' ? managedIn(given, stored) : managedIn(stored, undefined);
  if (known.owners.size === 0) return undefined;
  return encodeOwnersOf(kind, update(kind, ownersOf(kind, known), live, next, managerOf(kind, 'Update', writer)));
}

/** What a request says, if it says it well, else what is stored. */
function managedIn(given: unknown, stored: unknown): Managed {
  if (isReset(given)) return nobody;
  const decoded = decodeManagedFields(given);
  if (decoded !== undefined && decoded.owners.size > 0) return decoded;
  return decodeManagedFields(stored) ?? nobody;
}

/** After this manager made `next` of `live`. Its time moves only when it gains fields. */
export function update(kind: Kind, { managers, owners }: Managed, live: unknown, next: unknown, by: Manager): Managed {
  const self = identityOf(by);
  const after = withoutSystemFields(ownersAfterUpdate(live, next, owners, self, objectShape(kind)), self);
  const gained = !isEmpty(difference(after.get(self) ?? noFields, owners.get(self) ?? noFields));
  const known = managers.get(self);
  return withoutAncient({ managers: new Map(managers).set(self, gained || known === undefined ? by : known), owners: after });
}

/** Nobody owns what the server writes, or what says which object it is. */
const systemFields: FieldSet = setOf([
  ['f:apiVersion'],
  ['f:kind'],
  ['f:metadata'],
  ...[
    'name',
    'namespace',
    'uid',
    'resourceVersion',
    'generation',
    'creationTimestamp',
    'deletionTimestamp',
    'deletionGracePeriodSeconds',
    'selfLink',
    'managedFields',
  ].map((name) => ['f:metadata', `f:${name}`]),
]);

export function withoutSystemFields(owners: Owners, self: string): Owners {
  const set = difference(owners.get(self) ?? noFields, systemFields);
  const next = new Map(owners);
  if (isEmpty(set)) next.delete(self);
  else next.set(self, set);
  return next;
}

/** The part of an object that a write to this target may own. */
export function targetOf(kind: Kind, object: KubeObject, { target }: Pick<Writer, 'target'>): KubeObject {
  const { apiVersion, kind: type, metadata, status, ...rest } = object;
  if (target === 'main' || target === 'finalize') return kind.subresources.status ? { apiVersion, kind: type, metadata, ...rest } : object;
  const identity = { apiVersion, kind: type, metadata: identityIn(metadata) };
  if (target === 'status') return { ...identity, ...(status !== undefined && { status }) };
  const replicas = fieldIn(object.spec, 'replicas');
  return { ...identity, ...(replicas !== undefined && { spec: { replicas } }) };
}

/** What says which object, and which version of it, is meant. */
function identityIn({ name, uid, resourceVersion }: ObjectMeta): ObjectMeta {
  return { name, ...(uid !== undefined && { uid }), ...(resourceVersion !== undefined && { resourceVersion }) };
}

/** Whether the same managers own the same fields, whenever they wrote. */
export const sameOwners = (a: readonly unknown[] | undefined, b: readonly unknown[] | undefined): boolean =>
  sameJson(withoutTimes(a), withoutTimes(b));

function withoutTimes(entries: readonly unknown[] | undefined): unknown {
  const managed = decodeManagedFields(entries ?? []);
  if (managed === undefined) return entries;
  return Object.fromEntries([...managed.owners].map(([identity, fields]) => [identity, toFieldsV1(fields)]));
}
