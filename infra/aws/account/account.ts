import type { DynamoDBBatchResponse, SQSBatchResponse } from 'aws-lambda';
import type { Log } from '../../../shared/ports.ts';
import { ensureTable } from '../../../shared/store/dynamodb.ts';
import { localClient } from '../../local/dynamodb/client.ts';
import { startDynamoDb } from '../../local/dynamodb/host.ts';
import { createStepFunctions } from '../../local/stepfunctions/step-functions.ts';
import { systemClock as clock, systemRandom as random } from '../../system.ts';
import { accessOf } from './access.ts';
import { tableOperations } from './dynamodb.ts';
import { endedEvent } from './ended-event.ts';
import { frontOf } from './front.ts';
import { createFunctions, type Functions } from './functions.ts';
import { kms } from './kms.ts';
import { operationsOf } from './operations.ts';
import { functionSettingsOf, machinesOf, queuesOf, streamsOf } from './parts.ts';
import { place } from './place.ts';
import type { Queue } from './queue.ts';
import { serveServices } from './services.ts';
import { type Deployed, deploy, type Resource, type Template } from './template.ts';

export interface AccountOptions {
  readonly template: Template;
  /** Values of the template's parameters. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** Folder of the bundles, by the names of the entries. */
  readonly bundles: string;
  /** What more the functions find in their environment: endpoints of fake clouds. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Who an access key belongs to, by STS: an ARN. */
  identityOf(accessKey: string): string | undefined;
  /** Every line that a function logs. */
  log?(functionName: string, line: string): void;
}

/** An account of AWS on one machine, with what a template of ours says in it. */
export interface Account {
  /** What API Gateway answers; paths begin with the stage. */
  api(request: Request): Promise<Response>;
  /** What the schedule does once a minute; `at`: ms since 1970, now if absent. */
  tick(at?: number): Promise<void>;
  /** Calls that a function's role did not allow: `api-secret kms:Decrypt`. */
  readonly denied: readonly string[];
  readonly functions: Functions;
  readonly queues: ReadonlyMap<string, Queue>;
  readonly kmsCalls: { readonly calls: number };
  readonly deployed: Deployed;
  /** Endpoint of Step Functions, as client-sfn speaks to it. */
  readonly stepFunctions: string;
  /** Endpoint of DynamoDB behind all. */
  readonly dynamodb: string;
  readonly table: string;
  close(): Promise<void>;
}

/** Runs the template: its functions in processes of their own, with the environment, rights, events and routes that it gives them. */
export async function openAccount(options: AccountOptions): Promise<Account> {
  const deployed = deploy(options.template, { ...place, ...(options.parameters && { parameters: options.parameters }) });
  const only = (type: string): Resource => deployed.ofType(type)[0]!;
  const lambdas = deployed.ofType('AWS::Lambda::Function');
  const roleOf = new Map(lambdas.map(({ properties }) => [String(properties.FunctionName), String(properties.Role)]));
  const may = accessOf(deployed);
  const denied: string[] = [];

  const dynamodb = await startDynamoDb();
  const table = only('AWS::DynamoDB::Table');
  const tableName = String(table.properties.TableName ?? table.id);
  const client = localClient(dynamodb.endpoint);
  await ensureTable({ client, table: tableName });

  const quiet: Log = {
    debug() {},
    info() {},
    warn() {},
    error: (sentence, fields) => options.log?.('account', JSON.stringify({ sentence, ...fields })),
  };
  const named = (sort: string): string =>
    String(lambdas.map(({ properties }) => properties.FunctionName).find((name) => String(name).endsWith(`-${sort}`)));
  const streams = streamsOf(deployed, (name, event) => functions.invoke(name, event) as Promise<DynamoDBBatchResponse>, quiet);
  const keys = kms(deployed.ofType('AWS::KMS::Key')[0]?.arn ?? `arn:aws:kms:${place.region}:${place.account}:key/given`);

  const stepFunctions = await createStepFunctions({
    machines: machinesOf(deployed),
    invoke: (name, payload) => functions.invoke(name.split(':').at(-1)!, payload),
    ended: (execution) => void functions.invoke(named('executions'), endedEvent(execution, clock.now())).catch(() => {}),
    clock,
    random,
  });
  const queues = queuesOf(deployed, (name, event) => functions.invoke(name, event) as Promise<SQSBatchResponse>);

  const services = await serveServices({
    operationOf: operationsOf({
      stepFunctions: stepFunctions.url,
      table: tableOperations({
        endpoint: dynamodb.endpoint,
        tableArn: table.arn,
        append: (record) => {
          for (const { append } of streams) append(record);
        },
      }),
      keys: keys.operations,
      queues,
      invoke: (name, event) => void functions.invoke(name, event).catch(() => {}),
      identityOf: options.identityOf,
    }),
    may: (call, { action, resource, context }) =>
      action === 'sts:GetCallerIdentity' || may(roleOf.get(call.caller) ?? '', action, resource(call), context?.(call)),
    denied: (call, { action }) => void denied.push(`${call.caller} ${action}`),
  });
  const functions = createFunctions(functionSettingsOf(deployed, { ...options, services: services.url }));

  return {
    denied,
    functions,
    queues,
    kmsCalls: keys.asked,
    deployed,
    stepFunctions: stepFunctions.url,
    dynamodb: dynamodb.endpoint,
    table: tableName,
    api: frontOf(deployed, functions),
    async tick(at = clock.now()) {
      const { Input } = only('AWS::Scheduler::Schedule').properties.Target as { Input: string };
      await functions.invoke(named('sweep'), JSON.parse(Input.replaceAll('<aws.scheduler.scheduled-time>', new Date(at).toISOString())));
    },
    async close() {
      await stepFunctions.close();
      await Promise.all(streams.map((stream) => stream.close()));
      await Promise.all([...queues.values()].map((queue) => queue.close()));
      await functions.close();
      await services.close();
      client.destroy();
      await dynamodb.close();
    },
  };
}
