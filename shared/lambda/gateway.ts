import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import middy from '@middy/core';
import { executionModeStreamifyResponse } from '@middy/core/StreamifyResponse';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import type { Api } from '../api/call.ts';
import { rememberPrefix } from '../api/request/prefix.ts';

/** What a Lambda streams through API Gateway: the head as metadata, then the body as it comes. */
export interface StreamedResponse {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Readable | ReadableStream<Uint8Array>;
}

/** An API behind API Gateway, as a Lambda that streams its responses: a watch goes on until its time is up. */
export const gatewayDoor = (api: Api) =>
  middy<APIGatewayProxyEvent, StreamedResponse>({ executionMode: executionModeStreamifyResponse }).handler(async (event) => {
    const request = toRequest(event);
    return fromResponse(await api(request), request);
  });

/**
 * The request that a client sent to API Gateway (REST, proxy integration). Its path is without the stage; what was taken
 * away is remembered as the prefix.
 */
export function toRequest(event: APIGatewayProxyEvent): Request {
  const { httpMethod: method, path, requestContext } = event;
  const headers = new Headers();
  for (const [name, values] of Object.entries(event.multiValueHeaders ?? {})) for (const value of values ?? []) headers.append(name, value);
  const url = new URL(`https://${requestContext.domainName ?? 'plane'}`);
  url.pathname = path;
  for (const [name, values] of Object.entries(event.multiValueQueryStringParameters ?? {}))
    for (const value of values ?? []) url.searchParams.append(name, value);
  const hasBody = event.body !== null && event.body !== '' && method !== 'GET' && method !== 'HEAD';
  const request = new Request(url, { method, headers, ...(hasBody && { body: bodyOf(event) }) });
  rememberPrefix(request, requestContext.path.endsWith(path) ? requestContext.path.slice(0, -path.length) : '');
  return request;
}

const bodyOf = ({ body, isBase64Encoded }: APIGatewayProxyEvent): Uint8Array<ArrayBuffer> =>
  new Uint8Array(Buffer.from(body ?? '', isBase64Encoded ? 'base64' : 'utf8'));

/** Bytes. A smaller body is sent sooner than it is compressed; API Gateway's stream gets slow after 10 MB. */
const compressedFrom = 128 * 1024;

/** A watch is passed on line by line; anything else is sent whole, compressed where that pays and the client takes it. */
export async function fromResponse(response: Response, request: Request): Promise<StreamedResponse> {
  const head = { statusCode: response.status, headers: Object.fromEntries(response.headers) };
  if (response.body === null) return { ...head, body: '' };
  if (isWatch(request) && response.ok) return { ...head, body: response.body };
  const bytes = Buffer.from(await response.arrayBuffer());
  if (bytes.length < compressedFrom || !takesGzip(request)) return { ...head, body: Readable.from([bytes], { objectMode: false }) };
  return {
    ...head,
    headers: { ...head.headers, 'content-encoding': 'gzip', vary: 'accept-encoding' },
    body: Readable.from([gzipSync(bytes)], { objectMode: false }),
  };
}

const isWatch = (request: Request): boolean => /^(1|t|true)$/i.test(new URL(request.url).searchParams.get('watch') ?? '');

const takesGzip = (request: Request): boolean =>
  /\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))/i.test(request.headers.get('accept-encoding') ?? '');
