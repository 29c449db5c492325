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

/**
 * The route that a path takes, chosen as strictly as API Gateway could: part by part, a part as it stands before a variable, a variable
 * before the greedy one, and never back. Undefined: there is none.
 */
export function chooseRoute(routes: readonly string[], path: string): string | undefined {
  const nodes = new Set(routes.flatMap(withAncestors));
  const there = (route: string): string | undefined => (routes.includes(route) ? route : undefined);
  let at = '';
  for (const part of path.split('/').filter(Boolean)) {
    const children = [...nodes].filter((node) => node.startsWith(`${at}/`) && !node.slice(at.length + 1).includes('/'));
    const next = children.find((node) => node === `${at}/${part}`) ?? children.find((node) => /\/\{\w+\}$/.test(node));
    if (next === undefined) return there(`${at}/{proxy+}`);
    at = next;
  }
  return there(at === '' ? '/' : at);
}

const withAncestors = (path: string): string[] => path.split('/').map((_, i, parts) => parts.slice(0, i + 1).join('/'));

/** Where API Gateway sends a request. */
export function routeOf({ paths }: ApiBody, method: string, path: string): Route | undefined {
  const resource = chooseRoute(Object.keys(paths), path);
  if (resource === undefined) return undefined;
  const methods = paths[resource]!;
  const uri = (methods['x-amazon-apigateway-any-method'] ?? methods[method.toLowerCase()])?.['x-amazon-apigateway-integration'].uri;
  const functionName = uri && /:function:([^/]+)\//.exec(uri)?.[1];
  return functionName === undefined || functionName === '' ? undefined : { resource, functionName };
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
    // A client that has left hears no more; the function streams on.
    let left = false;
    const chunk = (bytes: Uint8Array): void => {
      if (left) return;
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
        cancel() {
          left = true;
        },
      });
      if (before.length > end + 8) body!.enqueue(before.subarray(end + 8));
      const empty = statusCode === 204 || statusCode === 304;
      resolve(new Response(empty ? null : stream, { status: statusCode, headers }));
    };
    run(chunk).then(
      () => (left ? undefined : body?.close()),
      (error: unknown) => (body === undefined ? reject(error) : body.error(error)),
    );
  });
}
