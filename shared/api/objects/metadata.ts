import type { Cause } from '../../errors.ts';
import { isBuiltIn } from '../../kinds/built-in.ts';
import type { Kind } from '../../kinds/define-kind.ts';
import type { KubeObject, ObjectMeta } from '../../kinds/object.ts';
import { shown } from './causes.ts';

/** What the texts in metadata may be. The rules and most of the words are Kubernetes' own. */

const label = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const subdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const word = /^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/;

/** Bytes of all annotations of an object. */
const largestAnnotations = 256 * 1024;

export function metadataCauses(kind: Kind, object: KubeObject): Cause[] {
  const { metadata } = object;
  return [
    ...nameCauses(kind, metadata),
    ...labelCauses(metadata.labels ?? {}),
    ...annotationCauses(metadata.annotations ?? {}),
    ...ownerCauses(metadata),
    ...finalizerCauses(metadata.finalizers ?? []),
  ];
}

/**
 * Names of our own kinds become names in clouds and of Nodes, so they are DNS labels; so are namespaces. Other kinds of
 * Kubernetes may be subdomains, as upstream.
 */
function nameCauses(kind: Kind, { name, namespace }: ObjectMeta): Cause[] {
  const short = !isBuiltIn(kind) || kind.kind === 'Namespace';
  const causes: Cause[] = [];
  if (name === undefined || name === '')
    causes.push({ field: 'metadata.name', reason: 'FieldValueRequired', message: 'name or generateName is required' });
  else if (kind.names === 'PathSegment') causes.push(...pathSegmentCauses(name));
  else if (short ? name.length > 63 || !label.test(name) : name.length > 253 || !subdomain.test(name))
    causes.push({ field: 'metadata.name', message: `${shown(name)}: ${short ? labelRule : subdomainRule}` });
  if (kind.scope === 'Namespaced' && (namespace === undefined || namespace.length > 63 || !label.test(namespace)))
    causes.push({ field: 'metadata.namespace', message: `${shown(namespace ?? '')}: ${labelRule}` });
  return causes;
}

const pathSegmentCauses = (name: string): Cause[] =>
  name === '.' || name === '..' || name.length > 253 || /[/%]/.test(name)
    ? [{ field: 'metadata.name', message: `${shown(name)}: ${pathSegmentRule}` }]
    : [];

const pathSegmentRule = "a name may not be '.' or '..', may not contain '/' or '%', and must have at most 253 characters";
const labelRule =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', must start and end with an alphanumeric character, and have at most 63 characters (e.g. 'my-name' or '123-abc')";
const subdomainRule =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', must start and end with an alphanumeric character, and have at most 253 characters (e.g. 'example.com')";

export const labelKeyRule =
  "a key must consist of alphanumeric characters, '-', '_' or '.', must start and end with an alphanumeric character, and have at most 63 characters, with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')";
export const labelValueRule =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', must start and end with an alphanumeric character, and have at most 63 characters (e.g. 'MyValue' or '12345')";

/** `name`, or `prefix.example.com/name`. */
export function isQualifiedName(key: string): boolean {
  const [name = '', prefix, ...more] = key.split('/').reverse();
  const isPrefix = prefix === undefined || (prefix.length <= 253 && subdomain.test(prefix));
  return more.length === 0 && isPrefix && name.length <= 63 && word.test(name);
}

export const isLabelValue = (value: string): boolean => value === '' || (value.length <= 63 && word.test(value));

function labelCauses(labels: Record<string, string>): Cause[] {
  return Object.entries(labels).flatMap(([key, value]) => [
    ...(isQualifiedName(key) ? [] : [{ field: 'metadata.labels', message: `${shown(key)}: ${labelKeyRule}` }]),
    ...(isLabelValue(value) ? [] : [{ field: 'metadata.labels', message: `${shown(value)}: ${labelValueRule}` }]),
  ]);
}

function annotationCauses(annotations: Record<string, string>): Cause[] {
  const causes: Cause[] = [];
  let size = 0;
  for (const [key, value] of Object.entries(annotations)) {
    size += Buffer.byteLength(key) + Buffer.byteLength(value);
    if (!isQualifiedName(key.toLowerCase())) causes.push({ field: 'metadata.annotations', message: `${shown(key)}: ${labelKeyRule}` });
  }
  if (size > largestAnnotations)
    causes.push({
      field: 'metadata.annotations',
      reason: 'FieldValueTooLong',
      message: `may not be more than ${largestAnnotations} bytes`,
    });
  return causes;
}

function ownerCauses({ ownerReferences = [] }: ObjectMeta): Cause[] {
  const causes: Cause[] = [];
  for (const [i, owner] of ownerReferences.entries())
    for (const key of ['apiVersion', 'kind', 'name', 'uid'] as const)
      if (owner[key] === '')
        causes.push({ field: `metadata.ownerReferences[${i}].${key}`, reason: 'FieldValueRequired', message: `${key} must not be empty` });
  if (ownerReferences.filter((owner) => owner.controller === true).length > 1)
    causes.push({ field: 'metadata.ownerReferences', message: 'only one reference can have controller set to true' });
  return causes;
}

/** Finalizers of Kubernetes' own that are plain words. */
const plainFinalizers = new Set(['foregroundDeletion', 'orphan', 'kubernetes']);

function finalizerCauses(finalizers: readonly string[]): Cause[] {
  return finalizers
    .filter(
      (finalizer) =>
        !isQualifiedName(finalizer) || (!finalizer.includes('/') && !finalizer.includes('.') && !plainFinalizers.has(finalizer)),
    )
    .map((finalizer) => ({
      field: 'metadata.finalizers',
      message: `${shown(finalizer)}: name is neither a standard finalizer name nor is it fully qualified`,
    }));
}
