/** The User-Agent of Kubernetes' Python client: `OpenAPI-Generator/37.0.2/python`. */
const python = /^OpenAPI-Generator\/\S*\/python/;

/**
 * What a watch says when it has nothing to say: an empty line, which kubectl, client-go and client-node pass over. Python's
 * client hands its user nothing at all (`None`) for each empty line, so it gets a blank before the next line, as JSON allows.
 */
export const heartbeatFor = (headers: Headers): Uint8Array => (python.test(headers.get('user-agent') ?? '') ? blank : emptyLine);

const encoder = new TextEncoder();
const emptyLine = encoder.encode('\n');
const blank = encoder.encode(' ');
