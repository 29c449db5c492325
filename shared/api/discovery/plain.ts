import { apiVersionOf, type Kind } from '../../kinds/define-kind.ts';
import type { Subresource } from '../call.ts';
import { type GroupVersion, groupVersions, subresourcesOf, verbsOf } from './verbs.ts';

/** Discovery in its older form, one answer per step: `auth can-i`, client-node and the Python client read it. */

export const apiVersions = { kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs: [] } as const;

/** All paths about the API itself, as `kubectl get --raw /` shows them. */
export const rootPaths = (kinds: readonly Kind[]): Record<string, unknown> => ({
  paths: [
    '/api',
    '/apis',
    ...groupVersions(kinds).flatMap((v) => (v.group === '' ? [`/api/${v.version}`] : [`/apis/${v.group}`, `/apis/${apiVersionOf(v)}`])),
    ...['/healthz', '/livez', '/openapi/v2', '/openapi/v3', '/readyz', '/version'],
  ].sort(),
});

export const apiGroupList = (kinds: readonly Kind[]): Record<string, unknown> => ({
  kind: 'APIGroupList',
  apiVersion: 'v1',
  groups: [...new Set(kinds.map((kind) => kind.group))].filter((group) => group !== '').map((group) => describeGroup(kinds, group)),
});

/** Undefined: there is no such group. */
export function apiGroup(kinds: readonly Kind[], group: string): Record<string, unknown> | undefined {
  const exists = group !== '' && kinds.some((kind) => kind.group === group);
  return exists ? { kind: 'APIGroup', apiVersion: 'v1', ...describeGroup(kinds, group) } : undefined;
}

function describeGroup(kinds: readonly Kind[], group: string): Record<string, unknown> {
  const versions = groupVersions(kinds)
    .filter((v) => v.group === group)
    .map(({ version }) => ({ groupVersion: `${group}/${version}`, version }));
  return { name: group, versions, preferredVersion: versions[0] };
}

/** The resources of one group and version. Undefined: there is none such. */
export function apiResourceList(kinds: readonly Kind[], extra: readonly Subresource[], group: string, version: string) {
  const found: GroupVersion | undefined = groupVersions(kinds).find((v) => v.group === group && v.version === version);
  if (found === undefined) return undefined;
  return {
    kind: 'APIResourceList',
    apiVersion: 'v1',
    groupVersion: apiVersionOf(found),
    resources: found.kinds.flatMap((kind) => describe(kind, extra)),
  };
}

function describe(kind: Kind, extra: readonly Subresource[]): Record<string, unknown>[] {
  const namespaced = kind.scope === 'Namespaced';
  return [
    {
      name: kind.plural,
      singularName: kind.singular,
      namespaced,
      kind: kind.kind,
      verbs: verbsOf(kind),
      ...(kind.shortNames.length > 0 && { shortNames: kind.shortNames }),
      ...(kind.categories.length > 0 && { categories: kind.categories }),
    },
    ...subresourcesOf(kind, extra).map(({ name, type, verbs }) => ({
      name: `${kind.plural}/${name}`,
      singularName: '',
      namespaced,
      ...(type.group !== kind.group && { group: type.group, version: type.version }),
      kind: type.kind,
      verbs,
    })),
  ];
}
