import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Clock } from '../../../shared/ports.ts';
import { createFaults, type Fault, type Faults } from './faults.ts';
import { requireLoopback } from './loopback.ts';

/** One request to a fake, read whole. */
export interface Call {
  readonly method: string;
  readonly url: URL;
  /** Lower-case names; a repeated header is joined by commas. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface Reply {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What is particular to one cloud's protocol. */
export interface Protocol {
  /** What the call asks for, in a word or two; faults match it and the list of calls shows it: `RunInstances`. */
  nameOf(call: Call): string;
  /** `fault` is given when the call is to be carried out all the same, with its `hideFor`. */
  answer(call: Call, fault: Fault | undefined): Reply | Promise<Reply>;
  /** An injected fault, written as this cloud writes errors. */
  errorReply(status: number, code: string, message: string): Reply;
  /** All that the cloud holds, for `GET /_state`: `instances`, `addresses`, `disks`, `creations` and what else it has. */
  state(): Record<string, unknown>;
}

export interface FakeServer {
  /** `http://127.0.0.1:40123` */
  readonly url: string;
  readonly faults: Faults;
  /** The names of the last thousand calls, oldest first. */
  calls(): readonly string[];
  close(): Promise<void>;
}

export interface ListenOptions {
  /** In 127.0.0.0/8; 127.0.0.1 if absent. */
  readonly host?: string;
  /** Chosen by the system if absent or 0. */
  readonly port?: number;
}

/** Serves a cloud's protocol, `GET /_state`, `GET /_calls` (names), and `POST /_faults` (a list; `DELETE` clears them) on loopback. */
export async function serveFake(protocol: Protocol, clock: Clock, listen: ListenOptions = {}): Promise<FakeServer> {
  const host = listen.host ?? '127.0.0.1';
  requireLoopback(host);
  const faults = createFaults();
  const calls: string[] = [];
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const call = await readCall(request);
    const control = controlReply(call, protocol, faults, calls);
    if (control !== undefined) return send(response, control);
    const name = protocol.nameOf(call);
    calls.push(name);
    if (calls.length > 1000) calls.shift();
    const fault = faults.strike(name, clock.now());
    if (fault?.delayMs !== undefined) await clock.sleep(fault.delayMs);
    if (fault?.cut === 'before') return void request.socket.destroy();
    const reply = (fault && faultReply(fault, protocol)) ?? (await answerOrFail(protocol, call, fault));
    if (fault?.cut === 'after') return void request.socket.destroy();
    send(response, reply);
  };
  const server = createServer((request, response) => {
    // A client that goes away in the middle of its request is no defect of the fake.
    handle(request, response).catch(() => request.socket.destroy());
  });
  server.keepAliveTimeout = 30_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(listen.port ?? 0, host, () => resolve());
  });
  return {
    url: `http://${host}:${(server.address() as AddressInfo).port}`,
    faults,
    calls: () => calls,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Undefined: the fault lets the call be carried out (it only delays it, or loses the reply). */
function faultReply(fault: Fault, protocol: Protocol): Reply | undefined {
  if (fault.status === undefined) return undefined;
  const reply = protocol.errorReply(fault.status, fault.code ?? 'InternalError', fault.message ?? 'an injected fault');
  return fault.retryAfter === undefined ? reply : { ...reply, headers: { ...reply.headers, 'retry-after': String(fault.retryAfter) } };
}

/** A defect of the fake must show itself as one, not as a connection that hangs. */
async function answerOrFail(protocol: Protocol, call: Call, fault: Fault | undefined): Promise<Reply> {
  try {
    return await protocol.answer(call, fault);
  } catch (error) {
    return protocol.errorReply(500, 'InternalError', `the fake failed: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function controlReply(call: Call, protocol: Protocol, faults: Faults, calls: readonly string[]): Reply | undefined {
  const route = `${call.method} ${call.url.pathname}`;
  if (route === 'GET /_state') return json(200, protocol.state());
  if (route === 'GET /_calls') return json(200, calls);
  if (route === 'DELETE /_faults') {
    faults.clear();
    return json(200, {});
  }
  if (route !== 'POST /_faults') return undefined;
  try {
    const given = JSON.parse(call.body) as Fault | Fault[];
    faults.add(...(Array.isArray(given) ? given : [given]));
    return json(200, {});
  } catch {
    return json(400, { message: 'the body must be a fault, or a list of faults, as JSON' });
  }
}

export const json = (status: number, body: unknown): Reply => ({ status, contentType: 'application/json', body: JSON.stringify(body) });

async function readCall(request: IncomingMessage): Promise<Call> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return {
    method: request.method ?? 'GET',
    url: new URL(request.url ?? '/', `http://${request.headers.host ?? 'localhost'}`),
    headers: Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)])),
    body: Buffer.concat(chunks).toString('utf8'),
  };
}

function send(response: ServerResponse, reply: Reply): void {
  response.writeHead(reply.status, { ...reply.headers, 'content-type': reply.contentType });
  response.end(reply.body);
}
