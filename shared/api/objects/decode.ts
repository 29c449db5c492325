import { apiVersionOf, type Kind } from '../../kinds/define-kind.ts';
import type { KubeObject, ObjectMeta } from '../../kinds/object.ts';
import type { UnknownFields } from '../call.ts';
import type { Body } from '../request/body.ts';
import { mostMistakes } from '../request/json-text.ts';
import type { FieldValidation } from '../request/query.ts';
import { badRequest, cut } from '../status.ts';
import { prune } from './prune.ts';
import { schemaOf } from './schema.ts';
import { checkSize } from './size.ts';

export interface Decoded {
  readonly object: KubeObject;
  /** What the client should be told although the write is done. */
  readonly warnings: readonly string[];
}

/**
 * The body of a create or an update as an object of the kind, without fields that the kind does not have. What becomes
 * of those is said by `fieldValidation`: Strict refuses with 400, Warn warns, Ignore is silent. Throws 422 for one that is too large.
 */
export function decodeObject(
  kind: Kind,
  body: Body | undefined,
  fieldValidation: FieldValidation,
  unknownFields: UnknownFields = () => [],
): Decoded {
  if (body === undefined) throw badRequest('the request has no body: send the object');
  const given = checkType(kind, body.value);
  const { value, unknown } = prune(given, schemaOf(kind));
  const object = asObject(kind, value as Record<string, unknown>);
  const mistakes = mistakesIn([...unknown, ...unknownFields(kind, object)], body.duplicates, fieldValidation);
  if (fieldValidation === 'Strict' && mistakes.length > 0)
    throw badRequest(
      `${kind.kind} in version "${kind.version}" cannot be handled as a ${kind.kind}: strict decoding error: ${mistakes.join(', ')}`,
    );
  checkSize(kind, object);
  return { object, warnings: mistakes };
}

export function mistakesIn(unknown: readonly string[], duplicates: readonly string[], fieldValidation: FieldValidation): string[] {
  if (fieldValidation === 'Ignore') return [];
  const mistakes = [
    ...duplicates.map((path) => `duplicate field "${cut(path, longestPath)}"`),
    ...unknown.map((path) => `unknown field "${cut(path, longestPath)}"`),
  ];
  return mistakes.slice(0, mostMistakes);
}

/** Characters of a path that a message shows. */
const longestPath = 256;

/** Refuses what is no object of this kind. apiVersion and kind may be left out: the path says them. */
function checkType(kind: Kind, value: unknown): Record<string, unknown> {
  if (!isRecord(value)) throw badRequest(`the body is not an object: send a ${kind.kind}`);
  const { apiVersion = apiVersionOf(kind), kind: type = kind.kind, metadata } = value;
  if (apiVersion !== apiVersionOf(kind) || type !== kind.kind)
    throw badRequest(
      `${asText(type)} in version "${asText(apiVersion)}" cannot be handled as a ${kind.kind}: this path takes kind ${kind.kind} of apiVersion ${apiVersionOf(kind)}`,
    );
  if (metadata !== undefined && metadata !== null && !isRecord(metadata)) throw badRequest('metadata is not an object');
  return value;
}

/** A text as it is. Of anything else only that it is none: it may be a part of a Secret that went astray. */
export const asText = (value: unknown): string => (typeof value === 'string' ? value : 'what is no text');

/** With the fields in the order that everybody expects. */
export function asObject(kind: Kind, value: Record<string, unknown>): KubeObject {
  const { apiVersion: _, kind: __, metadata, ...fields } = value;
  return { apiVersion: apiVersionOf(kind), kind: kind.kind, metadata: (metadata ?? {}) as ObjectMeta, ...fields };
}

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  value !== null && typeof value === 'object' && !Array.isArray(value);
