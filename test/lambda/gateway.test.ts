import { text } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import { prefixOf } from '../../shared/api/request/prefix.ts';
import { fromResponse, type StreamedResponse, toRequest } from '../../shared/lambda/gateway.ts';

/** As API Gateway's documentation shows the input of a Lambda proxy integration, cut to what a client decides. */
const proxyEvent = (over: Partial<APIGatewayProxyEvent> = {}): APIGatewayProxyEvent => ({
  resource: '/{proxy+}',
  path: '/api/v1/namespaces/default/secrets',
  httpMethod: 'GET',
  headers: { Accept: 'application/json', Host: 'abcdefghij.execute-api.us-east-1.amazonaws.com' },
  multiValueHeaders: { Accept: ['application/json'], Host: ['abcdefghij.execute-api.us-east-1.amazonaws.com'] },
  queryStringParameters: null,
  multiValueQueryStringParameters: null,
  pathParameters: { proxy: 'api/v1/namespaces/default/secrets' },
  stageVariables: null,
  requestContext: {
    accountId: '123456789012',
    apiId: 'abcdefghij',
    authorizer: undefined,
    domainName: 'abcdefghij.execute-api.us-east-1.amazonaws.com',
    httpMethod: 'GET',
    identity: { sourceIp: '203.0.113.7', userAgent: 'kubectl/v1.36.0' } as APIGatewayProxyEvent['requestContext']['identity'],
    path: '/v1/api/v1/namespaces/default/secrets',
    protocol: 'HTTP/1.1',
    requestId: 'c6af9ac6-7b61-11e6-9a41-93e8deadbeef',
    requestTimeEpoch: 1428582896000,
    resourceId: '123456',
    resourcePath: '/{proxy+}',
    stage: 'v1',
  },
  body: null,
  isBase64Encoded: false,
  ...over,
});

describe('a request that came through API Gateway', () => {
  it('has the path without the stage, which is its prefix', () => {
    const request = toRequest(proxyEvent());
    expect(new URL(request.url).pathname).toBe('/api/v1/namespaces/default/secrets');
    expect(prefixOf(request)).toBe('/v1');
  });

  it('has no prefix at a domain of its own', () => {
    const { requestContext } = proxyEvent();
    const request = toRequest(proxyEvent({ requestContext: { ...requestContext, path: '/api/v1/namespaces/default/secrets' } }));
    expect(prefixOf(request)).toBe('');
  });

  it('keeps every value of a repeated query key, and what is special in it', () => {
    const request = toRequest(
      proxyEvent({ multiValueQueryStringParameters: { dryRun: ['All', 'All'], labelSelector: ['a in (b,c),d!=e&f=%'] } }),
    );
    const { searchParams } = new URL(request.url);
    expect(searchParams.getAll('dryRun')).toEqual(['All', 'All']);
    expect(searchParams.get('labelSelector')).toBe('a in (b,c),d!=e&f=%');
  });

  it.each([
    ['in base64', Buffer.from([0x6b, 0x38, 0x73, 0, 255]).toString('base64'), true, [0x6b, 0x38, 0x73, 0, 255]],
    ['as text', '{"é":1}', false, [...Buffer.from('{"é":1}')]],
  ])('has the body that came %s', async (_, body, isBase64Encoded, bytes) => {
    const request = toRequest(proxyEvent({ httpMethod: 'POST', body, isBase64Encoded }));
    expect([...new Uint8Array(await request.arrayBuffer())]).toEqual(bytes);
  });

  it('joins the values of a header as HTTP does', () => {
    const request = toRequest(proxyEvent({ multiValueHeaders: { Accept: ['application/json;as=Table', 'application/json'] } }));
    expect(request.headers.get('accept')).toBe('application/json;as=Table, application/json');
  });
});

describe('a response that goes through API Gateway', () => {
  const asked = (query: string, headers: Record<string, string[]> = {}) =>
    toRequest(
      proxyEvent({
        multiValueQueryStringParameters: Object.fromEntries([...new URLSearchParams(query)].map(([k, v]) => [k, [v]])),
        multiValueHeaders: headers,
      }),
    );
  const bodyOf = async ({ body }: StreamedResponse): Promise<Buffer> => {
    if (typeof body === 'string') return Buffer.from(body);
    const chunks: Uint8Array[] = [];
    for await (const chunk of body as AsyncIterable<Uint8Array>) chunks.push(chunk);
    return Buffer.concat(chunks);
  };
  const large = JSON.stringify({ items: Array.from({ length: 20_000 }, (_, i) => `machine-${i}`) });

  it('passes status, headers and body on', async () => {
    const streamed = await fromResponse(Response.json({ kind: 'Status' }, { status: 404, headers: { warning: '299 - "old"' } }), asked(''));
    expect(streamed).toMatchObject({ statusCode: 404, headers: { 'content-type': 'application/json', warning: '299 - "old"' } });
    expect((await bodyOf(streamed)).toString()).toBe('{"kind":"Status"}');
  });

  it('is compressed when it is large and the client takes it', async () => {
    const streamed = await fromResponse(new Response(large), asked('', { 'Accept-Encoding': ['gzip'] }));
    expect(streamed.headers).toMatchObject({ 'content-encoding': 'gzip', vary: 'accept-encoding' });
    const body = await bodyOf(streamed);
    expect(body.length).toBeLessThan(large.length / 3);
    expect(gunzipSync(body).toString()).toBe(large);
  });

  it.each([
    ['it is small', 'small', { 'Accept-Encoding': ['gzip'] }],
    ['the client does not say that it takes it', large, {}],
    ['the client refuses it', large, { 'Accept-Encoding': ['gzip;q=0'] }],
  ])('is sent as it is when %s', async (_, body, headers) => {
    const streamed = await fromResponse(new Response(body), asked('', headers));
    expect(streamed.headers).not.toHaveProperty('content-encoding');
    expect((await bodyOf(streamed)).toString()).toBe(body);
  });

  it('of a watch is passed on as it comes, never compressed', async () => {
    let send = (_line: string): void => {};
    const lines = new ReadableStream<Uint8Array>({
      start(controller) {
        send = (line) => controller.enqueue(Buffer.from(line));
      },
    });
    const streamed = await fromResponse(new Response(lines), asked('watch=1', { 'Accept-Encoding': ['gzip'] }));
    const reader = (streamed.body as ReadableStream<Uint8Array>).getReader();
    send('{"type":"ADDED"}\n');
    expect(Buffer.from((await reader.read()).value!).toString()).toBe('{"type":"ADDED"}\n');
    expect(streamed.headers).not.toHaveProperty('content-encoding');
  });

  it('of a watch that is refused is whole', async () => {
    const streamed = await fromResponse(Response.json({ code: 410 }, { status: 410 }), asked('watch=true'));
    expect(await text(streamed.body as never)).toBe('{"code":410}');
  });
});
