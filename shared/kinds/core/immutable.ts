import type { Cause } from '../../errors.ts';
import { canonical } from '../canonical.ts';

/** Once `immutable` is true it stays so, and these fields stay as they are. */
export function immutableCauses<T extends { readonly immutable?: boolean }>(
  before: T,
  after: T,
  fields: readonly (keyof T & string)[],
): Cause[] {
  if (before.immutable !== true) return [];
  const changed = fields.filter((field) => canonical(before[field] ?? {}) !== canonical(after[field] ?? {}));
  return [...(after.immutable === true ? [] : ['immutable']), ...changed].map((field) => ({
    field,
    reason: 'FieldValueForbidden',
    message: 'field is immutable when `immutable` is set',
  }));
}
