import type { ObjectName } from '../../kinds/object.ts';
import { badRequest, StatusError } from '../status.ts';

/** Where a list goes on. */
export interface Continuation {
  /** The first page's version: every page reports it, so that a watch from it repairs what changed between pages. */
  readonly resourceVersion: string;
  readonly after: ObjectName;
}

/** ms. As long as tombstones are kept: a watch from an older version would be refused. */
export const lifetime = 60 * 60 * 1000;

export const encodeToken = ({ resourceVersion, after }: Continuation): string =>
  Buffer.from(JSON.stringify({ v: 1, rv: resourceVersion, ns: after.namespace, name: after.name })).toString('base64url');

/** Throws 400 for what is no token, 410 for one that is too old. */
export function decodeToken(token: string, now: number): Continuation {
  const { v, rv, ns, name } = parse(token);
  if (v !== 1 || typeof rv !== 'string' || !/^\d{1,16}$/.test(rv) || typeof ns !== 'string' || typeof name !== 'string')
    throw badRequest('continue key is not valid');
  if (versionTime(rv) < now - lifetime)
    throw new StatusError(
      410,
      'Expired',
      'The provided continue parameter is too old to display a consistent list result. You must start a new list without the continue parameter.',
    );
  return { resourceVersion: rv, after: { namespace: ns, name } };
}

function parse(token: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(Buffer.from(token, 'base64url').toString());
    return value !== null && typeof value === 'object' ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

/** ms since 1970 at which a version was given: the store's versions are milliseconds * 4096 + a counter. */
export const versionTime = (resourceVersion: string): number => Math.floor(Number(resourceVersion) / 4096);

/** The first version of a time, in ms since 1970. */
export const versionAt = (time: number): string => String(time * 4096);
