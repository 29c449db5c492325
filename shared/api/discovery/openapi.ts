import { apiVersionOf, type Kind } from '../../kinds/define-kind.ts';
import { componentPrefix, type Schema, schemaName, schemaOf } from '../objects/schema.ts';
import { pathsOf } from './openapi-paths.ts';
import { hashOf } from './tagged.ts';
import { type GroupVersion, groupVersions, verbsOf } from './verbs.ts';

/** OpenAPI v3: one document per group and version, made from the kinds' schemas. Text, since its hash names it. */

export interface OpenApi {
  /** The list of documents, as JSON. `prefix`: what clients must put before the paths of this API. */
  indexAt(prefix: string): string;
  /** The document of `api/v1` or `apis/G/V`, as JSON, and its hash. */
  readonly documents: ReadonlyMap<string, { readonly text: string; readonly hash: string }>;
}

export function openApiOf(kinds: readonly Kind[]): OpenApi {
  const documents = new Map(
    groupVersions(kinds).map((v) => {
      const text = JSON.stringify(documentOf(v));
      return [pathOf(v), { text, hash: hashOf(text) }] as const;
    }),
  );
  return {
    documents,
    indexAt(prefix) {
      const listed = [...documents].map(([path, { hash }]) => [path, { serverRelativeURL: `${prefix}/openapi/v3/${path}?hash=${hash}` }]);
      return JSON.stringify({ paths: Object.fromEntries(listed) });
    },
  };
}

const pathOf = ({ group, version }: GroupVersion): string => (group === '' ? `api/${version}` : `apis/${group}/${version}`);

function documentOf({ group, version, kinds }: GroupVersion): Record<string, unknown> {
  return {
    openapi: '3.0.0',
    info: { title: 'Kubernetes', version: 'v1' },
    paths: Object.assign({}, ...kinds.map((kind) => pathsOf(kind, pathOf({ group, version, kinds })))),
    components: { schemas: Object.assign({}, ...kinds.map(schemasOf)) },
  };
}

function schemasOf(kind: Kind): Record<string, unknown> {
  const { root, components } = schemaOf(kind);
  const type = { group: kind.group, version: kind.version, kind: kind.kind };
  const list: Schema = {
    type: 'object',
    description: `A list of objects of kind ${kind.kind}.`,
    required: ['items'],
    properties: {
      apiVersion: { type: 'string', description: `Always ${apiVersionOf(kind)}.` },
      kind: { type: 'string', description: `Always ${kind.kind}List.` },
      metadata: { type: 'object', description: 'Version of the list, and where it goes on.' },
      items: { type: 'array', description: 'The objects.', items: { $ref: componentPrefix + schemaName(kind) } },
    },
  };
  return {
    ...components,
    [schemaName(kind)]: { ...root, 'x-kubernetes-group-version-kind': [type] },
    ...(verbsOf(kind).includes('list') && {
      [`${schemaName(kind)}List`]: { ...list, 'x-kubernetes-group-version-kind': [{ ...type, kind: `${kind.kind}List` }] },
    }),
  };
}
