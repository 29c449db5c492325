import { apiVersionOf, type Kind } from '../../kinds/define-kind.ts';
import { timestamp } from '../../kinds/object.ts';
import type { Call } from '../call.ts';
import type { Manager } from './managed-fields.ts';

/** What a write is directed at. */
export type Target = 'main' | 'status' | 'scale' | 'finalize';

/** Who writes, as managedFields name them. */
export interface Writer {
  readonly manager: string;
  readonly target: Target;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** Characters. */
const longestName = 128;

/** Who sent the request: `fieldManager`, or the first word of the User-Agent. */
export function writerOf({ query, request }: Pick<Call, 'query' | 'request'>, target: Target, now: number): Writer {
  const [agent = ''] = (request.headers.get('user-agent') ?? '').split('/');
  const name = agent.replace(/[^\x20-\x7e]/g, '').slice(0, longestName);
  return { manager: query.get('fieldManager') || name || 'unknown', target, now };
}

export const managerOf = (kind: Kind, operation: Manager['operation'], { manager, target, now }: Writer): Manager => ({
  manager,
  operation,
  apiVersion: apiVersionOf(kind),
  time: timestamp(now),
  ...(target !== 'main' && { subresource: target }),
});
