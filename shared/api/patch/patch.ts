import { isBuiltIn } from '../../kinds/built-in.ts';
import type { Kind } from '../../kinds/define-kind.ts';
import { schemaOf } from '../objects/schema.ts';
import { readBytes, textOf } from '../request/body.ts';
import { parseJson } from '../request/json-text.ts';
import { contentType } from '../request/negotiate.ts';
import { unsupportedMediaType } from '../status.ts';
import { jsonPatch } from './json-patch.ts';
import { malformedPatch } from './malformed.ts';
import { mergePatch } from './merge.ts';
import { strategicMergePatch } from './strategic.ts';

export interface Patch {
  /** The object as the patch would have it. */
  apply(object: unknown): unknown;
  /** Paths of keys that the patch has twice. */
  readonly duplicates: readonly string[];
}

const json = 'application/json-patch+json';
const merge = 'application/merge-patch+json';
const strategic = 'application/strategic-merge-patch+json';

/** No patch of the live object but a whole configuration: server-side apply. */
export const applyType = 'application/apply-patch+yaml';

/** The patch types of a kind. Strategic merge is for Kubernetes' own kinds, as upstream: custom resources have never had it. */
export const patchTypes = (kind: Pick<Kind, 'group'>): string[] => [json, merge, ...(isBuiltIn(kind) ? [strategic] : []), applyType];

export const isApply = (request: Request): boolean => contentType(request.headers) === applyType;

/** Reads the patch of a request. Throws 400 for a malformed one, 415 for a type that the kind does not have. */
export const readPatch = (request: Request, kind: Kind): Promise<Patch> =>
  read(request, patchTypes(kind), (object, patch) => strategicMergePatch(object, patch, schemaOf(kind)));

/** Of a Scale, whose fields have no lists: there strategic merge is merge. */
export const readScalePatch = (request: Request): Promise<Patch> => read(request, [json, merge, strategic], mergePatch);

async function read(request: Request, types: readonly string[], applyStrategic: typeof mergePatch): Promise<Patch> {
  const type = contentType(request.headers);
  if (!types.includes(type)) throw unsupportedMediaType(types);
  const { value, duplicates } = parseJson(textOf(await readBytes(request)));
  if (type === json) return { duplicates, apply: (object) => jsonPatch(object, value) };
  if (value === null || typeof value !== 'object' || Array.isArray(value)) throw malformedPatch('it is not an object');
  const applied = type === merge ? mergePatch : applyStrategic;
  return { duplicates, apply: (object) => applied(object, value) };
}
