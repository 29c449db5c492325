import { describe, expect, it } from '@jest/globals';
import { paths } from '../harness.ts';
import { openGuarded } from './guarded.ts';

const whoami = '/apis/authentication.k8s.io/v1/selfsubjectreviews';
const impersonate = (resource: string, ...resourceNames: string[]) => ({
  verbs: ['impersonate'],
  apiGroups: [''],
  resources: [resource],
  resourceNames,
});
const asAda = { 'impersonate-user': 'ada' };

describe('to act in the name of somebody', () => {
  it.each<[string, object[], Record<string, string>, number, string]>([
    [
      'is refused',
      [],
      asAda,
      403,
      'users "ada" is forbidden: User "bob" cannot impersonate resource "users" in API group "" at the cluster scope',
    ],
    ['takes the right', [impersonate('users', 'ada')], asAda, 201, ''],
    ['is refused for another', [impersonate('users', 'eve')], asAda, 403, 'users "ada" is forbidden'],
    [
      'is refused for a group',
      [impersonate('users')],
      { ...asAda, 'impersonate-group': 'system:masters' },
      403,
      'groups "system:masters" is forbidden',
    ],
    [
      'takes the right to each group',
      [impersonate('users'), impersonate('groups', 'a')],
      { ...asAda, 'impersonate-group': 'a, b' },
      403,
      'groups "b"',
    ],
    ['cannot be for a group alone', [impersonate('groups')], { 'impersonate-group': 'a' }, 400, 'without impersonating a user'],
    [
      'cannot be with more than name and groups',
      [impersonate('users')],
      { ...asAda, 'impersonate-extra-x': 'y' },
      400,
      'impersonate-extra-x cannot be asked for',
    ],
  ])('%s', async (_, rules, headers, code, message) => {
    const { as, grant } = await openGuarded();
    if (rules.length > 0) await grant('bob', ...rules);
    const answer = await as('bob')('POST', whoami, {}, headers);
    expect([answer.code, answer.body.message ?? '']).toEqual([code, expect.stringContaining(message)]);
  });

  it('is to have what they have, and no more', async () => {
    const { as, give, log } = await openGuarded();
    const root = as('root');
    const { body } = await root('POST', whoami, {}, { ...asAda, 'impersonate-group': 'a, b' });
    expect(body.status.userInfo).toEqual({ username: 'ada', groups: ['a', 'b', 'system:authenticated'] });
    expect((await root('GET', paths.machines, undefined, asAda)).code).toBe(403);
    await give('ada', 'view');
    expect((await root('GET', paths.machines, undefined, asAda)).code).toBe(200);
    await root('DELETE', `${paths.machines}/m`, undefined, asAda);
    expect(log.at(-1)).toContain('a request was denied {"user":"ada","impersonator":"root","verb":"delete"');
  });
});
