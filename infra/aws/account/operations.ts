import { createHash } from 'node:crypto';
import { place } from './place.ts';
import type { Queue } from './queue.ts';
import { fault, json, type Operation, type ServiceCall } from './services.ts';

/** What stands behind the services. */
export interface Parts {
  readonly stepFunctions: string;
  table(operation: string): Operation;
  readonly keys: Readonly<Record<string, Operation>>;
  readonly queues: ReadonlyMap<string, Queue>;
  invoke(functionName: string, event: unknown): void;
  identityOf(accessKey: string): string | undefined;
}

/** The operation that a call is for, as far as the plane's functions have any. */
export function operationsOf(parts: Parts): (call: ServiceCall) => Operation | undefined {
  return ({ target }) => {
    const [service = '', name = ''] = target.split('.');
    if (service === 'DynamoDB_20120810') return parts.table(name);
    if (service === 'TrentService') return parts.keys[name];
    if (target === 'AmazonSQS.SendMessageBatch') return sendMessageBatch(parts.queues);
    if (service === 'AWSStepFunctions') return passOn(parts.stepFunctions, name);
    if (target.startsWith('POST /2015-03-31/functions/')) return invokeFunction(parts.invoke);
    if (target.startsWith('GET /?')) return callerIdentity(parts.identityOf);
    return undefined;
  };
}

const queueNameOf = ({ body }: ServiceCall): string => String(body.QueueUrl).split('/').at(-1)!;

const sendMessageBatch = (queues: ReadonlyMap<string, Queue>): Operation => ({
  action: 'sqs:SendMessage',
  resource: (call) => `arn:aws:sqs:${place.region}:${place.account}:${queueNameOf(call)}`,
  async answer(call) {
    const queue = queues.get(queueNameOf(call));
    if (queue === undefined) return fault('com.amazonaws.sqs#QueueDoesNotExist', queueNameOf(call));
    const entries = call.body.Entries as ({ Id: string } & Parameters<Queue['send']>[0])[];
    for (const entry of entries) queue.send(entry);
    return json({
      Successful: entries.map(({ Id, MessageBody }) => ({ Id, MessageId: Id, MD5OfMessageBody: md5(MessageBody) })),
      Failed: [],
    });
  },
});

const md5 = (text: string): string => createHash('md5').update(text).digest('hex');

const passOn = (url: string, name: string): Operation => ({
  action: `states:${name}`,
  resource: ({ body }) => String(body.stateMachineArn ?? body.executionArn),
  async answer({ text, headers }) {
    const response = await fetch(url, {
      method: 'POST',
      body: text,
      headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': String(headers['x-amz-target']) },
    });
    return { status: response.status, body: await response.text() };
  },
});

const invokedName = ({ target }: ServiceCall): string => decodeURIComponent(target.split('/')[3] ?? '');

const invokeFunction = (invoke: Parts['invoke']): Operation => ({
  action: 'lambda:InvokeFunction',
  resource: (call) => `arn:aws:lambda:${place.region}:${place.account}:function:${invokedName(call)}`,
  async answer(call) {
    invoke(invokedName(call), call.body);
    return { status: 202, body: '' };
  },
});

/** Who signed the URL; the signature itself is not looked at. */
const callerIdentity = (identityOf: Parts['identityOf']): Operation => ({
  action: 'sts:GetCallerIdentity',
  resource: () => '*',
  async answer({ target }) {
    const credential = new URLSearchParams(target.slice(target.indexOf('?'))).get('X-Amz-Credential') ?? '';
    const Arn = identityOf(credential.split('/')[0] ?? '');
    if (Arn === undefined) return { status: 403, body: '{"Error":{"Code":"InvalidClientTokenId"}}' };
    const session = /:assumed-role\/[^/]+\/(.+)$/.exec(Arn)?.[1];
    const UserId = session === undefined ? 'AIDAEXAMPLEEXAMPLE00' : `AROAEXAMPLEEXAMPLE00:${session}`;
    return json({ GetCallerIdentityResponse: { GetCallerIdentityResult: { Account: place.account, Arn, UserId } } });
  },
});
