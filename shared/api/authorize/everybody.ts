import type { PolicyRule } from '../../kinds/rbac/policy-rule.ts';

/** What everybody who is known may do: see what the API is, and ask who they are and what they may. No role can take it away. */
export const everybody: readonly PolicyRule[] = [
  { verbs: ['create'], apiGroups: ['authentication.k8s.io'], resources: ['selfsubjectreviews'] },
  { verbs: ['create'], apiGroups: ['authorization.k8s.io'], resources: ['selfsubjectaccessreviews', 'selfsubjectrulesreviews'] },
  {
    verbs: ['get'],
    nonResourceURLs: [
      ...['/api', '/api/*', '/apis', '/apis/*', '/openapi', '/openapi/*', '/version'],
      ...['/healthz', '/healthz/*', '/livez', '/livez/*', '/readyz', '/readyz/*'],
    ],
  },
];

/** Everything, as cluster-admin has it. */
export const everything: readonly PolicyRule[] = [
  { verbs: ['*'], apiGroups: ['*'], resources: ['*'] },
  { verbs: ['*'], nonResourceURLs: ['*'] },
];
