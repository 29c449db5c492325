import { join } from 'node:path';
import type { DynamoDBBatchResponse, DynamoDBStreamEvent, SQSBatchResponse } from 'aws-lambda';
import type { StateMachine } from '../../../shared/kinds/states-language.ts';
import type { Log } from '../../../shared/ports.ts';
import { createTableStream, type TableStream } from '../../local/table-stream.ts';
import { systemClock as clock } from '../../system.ts';
import { type FilterCriteria, filterOf } from './filter.ts';
import type { FunctionSettings } from './functions.ts';
import { place } from './place.ts';
import { createQueue, type Queue } from './queue.ts';
import type { Deployed } from './template.ts';

const awsEnvironment = (url: string): Record<string, string> => ({
  ...Object.fromEntries(['DYNAMODB', 'KMS', 'SQS', 'SFN', 'LAMBDA'].map((service) => [`AWS_ENDPOINT_URL_${service}`, url])),
  EMULATED_STS: url,
  AWS_REGION: place.region,
  AWS_SECRET_ACCESS_KEY: 'secret',
});

interface SettingsOptions {
  /** Where all services are. */
  readonly services: string;
  /** Folder of the bundles. */
  readonly bundles: string;
  readonly environment?: Readonly<Record<string, string>>;
  log?(functionName: string, line: string): void;
}

/** How each function is started: its bundle, and the environment that the template gives it. Its access key is its name. */
export function functionSettingsOf(
  deployed: Deployed,
  { services, bundles, environment, log }: SettingsOptions,
): readonly FunctionSettings[] {
  return deployed.ofType('AWS::Lambda::Function').map(({ properties, arn }) => {
    const name = String(properties.FunctionName);
    const own = (properties.Environment as { Variables?: Record<string, string> } | undefined)?.Variables ?? {};
    return {
      name,
      memory: Number(properties.MemorySize),
      bundle: join(bundles, name.slice(name.indexOf('-') + 1), 'index.mjs'),
      environment: {
        ...awsEnvironment(services),
        ...environment,
        AWS_ACCESS_KEY_ID: name,
        AWS_LAMBDA_FUNCTION_NAME: name,
        AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(properties.MemorySize),
        EMULATED_ARN: arn,
        ...own,
      },
      log: (line: string) => log?.(name, line),
    };
  });
}

/** The definitions as they stand in the template, with their substitutions made. */
export function machinesOf(deployed: Deployed): Record<string, StateMachine> {
  return Object.fromEntries(
    deployed.ofType('AWS::StepFunctions::StateMachine').map(({ properties }) => {
      const substitutions = (properties.DefinitionSubstitutions ?? {}) as Readonly<Record<string, string>>;
      const text = String(properties.DefinitionString).replace(/\$\{(\w+)\}/g, (whole, name: string) => substitutions[name] ?? whole);
      return [String(properties.StateMachineName), JSON.parse(text) as StateMachine];
    }),
  );
}

/** The functions that read the table's stream, each with what its filter lets through. */
export function streamsOf(
  deployed: Deployed,
  deliver: (functionName: string, event: DynamoDBStreamEvent) => Promise<DynamoDBBatchResponse>,
  log: Log,
): readonly TableStream[] {
  const ofTable = deployed.ofType('AWS::Lambda::EventSourceMapping').filter(({ properties }) => properties.StartingPosition !== undefined);
  return ofTable.map(({ properties }) => {
    const functionName = String(properties.FunctionName).split(':').at(-1)!;
    const letsThrough = filterOf(properties.FilterCriteria as FilterCriteria | undefined);
    const stream = createTableStream((event) => deliver(functionName, event), clock, log, Number(properties.BatchSize));
    return { ...stream, append: (record) => (letsThrough(record) ? stream.append(record) : undefined) };
  });
}

/** The queues that have a Lambda behind them, by name. */
export function queuesOf(
  deployed: Deployed,
  consume: (functionName: string, event: unknown) => Promise<SQSBatchResponse>,
): Map<string, Queue> {
  const mappings = deployed.ofType('AWS::Lambda::EventSourceMapping');
  return new Map(
    deployed.ofType('AWS::SQS::Queue').flatMap(({ arn, properties }) => {
      const mapping = mappings.find(({ properties: { EventSourceArn } }) => EventSourceArn === arn)?.properties;
      if (mapping === undefined) return [];
      const functionName = String(mapping.FunctionName).split(':').at(-1)!;
      const queue = createQueue({
        arn,
        delaySeconds: Number(properties.DelaySeconds ?? 0),
        maxReceives: Number((properties.RedrivePolicy as { maxReceiveCount: number }).maxReceiveCount),
        batchSize: Number(mapping.BatchSize ?? 10),
        clock,
        consume: (event) => consume(functionName, event),
      });
      return [[String(properties.QueueName), queue] as const];
    }),
  );
}
