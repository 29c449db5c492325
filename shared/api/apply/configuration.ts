import type { Kind } from '../../kinds/define-kind.ts';
import type { KubeObject } from '../../kinds/object.ts';
import { asObject } from '../objects/decode.ts';
import { applyConflict } from './conflicts.ts';
import { withLastApplied, withoutLastApplied } from './last-applied.ts';
import { decodeManagedFields, identityOf, type Managed, type ManagedFieldsEntry, type Manager, nobody } from './managed-fields.ts';
import { encodeOwnersOf, ownersOf } from './other-versions.ts';
import { apply, type Owners } from './ownership.ts';
import { objectShape, targetOf, update, withoutSystemFields } from './record-update.ts';
import { managerOf, type Writer } from './writer.ts';

/** Owns all that was there before the first apply, of an object of which nothing is recorded. */
const former = 'before-first-apply';

export interface AppliedObject {
  readonly object: KubeObject;
  /** Undefined: nobody owns anything. */
  readonly managedFields: ManagedFieldsEntry[] | undefined;
}

/**
 * The live object with a configuration applied to it, and the managedFields that it has then. Without a live
 * object, the object to create. Throws 409 for fields that others own, unless it is forced.
 */
export function applyConfiguration(
  kind: Kind,
  live: KubeObject | undefined,
  configuration: KubeObject,
  writer: Writer,
  force: boolean,
): AppliedObject {
  const self = managerOf(kind, 'Apply', writer);
  const managed = live === undefined ? nobody : managedBefore(kind, live, writer);
  const { object, owners } = applyAs(self, kind, live, targetOf(kind, configuration, writer), managed, force);
  const managers = new Map(managed.managers).set(identityOf(self), self);
  const managedFields = encodeOwnersOf(kind, { managers, owners: withoutSystemFields(owners, identityOf(self)) });
  return { object: withLastApplied(object, configuration, self), managedFields };
}

function managedBefore(kind: Kind, live: KubeObject, writer: Writer): Managed {
  const managed = ownersOf(kind, decodeManagedFields(live.metadata.managedFields) ?? nobody);
  if (managed.owners.size > 0) return managed;
  return update(kind, nobody, {}, targetOf(kind, live, writer), managerOf(kind, 'Update', { ...writer, manager: former }));
}

function applyAs(
  self: Manager,
  kind: Kind,
  live: KubeObject | undefined,
  configuration: KubeObject,
  { managers, owners }: Managed,
  force: boolean,
): { object: KubeObject; owners: Owners } {
  const shape = objectShape(kind);
  const result = apply(live ?? {}, configuration, owners, identityOf(self), force, shape);
  if (result.conflicts === undefined) return { object: asObject(kind, result.object as KubeObject), owners: result.owners };
  const left = live === undefined ? result.conflicts : withoutLastApplied(result.conflicts, kind, live, self, shape);
  if (left.length > 0) throw applyConflict(left, managers);
  return applyAs(self, kind, live, configuration, { managers, owners }, true);
}
