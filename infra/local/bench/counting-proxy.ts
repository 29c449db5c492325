import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { runningFunction } from '../meter.ts';
import type { Exchange, Reply, Request } from './bill.ts';
import { createHttpReader, type HttpMessage } from './http-messages.ts';

export interface CountingProxy {
  /** `http://127.0.0.1:40123` */
  readonly endpoint: string;
  /** Tells of every exchange so far that was not told of before. */
  tell(): void;
  close(): Promise<void>;
}

/** One connection of the plane, as it is read afterwards. */
interface Conversation {
  readonly asked: (chunk: Buffer) => HttpMessage[];
  readonly answered: (chunk: Buffer) => HttpMessage[];
  /** What was asked and not answered yet. */
  readonly open: HttpMessage[];
}

interface Heard {
  readonly conversation: Conversation;
  readonly by: 'asked' | 'answered';
  readonly chunk: Buffer;
}

/** Bytes kept before they are read anyhow. */
const most = 64_000_000;

/**
 * Stands between the plane and its DynamoDB and tells of every exchange, in the order of the answers. What measures shares the
 * processors with what is measured: bytes are only passed on, and read when somebody wants to know.
 */
export async function createCountingProxy(upstream: string, tellOf: (exchange: Exchange) => void): Promise<CountingProxy> {
  const { hostname, port } = new URL(upstream);
  const sockets = new Set<Socket>();
  let heard: Heard[] = [];
  let size = 0;

  function hear(one: Heard): void {
    heard.push(one);
    size += one.chunk.length;
    if (size > most) tell();
  }

  function tell(): void {
    const all = heard;
    heard = [];
    size = 0;
    for (const { conversation, by, chunk } of all) {
      const messages = conversation[by](chunk);
      if (by === 'asked') conversation.open.push(...messages);
      else for (const message of messages) tellOf(exchangeOf(conversation.open.shift(), message));
    }
  }

  function relay(from: Socket, to: Socket, conversation: Conversation, by: Heard['by']): void {
    sockets.add(from);
    from.on('data', (chunk: Buffer) => {
      to.write(chunk);
      hear({ conversation, by, chunk });
    });
    from.on('error', () => to.destroy());
    from.on('close', () => {
      sockets.delete(from);
      to.end();
    });
  }

  const server = createServer({ noDelay: true }, (plane) => {
    const dynamodb = connect({ host: hostname, port: Number(port), noDelay: true });
    const conversation = { asked: createHttpReader(), answered: createHttpReader(), open: [] };
    relay(plane, dynamodb, conversation, 'asked');
    relay(dynamodb, plane, conversation, 'answered');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    tell,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

function exchangeOf(asked: HttpMessage | undefined, { start, body }: HttpMessage): Exchange {
  if (asked === undefined) throw new Error('DynamoDB answered what nobody asked');
  const by = asked.headers[functionHeader];
  return {
    action: String(asked.headers['x-amz-target']).split('.')[1] ?? '',
    ...(by !== undefined && { by }),
    request: JSON.parse(asked.body) as Request,
    status: Number(start.split(' ')[1]),
    reply: JSON.parse(body) as Reply,
  };
}

/** Says which function asks. */
const functionHeader = 'x-plastron-function';

/** Has a client ask for what the bill needs too: the capacity that reads consumed, the item that an update left behind. And say who asks. */
export function askForTheBill(client: DynamoDBClient): DynamoDBClient {
  client.middlewareStack.add(
    (next, { commandName = '' }) =>
      (args) =>
        next({ ...args, input: { ...args.input, ...questionOf(commandName) } }),
    { step: 'initialize', name: 'askForTheBill' },
  );
  client.middlewareStack.add(
    (next) => (args) => {
      const by = runningFunction();
      if (by !== undefined) (args.request as { headers: Record<string, string> }).headers[functionHeader] = by;
      return next(args);
    },
    { step: 'build', name: 'sayWhoAsks' },
  );
  return client;
}

function questionOf(command: string): object {
  if (command === 'UpdateItemCommand') return { ReturnValues: 'ALL_NEW' };
  return /^(GetItem|BatchGetItem|Query|Scan)Command$/.test(command) ? { ReturnConsumedCapacity: 'TOTAL' } : {};
}
