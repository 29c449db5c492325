import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';

/** What befalls a request: `lostReply` is carried out, `late` too but only after `meanwhile`. */
export type Fault = 'lostReply' | 'lostRequest' | 'late' | 'throttled' | 'unprocessed' | undefined;

type Send = (command: Command, ...rest: unknown[]) => Promise<unknown>;
interface Command {
  readonly input: Record<string, unknown>;
  readonly constructor: { readonly name: string };
}

/**
 * The client with a network between: `befalls` is asked before each request with the command's name; `meanwhile` happens
 * after a reply was lost and before anybody knows, or before a late request goes out.
 */
export function faulty(client: DynamoDBClient, befalls: (command: string) => Fault, meanwhile?: () => Promise<unknown>): DynamoDBClient {
  const send: Send = client.send.bind(client) as Send;
  const between: Send = async (command, ...rest) => {
    switch (befalls(command.constructor.name)) {
      case 'lostReply':
        await send(command, ...rest);
        await meanwhile?.();
        throw timeout();
      case 'late':
        await meanwhile?.();
        return send(command, ...rest);
      case 'lostRequest':
        throw timeout();
      case 'throttled':
        throw Object.assign(new Error('slow down'), { name: 'ThrottlingException', $metadata: { httpStatusCode: 400 } });
      case 'unprocessed':
        return { Responses: {}, UnprocessedKeys: command.input.RequestItems };
      default:
        return send(command, ...rest);
    }
  };
  return new Proxy(client, { get: (target, property) => (property === 'send' ? between : Reflect.get(target, property, target)) });
}

const timeout = () => Object.assign(new Error('no answer in time'), { name: 'TimeoutError' });

/** The first requests with this command meet these faults, later ones none. */
export function once(command: string, ...faults: Fault[]): (name: string) => Fault {
  const left = [...faults];
  return (name) => (name === command ? left.shift() : undefined);
}
