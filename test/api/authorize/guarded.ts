import { createApi } from '../../../shared/api/api.ts';
import { staticTokens } from '../../../shared/api/authenticate/static.ts';
import { ensureDefaultRoles } from '../../../shared/api/authorize/ensure-default-roles.ts';
import { rbac } from '../../../shared/api/authorize/rbac.ts';
import type { Api } from '../../../shared/api/call.ts';
import { generatedFor } from '../../../shared/api/generated.ts';
import { kinds } from '../../../shared/kinds/index.ts';
import { createMemoryStore } from '../../../shared/store/memory.ts';
import { ensureNamespaces } from '../../../shared/store/namespaces.ts';
import type { Store } from '../../../shared/store/store.ts';
import { seededRandom, type VirtualClock, virtualClock } from '../../clock.ts';
import type { Answer } from '../harness.ts';

export interface Guarded {
  readonly api: Api;
  readonly clock: VirtualClock;
  readonly store: Store;
  /** Sentences and fields of the log. */
  readonly log: string[];
  as(user: string): (method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<Answer>;
  /** Gives a ClusterRole to a user: in the namespace, or everywhere. */
  give(user: string, role: string, namespace?: string): Promise<void>;
  /** Makes a ClusterRole of these rules and gives it to the user everywhere. */
  grant(user: string, ...rules: object[]): Promise<void>;
}

const rbacPath = '/apis/rbac.authorization.k8s.io/v1';
export const rbacPaths = {
  clusterRoles: `${rbacPath}/clusterroles`,
  clusterRoleBindings: `${rbacPath}/clusterrolebindings`,
  roles: `${rbacPath}/namespaces/default/roles`,
  roleBindings: `${rbacPath}/namespaces/default/rolebindings`,
};

/** The whole API with RBAC and default roles over the memory store. The token of a user is their name; `root` is a master. */
export async function openGuarded(storeOf: (store: Store) => Store = (store) => store): Promise<Guarded> {
  const clock = virtualClock();
  const random = seededRandom(11);
  const store = storeOf(createMemoryStore({ clock, random }));
  await ensureNamespaces(store);
  await ensureDefaultRoles(store);
  const log: string[] = [];
  const line = (sentence: string, fields?: Record<string, unknown>) => void log.push(`${sentence} ${JSON.stringify(fields)}`);
  const authenticate = staticTokens(
    ['root', 'ada', 'bob'].map((user) => ({ token: user, user, groups: user === 'root' ? ['system:masters'] : ['devs'] })),
  );
  const ports = { clock, random, log: { debug: line, info: line, warn: line, error: line }, authenticate, ...rbac(store, { clock }) };
  const api = createApi({ kinds, store, ...ports, generated: generatedFor(kinds, ports) });

  const as: Guarded['as'] =
    (user) =>
    async (method, path, body, headers = {}) => {
      const response = await api(
        new Request(`https://plane${path}`, {
          method,
          headers: { authorization: `Bearer ${user}`, 'content-type': 'application/json', ...headers },
          ...(body !== undefined && { body: JSON.stringify(body) }),
        }),
      );
      const text = await response.text();
      const isJson = response.headers.get('content-type')?.startsWith('application/json');
      return { code: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
    };

  let made = 0;
  const bind = async (user: string, role: string, namespace: string | undefined): Promise<void> => {
    const path = namespace === undefined ? rbacPaths.clusterRoleBindings : `${rbacPath}/namespaces/${namespace}/rolebindings`;
    const { code, body } = await as('root')('POST', path, {
      metadata: { name: `b-${made++}` },
      subjects: [{ kind: 'User', name: user }],
      roleRef: { kind: 'ClusterRole', name: role },
    });
    if (code !== 201) throw new Error(body.message);
    await clock.advance(5_000);
  };

  return {
    api,
    clock,
    store,
    log,
    as,
    give: bind,
    async grant(user, ...rules) {
      const name = `r-${made++}`;
      await as('root')('POST', rbacPaths.clusterRoles, { metadata: { name }, rules });
      await bind(user, name, undefined);
    },
  };
}
