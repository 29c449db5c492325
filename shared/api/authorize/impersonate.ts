import { known } from '../authenticate/bearer.ts';
import type { Attributes, User } from '../call.ts';
import { badRequest } from '../status.ts';

/**
 * In whose name a request is made: `kubectl --as bob --as-group devs`. It takes verb `impersonate` on the user and on each group.
 * Whoever acts as somebody else has what that one has, and no more. `allow` throws 403.
 */
export async function impersonated(headers: Headers, asker: User, allow: (attributes: Attributes) => Promise<void>): Promise<User> {
  const name = headers.get('impersonate-user') ?? '';
  // Headers of one name come joined; each part has to be allowed.
  const groups = (headers.get('impersonate-group') ?? '').split(',').flatMap((group) => group.trim() || []);
  const other = [...headers.keys()].find((header) => header === 'impersonate-uid' || header.startsWith('impersonate-extra-'));
  if (other !== undefined) throw badRequest(`${other} cannot be asked for: a user here has a name and groups, and nothing else`);
  if (name === '' && groups.length === 0) return asker;
  if (name === '') throw badRequest(`requested groups ${JSON.stringify(groups)} without impersonating a user: say Impersonate-User too`);
  const impersonate = { user: asker, verb: 'impersonate', group: '' };
  await allow({ ...impersonate, resource: 'users', name });
  for (const group of groups) await allow({ ...impersonate, resource: 'groups', name: group });
  return { ...known(name, groups), impersonator: asker.name };
}
