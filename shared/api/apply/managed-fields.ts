import { isRecord } from '../objects/decode.ts';
import type { FieldSet } from './field-set.ts';
import { union } from './field-set.ts';
import { type FieldsV1, fromFieldsV1, toFieldsV1 } from './fields-v1.ts';
import type { Owners } from './ownership.ts';

/** One entry of `metadata.managedFields`: who wrote, how, and which fields are theirs since. */
export interface ManagedFieldsEntry {
  readonly manager: string;
  readonly operation: 'Apply' | 'Update';
  readonly apiVersion: string;
  /** RFC 3339; when the entry last gained fields, or was last applied. */
  readonly time?: string;
  readonly fieldsType: 'FieldsV1';
  readonly fieldsV1: FieldsV1;
  readonly subresource?: string;
}

/** An entry without its fields. */
export type Manager = Omit<ManagedFieldsEntry, 'fieldsType' | 'fieldsV1'>;

/** The managers of an object, by identity, and what each owns. */
export interface Managed {
  readonly managers: ReadonlyMap<string, Manager>;
  readonly owners: Owners;
}

export const nobody: Managed = { managers: new Map(), owners: new Map() };

/** Who applies stays the same when the API's version changes; who updates does not. */
export const identityOf = ({ manager, operation, apiVersion, subresource = '' }: Manager): string =>
  JSON.stringify([operation, manager, subresource, operation === 'Update' ? apiVersion : '']);

/** Undefined: these are no managedFields. */
export function decodeManagedFields(value: unknown): Managed | undefined {
  if (!Array.isArray(value)) return undefined;
  const managers = new Map<string, Manager>();
  const owners = new Map<string, FieldSet>();
  for (const entry of value) {
    const manager = managerOf(entry);
    const fields = isRecord(entry) ? fromFieldsV1(entry.fieldsV1 ?? {}) : undefined;
    if (manager === undefined || fields === undefined) return undefined;
    const identity = identityOf(manager);
    const former = owners.get(identity);
    managers.set(identity, manager);
    owners.set(identity, former === undefined ? fields : union(former, fields));
  }
  return { managers, owners };
}

function managerOf(entry: unknown): Manager | undefined {
  if (!isRecord(entry) || (entry.fieldsType ?? 'FieldsV1') !== 'FieldsV1') return undefined;
  const { manager = '', operation, apiVersion, time, subresource = '' } = entry;
  if (operation !== 'Apply' && operation !== 'Update') return undefined;
  if (typeof manager !== 'string' || typeof apiVersion !== 'string' || typeof subresource !== 'string') return undefined;
  return { manager, operation, apiVersion, ...(typeof time === 'string' && { time }), ...(subresource !== '' && { subresource }) };
}

/** Whether a client asks that nobody shall own anything: with `[]`, or with one empty entry. */
export const isReset = (value: unknown): boolean =>
  Array.isArray(value) && (value.length === 0 || (value.length === 1 && isRecord(value[0]) && Object.keys(value[0]).length === 0));

/** As they are stored: appliers first, then by time and name. Undefined: there are none. */
export function encodeManagedFields({ managers, owners }: Managed): ManagedFieldsEntry[] | undefined {
  const entries = [...owners].flatMap(([identity, fields]) => {
    const manager = managers.get(identity);
    return manager === undefined ? [] : [entryOf(manager, fields)];
  });
  return entries.length === 0 ? undefined : entries.sort((a, b) => (rank(a) < rank(b) ? -1 : 1));
}

function entryOf({ subresource, ...manager }: Manager, fields: FieldSet): ManagedFieldsEntry {
  return { ...manager, fieldsType: 'FieldsV1', fieldsV1: toFieldsV1(fields), ...(subresource !== undefined && { subresource }) };
}

const rank = ({ operation, time = '', manager, apiVersion, subresource = '' }: ManagedFieldsEntry): string =>
  [operation, time, manager, apiVersion, subresource].join('\n');

/** Entries of updates; above that, the oldest become one. */
const mostUpdates = 10;
const ancient = 'ancient-changes';

/** With as many entries as are kept. */
export function withoutAncient({ managers, owners }: Managed): Managed {
  const updates = [...owners.keys()]
    .map((identity) => ({ identity, ...managers.get(identity)! }))
    .filter(({ operation }) => operation === 'Update')
    .sort((a, b) => ((a.time ?? '') < (b.time ?? '') ? -1 : 1));
  if (updates.length <= mostUpdates) return { managers, owners };
  const old = updates.slice(0, updates.length - mostUpdates + 1);
  const last = old.at(-1)!;
  const { apiVersion, time } = last;
  const bucket: Manager = { manager: ancient, operation: 'Update', apiVersion, ...(time !== undefined && { time }) };
  const gone = new Set(old.map(({ identity }) => identity));
  const fields = old.map(({ identity }) => owners.get(identity)!).reduce(union);
  const kept = [...owners].filter(([identity]) => !gone.has(identity));
  return {
    managers: new Map(managers).set(identityOf(bucket), bucket),
    owners: new Map([...kept, [identityOf(bucket), fields]]),
  };
}
