import type { Kind } from '../../kinds/define-kind.ts';
import { componentPrefix, schemaName } from '../objects/schema.ts';
import { patchTypes } from '../patch/patch.ts';
import { verbsOf } from './verbs.ts';

/**
 * The paths of a kind in OpenAPI. kubectl finds out from them what it may send: which patch types, and that
 * `fieldValidation` is ours to do. Without them neither apply nor explain works.
 */
export function pathsOf(kind: Kind, groupVersion: string): Record<string, unknown> {
  const may = new Set(verbsOf(kind));
  const namespaced = kind.scope === 'Namespaced';
  const collection = `/${groupVersion}${namespaced ? '/namespaces/{namespace}' : ''}/${kind.plural}`;
  const item = `${collection}/{name}`;
  const place = [...(namespaced ? [inPath('namespace', 'Namespace of the object.')] : [])];
  const named = [...place, inPath('name', `Name of the ${kind.kind}.`)];
  const subresources = [...(kind.subresources.status ? ['status'] : []), ...(kind.subresources.scale ? ['scale'] : [])];
  return {
    ...(namespaced &&
      may.has('list') && {
        [`/${groupVersion}/${kind.plural}`]: { get: operation(kind, 'list', 'List in all namespaces', listParameters) },
      }),
    [collection]: {
      parameters: place,
      ...(may.has('list') && { get: operation(kind, 'list', 'List or watch', listParameters) }),
      ...(may.has('create') && {
        post: {
          ...operation(kind, 'post', 'Create', writeParameters),
          requestBody: bodyOf(kind, ['application/json', 'application/yaml']),
        },
      }),
      ...(may.has('deletecollection') && { delete: operation(kind, 'deletecollection', 'Delete all', listParameters) }),
    },
    ...(may.has('get') && {
      [item]: {
        parameters: named,
        ...itemOperations(kind),
        ...(may.has('delete') && { delete: operation(kind, 'delete', 'Delete', deleteParameters) }),
      },
    }),
    ...Object.fromEntries(subresources.map((name) => [`${item}/${name}`, { parameters: named, ...itemOperations(kind) }])),
  };
}

const itemOperations = (kind: Kind): Record<string, unknown> => ({
  get: operation(kind, 'get', 'Read', []),
  ...(verbsOf(kind).includes('update') && {
    put: { ...operation(kind, 'put', 'Replace', writeParameters), requestBody: bodyOf(kind, ['application/json', 'application/yaml']) },
    patch: { ...operation(kind, 'patch', 'Patch', patchParameters), requestBody: patchBody(kind) },
  }),
});

function operation(kind: Kind, action: string, verb: string, parameters: readonly unknown[]): Record<string, unknown> {
  const { group, version } = kind;
  return {
    description: `${verb}: ${kind.kind}.`,
    parameters,
    responses: { 200: { description: 'OK', content: { 'application/json': { schema: reference(kind) } } } },
    'x-kubernetes-action': action,
    'x-kubernetes-group-version-kind': { group, version, kind: kind.kind },
  };
}

const reference = (kind: Kind): Record<string, unknown> => ({ $ref: componentPrefix + schemaName(kind) });

const bodyOf = (kind: Kind, types: readonly string[]): Record<string, unknown> => ({
  required: true,
  content: Object.fromEntries(types.map((type) => [type, { schema: reference(kind) }])),
});

const patchBody = (kind: Kind): Record<string, unknown> => ({
  required: true,
  content: Object.fromEntries(patchTypes(kind).map((type) => [type, { schema: { type: 'object' } }])),
});

const inPath = (name: string, description: string) => ({ name, in: 'path', description, required: true, schema: { type: 'string' } });

const inQuery = (name: string, description: string, type = 'string') => ({ name, in: 'query', description, schema: { type } });

const dryRun = inQuery('dryRun', 'All: everything but the write.');

const writeParameters = [
  dryRun,
  inQuery('fieldManager', 'Who writes.'),
  inQuery('fieldValidation', 'What becomes of unknown and duplicate fields: Strict, Warn or Ignore.'),
];

const patchParameters = [...writeParameters, inQuery('force', 'Apply also what others own, and take it over.', 'boolean')];

const deleteParameters = [dryRun, inQuery('propagationPolicy', 'What becomes of dependents: Foreground, Background or Orphan.')];

const listParameters = [
  inQuery('labelSelector', 'Selects by labels.'),
  inQuery('fieldSelector', 'Selects by fields.'),
  inQuery('limit', 'Objects per page.', 'integer'),
  inQuery('continue', 'Where the list goes on.'),
  inQuery('resourceVersion', 'The version to start from.'),
  inQuery('resourceVersionMatch', 'How resourceVersion is meant.'),
  inQuery('watch', 'Stream changes.', 'boolean'),
  inQuery('allowWatchBookmarks', 'Send bookmarks.', 'boolean'),
  inQuery('sendInitialEvents', 'Begin a watch with the objects that exist.', 'boolean'),
  inQuery('timeoutSeconds', 'End the watch after so long.', 'integer'),
];
