import { mostCauses, StatusError } from '../status.ts';
import { printPath } from './elements.ts';
import type { Manager } from './managed-fields.ts';
import type { OwnerConflict } from './ownership.ts';

/** 409, in the words that kubectl and controllers look for: who owns what would change. Of very many, the first are named. */
export function applyConflict(conflicts: readonly OwnerConflict[], managers: ReadonlyMap<string, Manager>): StatusError {
  const found = conflicts
    .slice(0, mostCauses)
    .map(({ manager, path }) => ({ owner: ownerName(managers.get(manager)), field: printPath(path) }));
  const causes = found.map(({ owner, field }) => ({ reason: 'FieldManagerConflict', message: `conflict with ${owner}`, field }));
  return new StatusError(409, 'Conflict', sentence(found, conflicts.length), { causes });
}

function sentence(found: readonly { owner: string; field: string }[], count: number): string {
  const [first] = found;
  if (count === 1 && first !== undefined) return `Apply failed with 1 conflict: conflict with ${first.owner}: ${first.field}`;
  const byOwner = Map.groupBy(found, ({ owner }) => owner);
  const parts = [...byOwner].sort(([a], [b]) => (a < b ? -1 : 1));
  const lines = parts.flatMap(([owner, fields]) => [`conflicts with ${owner}:`, ...fields.map(({ field }) => `- ${field}`)]);
  return `Apply failed with ${count} conflicts: ${lines.join('\n')}`;
}

/** `"ui" using cluster.k8s.io/v1alpha1`; of who applied, only the name. */
function ownerName(manager: Manager | undefined): string {
  const { manager: name = '', operation, apiVersion, subresource } = manager ?? {};
  const where = subresource === undefined ? '' : ` with subresource ${JSON.stringify(subresource)}`;
  return `${JSON.stringify(name)}${where}${operation === 'Update' ? ` using ${apiVersion}` : ''}`;
}
