import type { Kind } from '../../kinds/define-kind.ts';
import type { Subresource } from '../call.ts';
import { groupVersions, subresourcesOf, verbsOf } from './verbs.ts';

/** Clients compare it as a whole. `version`: v2, or v2beta1 for those of before 1.30; they differ in nothing but that. */
export const aggregatedType = (version: string): string => `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`;

/** Aggregated discovery: everything about all kinds of `/api` or of `/apis` in one answer. */
export function aggregatedDiscovery(kinds: readonly Kind[], extra: readonly Subresource[], version: string): Record<string, unknown> {
  const groups = Map.groupBy(groupVersions(kinds), ({ group }) => group);
  return {
    kind: 'APIGroupDiscoveryList',
    apiVersion: `apidiscovery.k8s.io/${version}`,
    metadata: {},
    items: [...groups].map(([group, versions]) => ({
      metadata: { ...(group !== '' && { name: group }), creationTimestamp: null },
      versions: versions.map((v) => ({
        version: v.version,
        freshness: 'Current',
        resources: v.kinds.map((kind) => describe(kind, extra)),
      })),
    })),
  };
}

function describe(kind: Kind, extra: readonly Subresource[]): Record<string, unknown> {
  const subresources = subresourcesOf(kind, extra);
  return {
    resource: kind.plural,
    responseKind: { group: kind.group, version: kind.version, kind: kind.kind },
    scope: kind.scope,
    singularResource: kind.singular,
    verbs: verbsOf(kind),
    ...(kind.shortNames.length > 0 && { shortNames: kind.shortNames }),
    ...(kind.categories.length > 0 && { categories: kind.categories }),
    ...(subresources.length > 0 && {
      subresources: subresources.map(({ name, type, verbs }) => ({ subresource: name, responseKind: type, verbs })),
    }),
  };
}
