import { apiVersionOf } from '../../kinds/define-kind.ts';
import type { KubeObject } from '../../kinds/object.ts';
import type { Call } from '../call.ts';
import { type Form, negotiate } from '../request/negotiate.ts';
import { badRequest } from '../status.ts';
import { type IncludeObject, partialMetadata, type TableMeta, tableOf } from './table.ts';

/** Objects in the form that the client asked for. */
export interface View {
  readonly form: Form;
  readonly include: IncludeObject;
}

/** Reads Accept and `includeObject`, before anything is done. Throws 406. */
export function viewOf({ request, query }: Pick<Call, 'request' | 'query'>): View {
  const include = query.get('includeObject') || 'Metadata';
  if (include !== 'None' && include !== 'Metadata' && include !== 'Object')
    throw badRequest(`invalid includeObject "${include}": write None, Metadata or Object`);
  return { form: negotiate(request.headers.get('accept'), ['Object', 'Table', 'PartialObjectMetadata']), include };
}

export function presentObject(call: Call, view: View, now: number, object: KubeObject): Record<string, unknown> {
  if (view.form === 'PartialObjectMetadata') return partialMetadata(object);
  if (view.form !== 'Table') return object;
  return tableOf(call.kind, [object], { resourceVersion: object.metadata.resourceVersion }, { include: view.include, now });
}

export function presentList(
  call: Call,
  view: View,
  now: number,
  objects: readonly KubeObject[],
  metadata: TableMeta,
): Record<string, unknown> {
  if (view.form === 'Table') return tableOf(call.kind, objects, metadata, { include: view.include, now });
  if (view.form === 'PartialObjectMetadata')
    return { kind: 'PartialObjectMetadataList', apiVersion: 'meta.k8s.io/v1', metadata, items: objects.map(partialMetadata) };
  return { kind: `${call.kind.kind}List`, apiVersion: apiVersionOf(call.kind), metadata, items: objects };
}

/** A JSON response. Warnings are printed by kubectl. */
export function respond(body: unknown, status = 200, warnings: readonly string[] = []): Response {
  const response = new Response(JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-cache, private' },
  });
  for (const warning of shortened([...new Set(warnings)])) response.headers.append('warning', `299 - ${quoted(warning)}`);
  return response;
}

/** As upstream: above 4096 characters in all, each is cut to 256. */
const shortened = (warnings: string[]): string[] =>
  warnings.join('').length > 4096 ? warnings.map((warning) => warning.slice(0, 256)).slice(0, 16) : warnings;

/** Header values are ASCII; what is not is left out of a warning. */
const quoted = (text: string): string => `"${text.replace(/[^\x20-\x7e]/g, '?').replace(/["\\]/g, '\\$&')}"`;
