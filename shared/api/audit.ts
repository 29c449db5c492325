import type { Log } from '../ports.ts';
import type { Call, Noted, Verb } from './call.ts';
import type { ResourcePath } from './request/route.ts';
import { toStatusError } from './status.ts';

/** Who writes what, as far as the request's path and query say. */
export interface Asked {
  readonly call: Pick<Call, 'user' | 'query'>;
  readonly path: ResourcePath;
  readonly verb: Verb;
}

/**
 * Carries a write out, and leaves one line in the log: who, what, with which result; when is the log's to say. Never the body. What
 * the path does not tell (the name of a new object) the write itself notes on its way.
 */
export async function audited(log: Log, asked: Asked, write: (note: Call['note']) => Promise<Response>): Promise<Response> {
  let line: Noted = written(asked);
  const note = (what: Noted): void => {
    line = { ...line, ...what };
  };
  try {
    const response = await write(note);
    log.info('a write was answered', { ...line, code: response.status });
    return response;
  } catch (error) {
    log.info('a write was refused', { ...line, code: toStatusError(error)?.code ?? 500 });
    throw error;
  }
}

function written({ call: { user, query }, path: { group, resource, subresource, namespace, name }, verb }: Asked) {
  const dryRun = query.getAll('dryRun').some((value) => value !== '') || undefined;
  const who = { user: user.name, impersonator: user.impersonator };
  return { ...who, verb, resource, subresource, group, namespace, name, objects: undefined, dryRun };
}

/** What the log says of the name in a body that may be unsound: no valid one is longer. */
export function namedIn(body: unknown): Noted {
  const { metadata } = (body ?? {}) as { readonly metadata?: { readonly name?: unknown } | null };
  const name = metadata?.name;
  return typeof name === 'string' && name !== '' ? { name: name.slice(0, 253) } : {};
}
