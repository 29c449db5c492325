import { createHash } from 'node:crypto';
import type { CustomResourceDefinition } from '../../kinds/apiextensions/custom-resource-definition.ts';
import { canonical } from '../../kinds/canonical.ts';
import type { Column, Kind } from '../../kinds/define-kind.ts';
import { timestamp } from '../../kinds/object.ts';
import { schemaOf } from '../objects/schema.ts';
import { resourceName } from '../status.ts';
import { structural } from './structural.ts';

/** Nobody can say when: as builds that can be repeated say it. */
const always = timestamp(0);

/** A kind that is not Kubernetes' own, as its CustomResourceDefinition. The same kind always gives the same one. */
export function definitionOf(kind: Kind): CustomResourceDefinition {
  const names = {
    plural: kind.plural,
    singular: kind.singular,
    kind: kind.kind,
    listKind: `${kind.kind}List`,
    ...(kind.shortNames.length > 0 && { shortNames: [...kind.shortNames] }),
    ...(kind.categories.length > 0 && { categories: [...kind.categories] }),
  };
  const content = {
    spec: { group: kind.group, names, scope: kind.scope, versions: [versionOf(kind)], conversion: { strategy: 'None' } },
    status: {
      acceptedNames: names,
      conditions: [
        holds('NamesAccepted', 'NoConflicts', 'no conflicts found'),
        holds('Established', 'InitialNamesAccepted', 'the initial names have been accepted'),
      ],
      storedVersions: [kind.version],
    },
  };
  const name = resourceName(kind);
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name, uid: uidOf(name), resourceVersion: versionOfContent(content), generation: 1, creationTimestamp: always },
    ...content,
  };
}

function versionOf(kind: Kind): CustomResourceDefinition['spec']['versions'][number] {
  const document = schemaOf(kind);
  const { properties, ...root } = structural(document.root, document);
  const columns = kind.columns.flatMap(columnOf);
  const { status, scale } = kind.subresources;
  return {
    name: kind.version,
    served: true,
    storage: true,
    schema: { openAPIV3Schema: { ...root, properties: { ...(properties as object), metadata: { type: 'object' } } } },
    ...((status || scale) && { subresources: { ...(status && { status: {} }), ...(scale && { scale: scalePaths }) } }),
    ...(columns.length > 0 && { additionalPrinterColumns: columns }),
  };
}

const scalePaths = {
  specReplicasPath: '.spec.replicas',
  statusReplicasPath: '.status.replicas',
  labelSelectorPath: '.status.labelSelector',
};

/** What is computed, not found in the object, has no place in a definition. */
const columnOf = ({ name, type, description, priority, jsonPath }: Column<never>) =>
  jsonPath === undefined ? [] : [{ name, type, description, ...(priority && { priority }), jsonPath }];

const holds = (type: string, reason: string, message: string) => ({
  type,
  status: 'True' as const,
  reason,
  message,
  lastTransitionTime: always,
});

const digest = (text: string): string => createHash('sha256').update(text).digest('hex');

/** A uuid of version 8, which is anybody's own way to make one. */
function uidOf(name: string): string {
  const hex = digest(name);
  return [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join('-');
}

/** Ten digits of its hash: as a time it is in the first days of 1970, so that whoever goes on from it reads everything again. */
const versionOfContent = (content: unknown): string => String(1 + Number.parseInt(digest(canonical(content)).slice(0, 10), 16));
