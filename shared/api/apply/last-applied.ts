import { canonical } from '../../kinds/canonical.ts';
import { apiVersionOf, type Kind } from '../../kinds/define-kind.ts';
import type { KubeObject } from '../../kinds/object.ts';
import { isRecord } from '../objects/decode.ts';
import { compare } from './compare.ts';
import { difference, type FieldSet, intersection, isEmpty, noFields, setOf } from './field-set.ts';
import type { Manager } from './managed-fields.ts';
import { fieldsIn } from './owned-fields.ts';
import type { OwnerConflict } from './ownership.ts';
import type { Shape } from './shape.ts';

/**
 * The way from client-side to server-side apply: kubectl keeps what it applied last in an annotation. Where that still
 * holds, a field is kubectl's, whatever managedFields say; and the annotation is kept up to date, for the way back.
 */
const annotation = 'kubectl.kubernetes.io/last-applied-configuration';

const isKubectl = ({ manager, subresource }: Manager): boolean => manager === 'kubectl' && subresource === undefined;

/** The conflicts that are left when kubectl may have what it applied itself. */
export function withoutLastApplied(
  conflicts: readonly OwnerConflict[],
  kind: Kind,
  live: KubeObject,
  by: Manager,
  shape: Shape,
): readonly OwnerConflict[] {
  if (!isKubectl(by)) return conflicts;
  const own = lastApplied(kind, live, shape);
  return conflicts.filter(({ path }) => isEmpty(intersection(setOf([path]), own)));
}

/** The fields of the annotation that are still as it says. */
function lastApplied(kind: Kind, live: KubeObject, shape: Shape): FieldSet {
  const configuration = parsed(live.metadata.annotations?.[annotation]);
  if (!isRecord(configuration) || configuration.apiVersion !== apiVersionOf(kind)) return noFields;
  const { added, modified, removed } = compare(live, configuration, shape);
  return [added, modified, removed].reduce(difference, fieldsIn(configuration, shape));
}

function parsed(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? 'null');
  } catch {
    return undefined;
  }
}

/** An object that has the annotation, with what kubectl applies now in it. */
export function withLastApplied(object: KubeObject, configuration: KubeObject, by: Manager): KubeObject {
  const annotations = object.metadata.annotations;
  if (!isKubectl(by) || annotations?.[annotation] === undefined) return object;
  const text = `${canonical(withoutAnnotation(configuration))}\n`;
  return { ...object, metadata: { ...object.metadata, annotations: { ...annotations, [annotation]: text } } };
}

function withoutAnnotation(configuration: KubeObject): KubeObject {
  const { annotations, ...metadata } = configuration.metadata;
  if (annotations === undefined) return configuration;
  const { [annotation]: _, ...others } = annotations;
  return { ...configuration, metadata: { ...metadata, annotations: others } };
}
