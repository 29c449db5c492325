/** AWS JSON 1.0 over HTTP on loopback: `POST /` with the operation in `x-amz-target`. Signatures are not looked at. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ServiceError } from './errors.ts';
import { operations, type Service } from './operations.ts';

export interface Endpoint {
  readonly url: string;
  close(): Promise<void>;
}

const largestBody = 2 * 2 ** 20;

export async function serve(service: Service, port: number): Promise<Endpoint> {
  const server = createServer((request, response) => void answer(service, request, response));
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject).listen(port, '127.0.0.1', resolve);
  await promise;
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const close = async () => {
    const closed = Promise.withResolvers<void>();
    server.close(() => closed.resolve());
    server.closeAllConnections();
    await closed.promise;
  };
  return { url, close };
}

async function answer(service: Service, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const [status, body] = await outcomeOf(service, request);
  response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' }).end(JSON.stringify(body));
}

async function outcomeOf(service: Service, request: IncomingMessage): Promise<readonly [status: number, body: unknown]> {
  try {
    const name = /^AWSStepFunctions\.(\w+)$/.exec(String(request.headers['x-amz-target']))?.[1] ?? '';
    const operation = Object.hasOwn(operations, name) ? operations[name] : undefined;
    if (operation === undefined) throw new ServiceError('UnknownOperationException', `There is no operation '${name}' here`);
    return [200, await operation(service, await bodyOf(request))];
  } catch (error) {
    if (error instanceof ServiceError) return [400, { __type: error.name, message: error.message }];
    return [500, { __type: 'InternalServerError', message: `The request could not be carried out: ${String(error)}` }];
  }
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > largestBody) throw new ServiceError('RequestEntityTooLarge', `A request may have ${largestBody} bytes`);
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString());
  } catch {
    throw new ServiceError('SerializationException', 'The body is not JSON');
  }
}
