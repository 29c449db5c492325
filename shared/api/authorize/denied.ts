import type { Attributes } from '../call.ts';
import { forbidden, resourceName, type StatusError } from '../status.ts';

/** Says who may not do what, where, in Kubernetes' words. */
export function denied(attributes: Attributes, reason: string | undefined): StatusError {
  const because = reason === undefined ? '' : `: ${reason}`;
  const { user, verb } = attributes;
  if ('path' in attributes) return forbidden(`forbidden: User "${user.name}" cannot ${verb} path "${attributes.path}"${because}`, {});
  const { group, resource, subresource, namespace, name } = attributes;
  const what = resourceName({ group, plural: resource, kind: '' });
  const where = namespace === undefined ? 'at the cluster scope' : `in the namespace "${namespace}"`;
  const path = subresource === undefined ? resource : `${resource}/${subresource}`;
  return forbidden(
    `${what}${name === undefined ? '' : ` "${name}"`} is forbidden: User "${user.name}" cannot ${verb} resource "${path}" in API group "${group}" ${where}${because}`,
    { ...(name !== undefined && { name }), ...(group !== '' && { group }), kind: resource },
  );
}
