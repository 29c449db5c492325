import type { APIGatewayProxyEvent } from 'aws-lambda';

/** The part of an OpenAPI body that routes. */
export interface ApiBody {
  readonly paths: Readonly<
    Record<string, Readonly<Record<string, { readonly 'x-amazon-apigateway-integration': { readonly uri: string } }>>>
  >;
}

export interface Route {
  /** As in the body: `/api/v1/namespaces/{namespace}/secrets`. */
  readonly resource: string;
  readonly functionName: string;
}

/** Where API Gateway sends a path: the most specific route, segment by segment, a name before a variable before the rest. */
export function routeOf({ paths }: ApiBody, method: string, path: string): Route | undefined {
  const parts = path.split('/').filter(Boolean);
  const found = Object.keys(paths)
    .map((resource) => ({ resource, rank: rankOf(resource.split('/').filter(Boolean), parts) }))
    .filter((candidate): candidate is { resource: string; rank: string } => candidate.rank !== undefined)
    .sort((a, b) => (a.rank < b.rank ? -1 : 1))[0];
  if (found === undefined) return undefined;
  const methods = paths[found.resource]!;
  const uri = (methods['x-amazon-apigateway-any-method'] ?? methods[method.toLowerCase()])?.['x-amazon-apigateway-integration'].uri;
  const functionName = uri && /:function:([^/]+)\//.exec(uri)?.[1];
  return functionName === undefined || functionName === '' ? undefined : { resource: found.resource, functionName };
}

/** Undefined: does not match. Smaller is more specific. */
function rankOf(pattern: readonly string[], parts: readonly string[]): string | undefined {
  let rank = '';
  for (const [i, segment] of pattern.entries()) {
    if (segment === '{proxy+}') return parts.length > i ? `${rank}2` : undefined;
    if (parts[i] === undefined) return undefined;
    if (segment.startsWith('{')) rank += '1';
    else if (segment === parts[i]) rank += '0';
    else return undefined;
  }
  return pattern.length === parts.length ? rank : undefined;
}

/** A request as API Gateway hands it to a Lambda. */
export async function eventOf(
  request: Request,
  { path, stage, resource }: { readonly path: string; readonly stage: string; readonly resource: string },
): Promise<APIGatewayProxyEvent> {
  const url = new URL(request.url);
  const query = new Map<string, string[]>();
  for (const [name, value] of url.searchParams) query.set(name, [...(query.get(name) ?? []), value]);
  const body = Buffer.from(await request.arrayBuffer());
  const headers = Object.fromEntries(request.headers);
  return {
    resource,
    path,
    httpMethod: request.method,
    headers,
    multiValueHeaders: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]])),
    queryStringParameters: query.size === 0 ? null : Object.fromEntries([...query].map(([name, values]) => [name, values.at(-1)!])),
    multiValueQueryStringParameters: query.size === 0 ? null : Object.fromEntries(query),
    pathParameters: null,
    stageVariables: null,
    requestContext: {
      domainName: 'abcdefghij.execute-api.us-east-1.amazonaws.com',
      stage,
      path: `/${stage}${path}`,
      httpMethod: request.method,
      resourcePath: resource,
    } as APIGatewayProxyEvent['requestContext'],
    body: body.length === 0 ? null : body.toString('base64'),
    isBase64Encoded: body.length > 0,
  };
}

/** Reads what a Lambda streams: metadata as JSON, eight NULs, the body. Resolves when the head is there. */
export function responseFrom(run: (chunk: (bytes: Uint8Array) => void) => Promise<unknown>): Promise<Response> {
  return new Promise((resolve, reject) => {
    let before = Buffer.alloc(0);
    let body: ReadableStreamDefaultController<Uint8Array> | undefined;
    const chunk = (bytes: Uint8Array): void => {
      if (body !== undefined) return void body.enqueue(bytes);
      before = Buffer.concat([before, bytes]);
      const end = before.indexOf(Buffer.alloc(8));
      if (end < 0) return;
      const { statusCode, headers } = JSON.parse(before.subarray(0, end).toString()) as {
        statusCode: number;
        headers: Record<string, string>;
      };
      const stream = new ReadableStream<Uint8Array>({
        start(controller) {
          body = controller;
        },
      });
      if (before.length > end + 8) body!.enqueue(before.subarray(end + 8));
      const empty = statusCode === 204 || statusCode === 304;
      resolve(new Response(empty ? null : stream, { status: statusCode, headers }));
    };
    run(chunk).then(
      () => body?.close(),
      (error: unknown) => (body === undefined ? reject(error) : body.error(error)),
    );
  });
}
