import type { Log } from '../ports.ts';
import { denied } from './authorize/denied.ts';
import type { ApiOptions, Attributes, Authorize } from './call.ts';

/** Who is known may do everything. */
export const allowAll: Authorize = async () => ({ allowed: true });

/** Throws 403 where it is not allowed; the log says who was told so. */
export async function requireAllowed(
  { authorize = allowAll, log }: Pick<ApiOptions, 'authorize' | 'log'>,
  attributes: Attributes,
): Promise<void> {
  const { allowed, reason } = await authorize(attributes);
  if (allowed) return;
  logDenial(log, attributes);
  throw denied(attributes, reason);
}

/** The line of a denial: who may not do what, and where. */
export function logDenial(log: Log, { user, ...action }: Attributes): void {
  log.info('a request was denied', { user: user.name, impersonator: user.impersonator, ...action, code: 403 });
}
