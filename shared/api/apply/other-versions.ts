import { renamer, sameObjectsIn } from '../../kinds/aliases.ts';
import type { Kind } from '../../kinds/define-kind.ts';
import type { FieldSet } from './field-set.ts';
import { encodeManagedFields, type Managed, type ManagedFieldsEntry } from './managed-fields.ts';

/**
 * Each entry of managedFields names fields as the version has them in which its manager wrote. Who owns what is decided in the version
 * of the request, so that `regarding` of events.k8s.io/v1 and `involvedObject` of v1 are one field with one owner.
 */
export const ownersOf = (kind: Kind, managed: Managed): Managed =>
  renamed(managed, (apiVersion) => fieldNames(sameObjectsIn(kind, apiVersion), kind));

/** As they are stored, after a write in the version of the kind. */
export const encodeOwnersOf = (kind: Kind, managed: Managed): ManagedFieldsEntry[] | undefined =>
  encodeManagedFields(renamed(managed, (apiVersion) => fieldNames(kind, sameObjectsIn(kind, apiVersion))));

type Rename = (element: string) => string;

/** Undefined: they are called the same, or nobody knows that version any more. */
function fieldNames(from: Kind | undefined, to: Kind | undefined): Rename | undefined {
  if (from === undefined || to === undefined || from === to) return undefined;
  const name = renamer(from, to);
  return (element) => (element.startsWith('f:') ? `f:${name(element.slice(2))}` : element);
}

function renamed({ managers, owners }: Managed, renameOf: (apiVersion: string) => Rename | undefined): Managed {
  const translated = [...owners].map(([identity, fields]) => {
    const rename = renameOf(managers.get(identity)?.apiVersion ?? '');
    return [identity, rename === undefined ? fields : renameTop(fields, rename)] as const;
  });
  return { managers, owners: new Map(translated) };
}

const renameTop = ({ members, children }: FieldSet, rename: Rename): FieldSet => ({
  members: new Set([...members].map(rename)),
  children: new Map([...children].map(([element, below]) => [rename(element), below])),
});
