import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { CallContext } from './access.ts';

/** A request to a service of AWS in its JSON protocols, with who signed it. */
export interface ServiceCall {
  /** `DynamoDB_20120810.PutItem`, or the path where there is no target. */
  readonly target: string;
  /** Access key id: here the name of the function. */
  readonly caller: string;
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface ServiceAnswer {
  readonly status: number;
  readonly body: string;
}

/** One operation: what IAM asks about it, and what it does. */
export interface Operation {
  readonly action: string;
  resource(call: ServiceCall): string;
  context?(call: ServiceCall): CallContext;
  answer(call: ServiceCall): Promise<ServiceAnswer>;
}

export const json = (value: unknown, status = 200): ServiceAnswer => ({ status, body: JSON.stringify(value) });

export const fault = (type: string, message: string, status = 400): ServiceAnswer => json({ __type: type, message }, status);

interface ServicesOptions {
  operationOf(call: ServiceCall): Operation | undefined;
  may(call: ServiceCall, operation: Operation): boolean;
  /** A call that the caller's role does not allow. */
  denied(call: ServiceCall, operation: Operation): void;
}

/** All services at one endpoint on loopback. */
export async function serveServices({
  operationOf,
  may,
  denied,
}: ServicesOptions): Promise<{ readonly url: string; close(): Promise<void> }> {
  async function answer(request: IncomingMessage): Promise<ServiceAnswer> {
    const call = await callOf(request);
    const operation = operationOf(call);
    if (operation === undefined) return fault('UnknownOperationException', `no ${call.target} here`);
    if (!may(call, operation)) {
      denied(call, operation);
      return fault('AccessDeniedException', `${call.caller} is not authorized to perform ${operation.action}`);
    }
    return operation.answer(call);
  }
  const server = createServer(async (request, response) => {
    const { status, body } = await answer(request).catch((error: unknown) => fault('InternalServerError', String(error), 500));
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function callOf(request: IncomingMessage): Promise<ServiceCall> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString();
  const caller = /Credential=([^/]+)\//.exec(request.headers.authorization ?? '')?.[1] ?? '';
  const target = String(request.headers['x-amz-target'] ?? `${request.method} ${request.url}`);
  return { target, caller, headers: request.headers, text, body: text === '' ? {} : JSON.parse(text) };
}
