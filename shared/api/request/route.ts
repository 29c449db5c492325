import type { Verb } from '../../kinds/define-kind.ts';
import { badRequest } from '../status.ts';

/** The part of a path that names objects. */
export interface ResourcePath {
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly subresource?: string;
}

/**
 * Reads `/api/v1/...` and `/apis/G/V/...`. Undefined: the path names no resource (discovery, health, or nothing).
 * `/api/v1/namespaces/x` is the Namespace x itself, and so are its `status` and `finalize`.
 */
export function parsePath(pathname: string): ResourcePath | undefined {
  const parts = segmentsOf(pathname);
  const [root, ...afterRoot] = parts;
  if (root !== 'api' && root !== 'apis') return undefined;
  const group = root === 'api' ? '' : afterRoot.shift();
  const version = afterRoot.shift();
  if (group === undefined || version === undefined || afterRoot.length === 0) return undefined;
  return { group, version, ...readResource(group, afterRoot) };
}

function readResource(group: string, parts: string[]): Omit<ResourcePath, 'group' | 'version'> {
  const [first, second, third] = parts;
  const isNamespaceItself = group === '' && (third === undefined || third === 'status' || third === 'finalize');
  if (first === 'namespaces' && second !== undefined && !(isNamespaceItself && parts.length <= 3))
    return { namespace: second, ...readItem(parts.slice(2)) };
  return readItem(parts);
}

function readItem([resource, name, ...subresource]: string[]): Pick<ResourcePath, 'resource' | 'name' | 'subresource'> {
  return {
    resource: resource ?? '',
    ...(name !== undefined && { name }),
    ...(subresource.length > 0 && { subresource: subresource.join('/') }),
  };
}

function segmentsOf(pathname: string): string[] {
  try {
    return pathname
      .split('/')
      .filter((part) => part !== '')
      .map(decodeURIComponent);
  } catch {
    throw badRequest('the path has a percent sign that encodes nothing');
  }
}

/** What the method means here. Undefined: nothing. */
export function verbOf(method: string, path: ResourcePath, watch: boolean): Verb | undefined {
  const item = path.name !== undefined;
  switch (method) {
    case 'GET':
      return watch && path.subresource === undefined ? 'watch' : item ? 'get' : 'list';
    case 'POST':
      return item && path.subresource === undefined ? undefined : 'create';
    case 'PUT':
      return item ? 'update' : undefined;
    case 'PATCH':
      return item ? 'patch' : undefined;
    case 'DELETE':
      return item ? 'delete' : 'deletecollection';
    default:
      return undefined;
  }
}
