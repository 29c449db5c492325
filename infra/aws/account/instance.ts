/**
 * One instance of a Lambda, in a process of its own: loads a bundle as the runtime does and handles one event at a time. Streams
 * go out in the runtime's wire format: the metadata as JSON, eight NULs, the body.
 */
import { Writable } from 'node:stream';

export type ToInstance = { readonly event: unknown; readonly requestId: string };
export type FromInstance =
  | { readonly loaded: number }
  | { readonly chunk: Uint8Array }
  | ({ readonly result: unknown } & Spent)
  | ({ readonly failed: { readonly errorType: string; readonly errorMessage: string } } & Spent);

/** What an event took: ms of processor time, and bytes of memory in use after it. */
export interface Spent {
  readonly cpuMs: number;
  readonly rss: number;
}

const send = (message: FromInstance): void => void process.send?.(message);

const streaming = Symbol.for('aws.lambda.runtime.handler.streaming');
const head = new WeakMap<Writable, Buffer>();

/** What the runtime of Lambda gives to handlers that stream. */
const awslambda = {
  streamifyResponse: (handler: object) => Object.assign(handler, { [streaming]: 'response' }),
  HttpResponseStream: {
    from(stream: Writable, metadata: object): Writable {
      head.set(stream, Buffer.concat([Buffer.from(JSON.stringify(metadata)), Buffer.alloc(8)]));
      return stream;
    },
  },
};
Object.assign(globalThis, { awslambda });

/** Requests to STS go where the account's STS is; everything else goes where it says. */
const fetchAnywhere = globalThis.fetch;
globalThis.fetch = (input, init) => {
  const url = new URL(input instanceof Request ? input.url : input);
  const sts = process.env.EMULATED_STS;
  if (sts === undefined || !/^sts[.-]/.test(url.hostname)) return fetchAnywhere(input, init);
  return fetchAnywhere(`${sts}${url.pathname}${url.search}`, { ...init, headers: { ...headersOf(init), 'x-emulated-host': url.host } });
};

const headersOf = (init?: RequestInit): Record<string, string> => Object.fromEntries(new Headers(init?.headers));

/** Sends the head before the first write, be it empty. */
function responseStream(): Writable {
  const stream: Writable = new Writable({
    decodeStrings: true,
    write(chunk: Buffer, _encoding, done) {
      const first = head.get(stream);
      head.delete(stream);
      send({ chunk: first === undefined ? chunk : Buffer.concat([first, chunk]) });
      done();
    },
  });
  return stream;
}

type Handler = ((event: unknown, ...rest: readonly unknown[]) => Promise<unknown>) & { readonly [streaming]?: string };

const began = performance.now();
const { handler } = (await import(process.argv[2]!)) as { handler: Handler };
send({ loaded: performance.now() - began });

process.on('message', async ({ event, requestId }: ToInstance) => {
  const before = process.cpuUsage();
  const spent = (): Spent => {
    const { user, system } = process.cpuUsage(before);
    return { cpuMs: (user + system) / 1000, rss: process.memoryUsage.rss() };
  };
  const context = {
    awsRequestId: requestId,
    functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: '$LATEST',
    memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    invokedFunctionArn: process.env.EMULATED_ARN,
    getRemainingTimeInMillis: () => 300_000,
  };
  try {
    const result = handler[streaming] === 'response' ? await handler(event, responseStream(), context) : await handler(event, context);
    send({ result, ...spent() });
  } catch (error) {
    // As the runtime does.
    process.stderr.write(`Invoke Error ${error instanceof Error ? error.stack : String(error)}\n`);
    const { name, message } = error instanceof Error ? error : { name: 'Error', message: String(error) };
    send({ failed: { errorType: name, errorMessage: message }, ...spent() });
  }
});
