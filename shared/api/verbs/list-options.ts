import type { Cause } from '../../errors.ts';
import type { ApiOptions } from '../call.ts';
import { flag, invalidOptions } from '../request/query.ts';
import { badRequest, StatusError } from '../status.ts';
import { versionTime } from './continue-token.ts';

/** ms by which clocks of two hosts may differ. */
const skew = 10_000;

/** Refuses what a list may not ask for, in upstream's words. */
export function checkListOptions(query: URLSearchParams, api: ApiOptions): void {
  const match = query.get('resourceVersionMatch') ?? '';
  const version = readVersion(query);
  const causes: Cause[] = [];
  if (query.has('sendInitialEvents'))
    causes.push({ field: 'sendInitialEvents', reason: 'FieldValueForbidden', message: 'sendInitialEvents is forbidden for list' });
  if (match !== '') {
    if (version === undefined)
      causes.push({
        field: 'resourceVersionMatch',
        reason: 'FieldValueForbidden',
        message: 'resourceVersionMatch is forbidden unless resourceVersion is provided',
      });
    if (query.get('continue'))
      causes.push({
        field: 'resourceVersionMatch',
        reason: 'FieldValueForbidden',
        message: 'resourceVersionMatch is forbidden when continue is provided',
      });
    if (match !== 'Exact' && match !== 'NotOlderThan')
      causes.push({
        field: 'resourceVersionMatch',
        reason: 'FieldValueNotSupported',
        message: `"${match}": supported values: "Exact", "NotOlderThan", ""`,
      });
  }
  if (causes.length > 0) throw invalidOptions('ListOptions', causes);
  if (version === undefined) return;
  refuseFuture(version, api);
  // Only the present is kept.
  if (match === 'Exact') throw new StatusError(410, 'Expired', `The resourceVersion for the provided list is too old: ${version}`);
}

/** The resourceVersion parameter; undefined when absent, or 0, which means any. Throws 400. */
export function readVersion(query: URLSearchParams): string | undefined {
  const text = query.get('resourceVersion') ?? '';
  if (!/^\d{0,16}$/.test(text)) throw badRequest(`Invalid value: "${text}": invalid resourceVersion`);
  return text === '' || Number(text) === 0 ? undefined : text;
}

/** 504 for a version that nobody can have been given yet. */
export function refuseFuture(version: string, { store, clock }: Pick<ApiOptions, 'store' | 'clock'>): void {
  if (versionTime(version) <= clock.now() + skew) return;
  throw new StatusError(504, 'Timeout', `Too large resource version: ${version}, current: ${store.version()}`, {
    causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
    retryAfterSeconds: 1,
  });
}

/** What a watch may not ask for. Returns whether it wants the objects that exist first. */
export function checkWatchOptions(query: URLSearchParams): boolean | undefined {
  const initial = flag(query, 'sendInitialEvents');
  const match = query.get('resourceVersionMatch') ?? '';
  const causes: Cause[] = [];
  if (initial === undefined && match !== '')
    causes.push({
      field: 'resourceVersionMatch',
      reason: 'FieldValueForbidden',
      message: 'resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided',
    });
  if (initial !== undefined && match !== 'NotOlderThan')
    causes.push({
      field: 'resourceVersionMatch',
      reason: 'FieldValueForbidden',
      message: 'sendInitialEvents requires setting resourceVersionMatch to NotOlderThan',
    });
  if (causes.length > 0) throw invalidOptions('ListOptions', causes);
  return initial;
}
