import { notAcceptable } from '../status.ts';

/** One entry of an Accept or Content-Type header. */
interface MediaType {
  readonly type: string;
  readonly parameters: ReadonlyMap<string, string>;
}

/** How an answer is shown: as it is, or as one of Kubernetes' transformations. */
export type Form = 'Object' | 'Table' | 'PartialObjectMetadata' | 'APIGroupDiscoveryList';

const transformed: Readonly<Record<string, { form: Form; group: string; versions: readonly string[] }>> = {
  Table: { form: 'Table', group: 'meta.k8s.io', versions: ['v1', 'v1beta1'] },
  PartialObjectMetadata: { form: 'PartialObjectMetadata', group: 'meta.k8s.io', versions: ['v1', 'v1beta1'] },
  PartialObjectMetadataList: { form: 'PartialObjectMetadata', group: 'meta.k8s.io', versions: ['v1', 'v1beta1'] },
  APIGroupDiscoveryList: { form: 'APIGroupDiscoveryList', group: 'apidiscovery.k8s.io', versions: ['v2', 'v2beta1'] },
};

/**
 * The first entry of Accept that we can serve: clients write them in order of preference. Only JSON is served; a
 * client that would rather have protobuf lists JSON after it. Throws 406.
 */
export const negotiate = (accept: string | null, forms: readonly Form[]): Form => negotiateVersion(accept, forms).form;

/** The same, and the version of a transformation's own API in which it is asked for. */
export function negotiateVersion(accept: string | null, forms: readonly Form[]): { readonly form: Form; readonly version: string } {
  const asItIs = { form: 'Object', version: '' } as const;
  if (accept === null || accept.trim() === '') return asItIs;
  for (const { type, parameters } of parseList(accept)) {
    if (type !== 'application/json' && type !== 'application/*' && type !== '*/*') continue;
    const as = parameters.get('as');
    if (as === undefined) return asItIs;
    const wanted = transformed[as];
    if (wanted === undefined || !forms.includes(wanted.form)) continue;
    const version = parameters.get('v') ?? '';
    if (parameters.get('g') === wanted.group && wanted.versions.includes(version)) return { form: wanted.form, version };
  }
  throw notAcceptable();
}

/** The media type of a body without its parameters, in lower case; JSON when it is not said, as `kubectl scale` does. */
export function contentType(headers: Headers): string {
  const text = headers.get('content-type');
  return text === null || text.trim() === '' ? 'application/json' : parseEntry(text).type;
}

/** Whether an Accept header names this media type. */
export const accepts = (accept: string | null, type: string): boolean => parseList(accept ?? '').some((entry) => entry.type === type);

const parseList = (header: string): MediaType[] => header.split(',').map(parseEntry);

function parseEntry(entry: string): MediaType {
  const [type = '', ...parameters] = entry.split(';').map((part) => part.trim());
  return {
    type: type.toLowerCase(),
    parameters: new Map(
      parameters.map((parameter) => {
        const [name = '', value = ''] = parameter.split('=', 2);
        return [name.trim(), value.trim().replace(/^"(.*)"$/, '$1')];
      }),
    ),
  };
}
