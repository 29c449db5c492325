import { Aws } from 'aws-cdk-lib';
import { PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Entry } from '../entries.ts';
import type { Access } from './access.ts';
import {
  executionsArn,
  functionArn,
  type Plan,
  queueArn,
  queueName,
  reconciledKinds,
  stateMachineArn,
  undeliveredQueueName,
} from './plan.ts';
import type { Storage } from './storage.ts';

type Conditions = Record<string, Record<string, string>>;

const allow = (actions: string[], resources: readonly string[], conditions?: Conditions): PolicyStatement =>
  new PolicyStatement({ actions, resources: [...resources], ...(conditions !== undefined && { conditions }) });

/** What a function may do, from what it may reach: a policy for each thing, named after it. */
export function policiesOf(
  plan: Plan,
  storage: Storage,
  entry: Entry,
  access: Access,
  logGroupArn: string,
): Record<string, PolicyDocument> {
  const { table, secrets, stream, takesWakes, sendsWakes, workflows, steps, collector } = access;
  const queues = reconciledKinds(plan).map((kind) => queueArn(plan, queueName(plan, kind)));
  const statements: Readonly<Record<string, readonly PolicyStatement[]>> = {
    // The ARN of a log group ends in `:*`, for its streams, which Lambda names.
    Log: [allow(['logs:CreateLogStream', 'logs:PutLogEvents'], [logGroupArn])],
    Table: table === undefined ? [] : onTable(storage, table),
    Secrets: secrets === undefined ? [] : [sealing(plan, storage, secrets)],
    Stream: stream
      ? [allow(streamActions, [storage.streamArn]), allow(['sqs:SendMessage'], [queueArn(plan, undeliveredQueueName(plan))])]
      : [],
    TakeWakes: takesWakes
      ? [allow(['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'], [queueArn(plan, queueName(plan, entry.kind!))])]
      : [],
    SendWakes: sendsWakes ? [allow(['sqs:SendMessage'], queues)] : [],
    Workflows: workflows ? onWorkflows(plan) : [],
    Steps: steps
      ? [
          allow(
            ['lambda:InvokeFunction'],
            stepsEntries(plan).map(({ name }) => functionArn(plan, name)),
          ),
        ]
      : [],
    Collector: collector ? [allow(['lambda:InvokeFunction'], [functionArn(plan, 'collect')])] : [],
    Network: plan.options.vpc === undefined ? [] : [allow(networkActions, ['*'])],
  };
  const given = Object.entries(statements).filter(([, list]) => list.length > 0);
  return Object.fromEntries(given.map(([name, list]) => [name, new PolicyDocument({ statements: [...list] })]));
}

export const stepsEntries = ({ entries }: Pick<Plan, 'entries'>): readonly Entry[] =>
  entries.filter(({ sort }) => sort === 'steps' || sort === 'cloud-steps');

const streamActions = ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator', 'dynamodb:ListStreams'];

/** Lambda makes network interfaces in the function's name before any of them has an ARN: EC2 takes no resource here but `*`. */
const networkActions = [
  'ec2:CreateNetworkInterface',
  'ec2:DeleteNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSubnets',
  'ec2:AssignPrivateIpAddresses',
  'ec2:UnassignPrivateIpAddresses',
];

/** Items are put whole, each by a condition; a tombstone is a put too, so nobody needs to delete. DynamoDB uses the key in the caller's name. */
function onTable({ table, indexArns, key }: Storage, how: NonNullable<Access['table']>): PolicyStatement[] {
  const changes = { read: [], put: ['dynamodb:PutItem'], 'put and settle': ['dynamodb:PutItem', 'dynamodb:UpdateItem'] }[how];
  const encryption = ['kms:Encrypt', 'kms:ReEncryptFrom', 'kms:ReEncryptTo', 'kms:GenerateDataKey', 'kms:GenerateDataKeyWithoutPlaintext'];
  const viaDynamoDb = { StringEquals: { 'kms:ViaService': `dynamodb.${Aws.REGION}.${Aws.URL_SUFFIX}` } };
  return [
    allow(['dynamodb:GetItem', 'dynamodb:BatchGetItem', ...changes], [table.tableArn]),
    allow(['dynamodb:Query'], [table.tableArn, ...indexArns]),
    allow(['kms:Decrypt', 'kms:DescribeKey', ...(how === 'read' ? [] : encryption)], [key.keyArn], viaDynamoDb),
  ];
}

/** The encryption context keeps planes apart that share a key. */
const sealing = ({ options }: Plan, { key }: Storage, how: NonNullable<Access['secrets']>): PolicyStatement =>
  allow(['kms:Decrypt', ...(how === 'open' ? [] : ['kms:GenerateDataKey'])], [key.keyArn], {
    StringEquals: { 'kms:EncryptionContext:plastron:plane': options.prefix },
  });

/** Executions are named when they are started: behind the name of the state machine anything may stand. */
const onWorkflows = (plan: Plan): PolicyStatement[] => [
  allow(
    ['states:StartExecution'],
    plan.workflows.map((workflow) => stateMachineArn(plan, workflow)),
  ),
  allow(
    ['states:DescribeExecution'],
    plan.workflows.map((workflow) => executionsArn(plan, workflow)),
  ),
];
