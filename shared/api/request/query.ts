import type { Cause } from '../../errors.ts';
import { badRequest, mostCauses, StatusError, wordCause } from '../status.ts';

/** Query parameters that mean the same on every resource. */

const yes = new Set(['1', 't', 'T', 'true', 'TRUE', 'True']);
const no = new Set(['0', 'f', 'F', 'false', 'FALSE', 'False', '']);

/** A boolean as Go's ParseBool reads it: the Python client writes `watch=True`. */
export function flag(query: URLSearchParams, name: string): boolean | undefined {
  const text = query.get(name);
  if (text === null) return undefined;
  if (yes.has(text)) return true;
  if (no.has(text)) return false;
  throw badRequest(`invalid value "${text}" of the query parameter ${name}: write true or false`);
}

/** A whole number that is not negative; undefined when absent or empty. */
export function count(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null || text === '') return undefined;
  if (!/^\d{1,15}$/.test(text)) throw badRequest(`invalid value "${text}" of the query parameter ${name}: write a whole number`);
  return Number(text);
}

export type FieldValidation = 'Strict' | 'Warn' | 'Ignore';

export interface WriteOptions {
  readonly dryRun: boolean;
  readonly fieldValidation: FieldValidation;
}

/** What every write may be told. Unknown values are refused: a misspelt dry run must not write. */
export function writeOptions(query: URLSearchParams, action: 'Create' | 'Update' | 'Patch' | 'Delete'): WriteOptions {
  const causes: Cause[] = [];
  const dryRun = query.getAll('dryRun').filter((value) => value !== '');
  causes.push(...dryRunCauses(dryRun));
  const fieldValidation = query.get('fieldValidation') || 'Warn';
  if (!isFieldValidation(fieldValidation))
    causes.push({
      field: 'fieldValidation',
      reason: 'FieldValueNotSupported',
      message: `"${fieldValidation}": supported values: "Ignore", "Strict", "Warn"`,
    });
  const manager = query.get('fieldManager') ?? '';
  if (manager.length > 128 || /[^\x20-\x7e\u00a1-\uffff]/.test(manager))
    causes.push({ field: 'fieldManager', message: 'write at most 128 printable characters' });
  if (causes.length > 0) throw invalidOptions(`${action}Options`, causes);
  return { dryRun: dryRun.length > 0, fieldValidation: fieldValidation as FieldValidation };
}

export const dryRunCauses = (values: readonly string[]): Cause[] =>
  [...new Set(values)]
    .filter((value) => value !== 'All')
    .map((value) => ({ field: 'dryRun', reason: 'FieldValueNotSupported', message: `"${value}": supported values: "All"` }));

const isFieldValidation = (text: string): text is FieldValidation => text === 'Strict' || text === 'Warn' || text === 'Ignore';

/** 422 for options rather than for an object. */
export function invalidOptions(kind: string, causes: readonly Cause[]): StatusError {
  const told = causes.slice(0, mostCauses).map(wordCause);
  const sentences = told.map((cause) => `${cause.field}: ${cause.message}`);
  return new StatusError(422, 'Invalid', `${kind}.meta.k8s.io "" is invalid: ${sentences.join(', ')}`, {
    group: 'meta.k8s.io',
    kind,
    causes: told,
  });
}
