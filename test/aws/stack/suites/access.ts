import { describe, expect, it } from '@jest/globals';
import { byName, rightsOf, roleOf } from '../rights.ts';
import { synthesize } from '../synthesize.ts';
import { propertiesOf } from '../template.ts';

const template = synthesize();
const functions = byName(template, 'AWS::Lambda::Function', 'FunctionName');
const stateMachines = byName(template, 'AWS::StepFunctions::StateMachine', 'StateMachineName');

const on = (actions: string[], things: string[], condition = '') =>
  actions.flatMap((action) => things.map((thing) => `${action} ${thing}${condition}`));

const indexes = ['byVersion', 'byOwner', 'byCluster', 'byDue', 'spare'].map((index) => `table/TABLE/index/${index}`);
const viaDynamoDb = ' if kms:ViaService=dynamodb.us-east-1.amazonaws.com';
const ofThisPlane = ' if kms:EncryptionContext:plastron:plane=Plastron';
const workflows = ['create-machine', 'teardown-machine', 'rollout', 'create-cluster', 'teardown-cluster', 'empty-cloud'];
const queues = ['cluster', 'machine-deployment', 'machine-set', 'machine'].map((kind) => `Plastron-${kind}.fifo`);

const read = [
  ...on(['dynamodb:GetItem', 'dynamodb:BatchGetItem'], ['table/TABLE']),
  ...on(['dynamodb:Query'], ['table/TABLE', ...indexes]),
  ...on(['kms:Decrypt', 'kms:DescribeKey'], ['key/KEY'], viaDynamoDb),
];
const encryption = ['kms:Encrypt', 'kms:ReEncryptFrom', 'kms:ReEncryptTo', 'kms:GenerateDataKey', 'kms:GenerateDataKeyWithoutPlaintext'];
const put = [...read, 'dynamodb:PutItem table/TABLE', ...on(encryption, ['key/KEY'], viaDynamoDb)];
const settle = [...put, 'dynamodb:UpdateItem table/TABLE'];
const open = on(['kms:Decrypt'], ['key/KEY'], ofThisPlane);
const seal = on(['kms:Decrypt', 'kms:GenerateDataKey'], ['key/KEY'], ofThisPlane);
const send = on(['sqs:SendMessage'], queues);
const take = (kind: string) => on(['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'], [`Plastron-${kind}.fifo`]);
const workflow = [
  ...on(
    ['states:StartExecution'],
    workflows.map((name) => `stateMachine:Plastron-${name}`),
  ),
  ...on(
    ['states:DescribeExecution'],
    workflows.map((name) => `execution:Plastron-${name}:*`),
  ),
];
const streamed = [
  ...on(
    ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator', 'dynamodb:ListStreams'],
    ['table/TABLE/stream/NOW'],
  ),
  'sqs:SendMessage Plastron-undelivered',
];
const invoke = (...names: string[]) =>
  on(
    ['lambda:InvokeFunction'],
    names.map((name) => `function:Plastron-${name}`),
  );

/** All that each function may do beside writing its own log. */
const expected: Readonly<Record<string, readonly string[]>> = {
  'api-cluster': put,
  'api-machine-deployment': put,
  'api-machine-set': put,
  'api-machine': put,
  'api-event': put,
  'api-namespace': put,
  'api-secret': [...put, ...seal],
  'api-config-map': [...put, ...seal],
  discovery: read,
  'reconcile-cluster': [...settle, ...take('cluster'), ...workflow],
  'reconcile-machine-deployment': [...settle, ...take('machine-deployment'), ...workflow],
  'reconcile-machine-set': [...settle, ...take('machine-set'), ...workflow],
  'reconcile-machine': [...settle, ...open, ...take('machine'), ...workflow],
  dispatch: [...read, ...open, ...streamed, ...send],
  executions: send,
  collect: [...put, ...seal, ...streamed],
  sweep: [...put, ...send, ...invoke('collect', 'steps', 'steps-aws', 'steps-gce')],
  steps: [...settle, ...seal, ...workflow],
  'steps-aws': [...put, ...open],
  'steps-gce': [...put, ...open],
};

describe('who may do what', () => {
  it('is said here of every function', () => {
    const known = Object.keys(expected).map((name) => `Plastron-${name}`);
    const others = [...functions.keys()].filter((name) => !known.includes(name));
    // Kinds that are neither reconciled nor sealed come and go; theirs is an API like any other.
    for (const name of others) expect([name, rightsWithoutLog(name.slice('Plastron-'.length))]).toEqual([name, [...put].sort()]);
  });

  it.each(Object.keys(expected))('%s: this and no more', (name) => {
    expect(rightsWithoutLog(name)).toEqual([...new Set(expected[name])].sort());
  });

  it.each(Object.keys(expected))('%s writes its own log, and no other', (name) => {
    const lines = rightsOf(template, roleOf(functions.get(`Plastron-${name}`)!, 'Role')).filter((line) => line.startsWith('logs:'));
    expect(lines).toEqual(on(['logs:CreateLogStream', 'logs:PutLogEvents'], [`log-group:/aws/lambda/Plastron-${name}:*`]));
  });

  it.each(workflows)('%s calls the steps that it names, and no other function', (name) => {
    const stateMachine = stateMachines.get(`Plastron-${name}`)!;
    const usesClouds = ['create-machine', 'teardown-machine', 'empty-cloud'].includes(name);
    expect(rightsOf(template, roleOf(stateMachine, 'RoleArn'))).toEqual(invoke('steps', ...(usesClouds ? ['steps-aws', 'steps-gce'] : [])));
  });

  it('the schedule calls the sweep, and nothing else', () => {
    const [, schedule] = Object.entries(template.Resources).find(([, { Type }]) => Type === 'AWS::Scheduler::Schedule')!;
    const target = schedule.Properties.Target as Record<string, { readonly 'Fn::GetAtt': readonly [string, string] }>;
    expect(rightsOf(template, target.RoleArn!['Fn::GetAtt'][0])).toEqual(invoke('sweep'));
  });

  it('no role takes rights from anywhere else', () => {
    const types = Object.values(template.Resources).map(({ Type }) => Type);
    expect(types).not.toContain('AWS::IAM::Policy');
    expect(types).not.toContain('AWS::IAM::ManagedPolicy');
    const roles = Object.entries(template.Resources).filter(([, { Type }]) => Type === 'AWS::IAM::Role');
    expect(roles.length).toBe(functions.size + stateMachines.size + 1);
    for (const [id] of roles) expect(rightsOf(template, id).filter((line) => line.startsWith('everything'))).toEqual([]);
  });

  it('API Gateway calls the functions of the API, from this API only', () => {
    const permissions = propertiesOf(template, 'AWS::Lambda::Permission').filter(
      ({ Principal }) => Principal === 'apigateway.amazonaws.com',
    );
    const called = permissions.map(({ FunctionName }) => String(FunctionName).replace(/.*:function:Plastron-/, ''));
    expect(called.sort()).toEqual(
      [...functions.keys()]
        .map((name) => name.slice('Plastron-'.length))
        .filter((name) => /^(api-|discovery$)/.test(name))
        .sort(),
    );
    for (const { SourceArn, Action } of permissions)
      expect([Action, SourceArn]).toEqual(['lambda:InvokeFunction', 'arn:aws:execute-api:us-east-1:123456789012:API/v1/*/*']);
  });

  it('nobody but EventBridge and API Gateway may call a function without a role of ours', () => {
    const principals = propertiesOf(template, 'AWS::Lambda::Permission').map(({ Principal }) => Principal);
    expect([...new Set(principals)].sort()).toEqual(['apigateway.amazonaws.com', 'events.amazonaws.com']);
  });
});

function rightsWithoutLog(name: string): readonly string[] {
  return rightsOf(template, roleOf(functions.get(`Plastron-${name}`)!, 'Role')).filter((line) => !line.startsWith('logs:'));
}
