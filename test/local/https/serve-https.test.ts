import { once } from 'node:events';
import * as http2 from 'node:http2';
import * as https from 'node:https';
import { text } from 'node:stream/consumers';
import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { clientCertificates } from '../../../infra/local/https/peer.ts';
import { type HttpsServer, serveHttps } from '../../../infra/local/https/serve-https.ts';
import { type Authority, createAuthority, type KeyPair } from './certificates.ts';

let authority: Authority;
let certificate: KeyPair;
let server: HttpsServer | undefined;
const complaints: string[] = [];

beforeAll(async () => {
  authority = await createAuthority('test');
  certificate = await authority.server();
});
afterEach(async () => {
  await server?.close();
  server = undefined;
  expect(complaints.splice(0)).toEqual([]);
});

type Handler = (request: Request) => Promise<Response>;

async function serve(handler: Handler, clientCa?: string): Promise<string> {
  const log = { debug() {}, info() {}, warn() {}, error: (sentence: string) => complaints.push(sentence) };
  server = await serveHttps({ handler, host: '127.0.0.1', port: 0, ...certificate, log, ...(clientCa !== undefined && { clientCa }) });
  return server.url;
}

interface Answer {
  readonly status: number;
  readonly body: string;
  readonly headers: Record<string, unknown>;
}

/** Sends one request in HTTP/1.1. */
async function over1(url: string, options: https.RequestOptions = {}, body?: string | Buffer): Promise<Answer> {
  const agent = new https.Agent({ keepAlive: true });
  const request = https.request(url, { ca: authority.cert, agent, ...options });
  request.end(body);
  const [response] = await once(request, 'response');
  try {
    return { status: response.statusCode, headers: response.headers, body: await text(response) };
  } finally {
    agent.destroy();
  }
}

/** Sends one request in HTTP/2. */
async function over2(url: string, headers: http2.OutgoingHttpHeaders = {}, body?: string | Buffer): Promise<Answer> {
  const { origin, pathname, search } = new URL(url);
  const session = http2.connect(origin, { ca: authority.cert });
  try {
    const stream = session.request({ ':path': pathname + search, ...headers }, { endStream: body === undefined });
    if (body !== undefined) stream.end(body);
    const [response] = await once(stream, 'response');
    return { status: response[':status'], headers: response, body: await text(stream) };
  } finally {
    session.close();
  }
}

const echo: Handler = async (request) => {
  const url = new URL(request.url);
  return Response.json(
    { method: request.method, path: url.pathname + url.search, x: request.headers.get('x'), body: await request.text() },
    {
      status: 201,
      headers: [
        ['warning', 'a'],
        ['warning', 'b'],
      ],
    },
  );
};

describe.each([
  ['HTTP/1.1', (url: string, body: string) => over1(url, { method: 'POST', headers: { x: 'y' } }, body)],
  ['HTTP/2', (url: string, body: string) => over2(url, { ':method': 'POST', x: 'y' }, body)],
])('over %s', (_, post) => {
  it('method, path, headers and body get through, both ways', async () => {
    const url = await serve(echo);
    const body = 'ä'.repeat(300_000);
    const answer = await post(`${url}//a%20b?c=d&c=e`, body);
    expect(answer.status).toBe(201);
    expect(JSON.parse(answer.body)).toEqual({ method: 'POST', path: '//a%20b?c=d&c=e', x: 'y', body });
    expect(answer.headers.warning).toBe('a, b');
  });

  it('a handler that does not want the whole body still gets its answer through', async () => {
    const url = await serve(async (request) => {
      await request.body!.getReader().read();
      return new Response('enough', { status: 413 });
    });
    const { status, body } = await post(url, 'x'.repeat(8_000_000));
    expect([status, body]).toEqual([413, 'enough']);
  });

  it('a handler that throws is a 500, and the next request is served', async () => {
    let calls = 0;
    const url = await serve(async () => {
      calls++;
      if (calls === 1) throw new Error('oops');
      return new Response('fine');
    });
    expect(await post(url, '')).toMatchObject({ status: 500, body: '' });
    expect(complaints.splice(0)).toEqual(['a response could not be sent']);
    expect((await post(url, '')).body).toBe('fine');
  });

  it('a body that breaks is never taken for whole', async () => {
    const broken = new ReadableStream({
      start: (controller) => controller.enqueue(new TextEncoder().encode('{"items":[')),
      pull: (controller) => controller.error(new Error('oops')),
    });
    const url = await serve(async () => new Response(broken));
    await expect(post(url, '')).rejects.toThrow();
    expect(complaints.splice(0)).toEqual(['a response could not be sent']);
  });
});

describe('a body that goes on', () => {
  const ticking = (onCancel: () => void): Response => {
    const body = new ReadableStream({
      start: (controller) => controller.enqueue(new TextEncoder().encode('\n')),
      cancel: onCancel,
    });
    return new Response(body);
  };

  it.each(['HTTP/1.1', 'HTTP/2'])('reaches the client at once over %s, and ends when the client leaves', async (version) => {
    const left = Promise.withResolvers<string>();
    const aborted = Promise.withResolvers<string>();
    const url = await serve(async (request) => {
      request.signal.addEventListener('abort', () => aborted.resolve('aborted'));
      return ticking(() => left.resolve('left'));
    });
    if (version === 'HTTP/1.1') {
      const request = https.get(url, { ca: authority.cert, agent: false });
      const [response] = await once(request, 'response');
      expect(String((await once(response, 'data'))[0])).toBe('\n');
      request.destroy();
    } else {
      const session = http2.connect(url, { ca: authority.cert });
      const stream = session.request({ ':path': '/' });
      expect(String((await once(stream, 'data'))[0])).toBe('\n');
      stream.close(http2.constants.NGHTTP2_CANCEL);
      session.close();
    }
    expect(await Promise.all([left.promise, aborted.promise])).toEqual(['left', 'aborted']);
  });

  it('ends when the server closes', async () => {
    const url = await serve(async () => ticking(() => {}));
    const request = https.get(url, { ca: authority.cert, agent: false });
    const [response] = await once(request, 'response');
    const ended = expect(text(response)).rejects.toThrow('aborted');
    await server!.close();
    await ended;
  });
});

describe('who is at the other end', () => {
  const whoami: Handler = async (request) => Response.json((await clientCertificates(request)) ?? null);

  it('is told by a certificate of the right authority', async () => {
    const url = await serve(whoami, authority.cert);
    const { cert, key } = await authority.client('CN=ada,O=system:masters,O=admins');
    const { body } = await over1(url, { cert, key });
    expect(JSON.parse(body)).toEqual({ name: 'ada', groups: ['system:masters', 'admins', 'system:authenticated'] });
  });

  it.each([
    ['no certificate', async () => ({})],
    ['a certificate of another authority', async () => (await createAuthority('test')).client('CN=ada,O=system:masters')],
    ['a server’s certificate', async () => authority.server()],
  ])('is nobody with %s', async (_, made) => {
    const url = await serve(whoami, authority.cert);
    expect((await over1(url, await made())).body).toBe('null');
  });

  it('is nobody where no authority is asked for', async () => {
    const url = await serve(whoami);
    expect((await over1(url, await authority.client('CN=ada'))).body).toBe('null');
  });
});

it('says when its address is in use', async () => {
  const url = new URL(await serve(echo));
  const again = serveHttps({
    handler: echo,
    host: '127.0.0.1',
    port: Number(url.port),
    ...certificate,
    log: { debug() {}, info() {}, warn() {}, error() {} },
  });
  await expect(again).rejects.toThrow('EADDRINUSE');
});
