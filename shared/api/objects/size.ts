import type { Kind } from '../../kinds/define-kind.ts';
import type { KubeObject } from '../../kinds/object.ts';
import { invalid } from '../status.ts';
import { givenName } from './object-meta.ts';

/**
 * Bytes of an object as JSON, as a client wants it: what the server adds is not counted. An item of the table takes 400 KB, and
 * an object of this size fits into it even where it does not compress.
 */
export const largestObject = 350 * 1024;

/** Items of all lists of an object. Of 100,000 empty ones each lacks every required field, and each lack costs 3 KB to tell. */
export const mostItems = 10_000;

/** Throws 422. Comes before all that takes time with every field: a body of 3 MB may have 200,000. */
export function checkSize(kind: Kind, object: KubeObject): void {
  const bytes = Buffer.byteLength(JSON.stringify(object));
  if (bytes > largestObject) throw tooMuch(kind, object, `may not be more than ${largestObject} bytes, and has ${bytes}`);
  const items = itemsIn(object);
  if (items > mostItems) throw tooMuch(kind, object, `its lists may not have more than ${mostItems} items, and have ${items}`);
}

function tooMuch(kind: Kind, object: KubeObject, what: string) {
  const message = `${what}: make it smaller, or split it into several objects`;
  return invalid(kind, givenName(object), [{ field: '[]', reason: 'FieldValueTooLong', message }]);
}

function itemsIn(value: unknown): number {
  if (value === null || typeof value !== 'object') return 0;
  const parts: unknown[] = Array.isArray(value) ? value : Object.values(value);
  let items = Array.isArray(value) ? value.length : 0;
  for (const part of parts) items += itemsIn(part);
  return items;
}
