import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { Exchange, Reply, Request } from './bill.ts';

export interface CountingProxy {
  /** `http://127.0.0.1:40123` */
  readonly endpoint: string;
  close(): Promise<void>;
}

/**
 * Stands between the plane and its DynamoDB and tells of every exchange. It asks for what the bill needs (the capacity that reads
 * consumed, the item that an update left behind); the plane does not see the latter.
 */
export async function createCountingProxy(upstream: string, heard: (exchange: Exchange) => void): Promise<CountingProxy> {
  const agent = new Agent({ keepAlive: true });
  const server = createServer((incoming, outgoing) => {
    pass(incoming, outgoing).catch((error: unknown) => {
      process.stderr.write(`the counter before DynamoDB: ${String(error)}\n`);
      outgoing.destroy();
    });
  });
  // As the embedded DynamoDB: a client's idle connection must not end just as the client uses it again.
  server.keepAliveTimeout = 0;

  async function pass(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const action = String(incoming.headers['x-amz-target']).split('.')[1] ?? '';
    const asked = JSON.parse(await text(incoming)) as Request;
    const { status, headers, body } = await send(incoming, JSON.stringify(withQuestions(action, asked)));
    const reply = JSON.parse(body) as Reply;
    heard({ action, request: asked, status, reply });
    const told = action === 'UpdateItem' && status === 200 ? '{}' : body;
    // The checksum is of the body that is not passed on as it was.
    const { 'x-amz-crc32': _, ...rest } = headers;
    outgoing.writeHead(status, { ...rest, 'content-length': Buffer.byteLength(told) }).end(told);
  }

  async function send({ method, url, headers }: IncomingMessage, body: string) {
    const answered = Promise.withResolvers<IncomingMessage>();
    request(new URL(url ?? '/', upstream), { method, agent, headers: { ...headers, 'content-length': Buffer.byteLength(body) } })
      .on('response', answered.resolve)
      .on('error', answered.reject)
      .end(body);
    const answer = await answered.promise;
    return { status: answer.statusCode ?? 502, headers: answer.headers, body: await text(answer) };
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
      agent.destroy();
    },
  };
}

const withQuestions = (action: string, asked: Request): Request => {
  if (action === 'UpdateItem') return Object.assign({}, asked, { ReturnValues: 'ALL_NEW' });
  return /^(GetItem|BatchGetItem|Query|Scan)$/.test(action) ? Object.assign({}, asked, { ReturnConsumedCapacity: 'TOTAL' }) : asked;
};
