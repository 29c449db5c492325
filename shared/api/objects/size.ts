import type { Kind } from '../../kinds/define-kind.ts';
import type { KubeObject, ObjectMeta } from '../../kinds/object.ts';
import { invalid } from '../status.ts';
import { givenName } from './object-meta.ts';

/**
 * Bytes of an object as JSON, as a client wants it: what the server adds is not counted. An item of the table takes 400 KB, and
 * an object of this size fits into it even where it does not compress.
 */
export const largestObject = 350 * 1024;

/** Items of all lists of an object. Of 100,000 empty ones each lacks every required field, and each lack costs 3 KB to tell. */
export const mostItems = 10_000;

/**
 * Throws 422. Comes once before all that takes time with every field (a body of 3 MB may have 200,000), and once more for what the
 * object has become: what is stored can be written back.
 */
export function checkSize(kind: Kind, object: KubeObject): void {
  const { managedFields = [], ...own } = object.metadata;
  const bytes = Math.max(bytesOf({ ...object, metadata: withoutSystemFields(own) }), bytesOf(managedFields));
  if (bytes > largestObject) throw tooMuch(kind, object, `may not be more than ${largestObject} bytes, and has ${bytes}`);
  const items = itemsIn(object);
  if (items > mostItems) throw tooMuch(kind, object, `its lists may not have more than ${mostItems} items, and have ${items}`);
}

function tooMuch(kind: Kind, object: KubeObject, what: string) {
  const message = `${what}: make it smaller, or split it into several objects`;
  return invalid(kind, givenName(object), [{ field: '[]', reason: 'FieldValueTooLong', message }]);
}

const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

/** Without what the server has added, and a client sends back. */
function withoutSystemFields(metadata: Omit<ObjectMeta, 'managedFields'>): Partial<ObjectMeta> {
  const {
    namespace: _,
    uid: __,
    resourceVersion: ___,
    generation: ____,
    creationTimestamp: _____,
    deletionTimestamp: ______,
    deletionGracePeriodSeconds: _______,
    ...own
  } = metadata;
  return own;
}

function itemsIn(value: unknown): number {
  if (value === null || typeof value !== 'object') return 0;
  const parts: unknown[] = Array.isArray(value) ? value : Object.values(value);
  let items = Array.isArray(value) ? value.length : 0;
  for (const part of parts) items += itemsIn(part);
  return items;
}
