import { describe, expect, it } from '@jest/globals';
import { kebab } from '../../../../infra/aws/names.ts';
import { createApp } from '../../../../infra/aws/stack/app.ts';
import { kinds } from '../../../../shared/kinds/index.ts';
import { indexes } from '../../../../shared/store/table.ts';
import { manyKinds } from '../many-kinds.ts';
import { synthesize, synthesizeAgain } from '../synthesize.ts';
import { propertiesOf, resolve, type Template } from '../template.ts';

const template = synthesize();

const count = (of: Template): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const { Type } of Object.values(of.Resources)) counts[Type] = (counts[Type] ?? 0) + 1;
  return counts;
};

describe('a stack', () => {
  it('is made of this', () => {
    const inventory = Object.entries(template.Resources).map(([id, { Type }]) => `${Type} ${id.replace(/[0-9A-F]{8}$/, '')}`);
    expect(inventory.sort()).toMatchSnapshot();
  });

  it('is the same whenever it is made', () => {
    expect(synthesizeAgain()).toEqual(template);
  });

  it('stays under 400 resources with forty kinds, half of them reconciled', () => {
    const many = manyKinds(40);
    const counts = count(synthesize({}, many));
    expect(Object.values(counts).reduce((sum, each) => sum + each)).toBeLessThan(400);
    expect(counts).toMatchObject({ 'AWS::SQS::Queue': 2 * 20 + 1, 'AWS::ApiGateway::RestApi': 1 });
  });

  it('of another prefix shares no physical name with this one', () => {
    const named = /^(Alarm|Alias|Dashboard|Function|LogGroup|Queue|StateMachine|Table|)Name$/;
    const names = (of: Template) =>
      Object.values(of.Resources)
        .filter(({ Type }) => Type !== 'AWS::Lambda::Permission' && Type !== 'AWS::Lambda::EventSourceMapping')
        .flatMap(({ Properties }) => Object.entries(resolve<Record<string, unknown>>(of, Properties)))
        .filter(([key]) => named.test(key))
        .map(([, value]) => String(value));
    const other = synthesize({ prefix: 'Two' });
    expect(names(template).length).toBeGreaterThan(60);
    expect(names(template).filter((name) => names(other).includes(name))).toEqual([]);
  });

  it('has function names that Lambda takes, also with the longest prefix', () => {
    const { FunctionName: longest } = propertiesOf<{ FunctionName: string }>(
      synthesize({ prefix: 'p'.repeat(24) }),
      'AWS::Lambda::Function',
    ).reduce((a, b) => (a.FunctionName.length > b.FunctionName.length ? a : b));
    expect(longest.length).toBeLessThanOrEqual(64);
  });

  it('says what to do when its bundles are not there, or a name is too long', () => {
    expect(() => createApp({ bundles: 'nowhere' })).toThrow(
      'there is no bundle nowhere/api-cluster/index.mjs: make the bundles with "npm run bundle"',
    );
    const longKind = { ...manyKinds(1)[0]!, kind: 'A'.repeat(60) };
    expect(() => synthesize({}, [longKind])).toThrow(
      /^the function name Plastron-api-a{60} has 73 characters, and Lambda takes 64: choose a shorter prefix$/,
    );
  });
});

describe('the table', () => {
  const [table] = propertiesOf<Record<string, unknown>>(template, 'AWS::DynamoDB::Table');

  it('keeps every object, streams every change, can be restored, and is not deleted by mistake', () => {
    expect(table).toMatchObject({
      BillingMode: 'PAY_PER_REQUEST',
      DeletionProtectionEnabled: true,
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      SSESpecification: { SSEEnabled: true, SSEType: 'KMS', KMSMasterKeyId: expect.stringContaining(':key/KEY') },
      StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
      TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
    });
    expect(Object.values(template.Resources).find(({ Type }) => Type === 'AWS::DynamoDB::Table')).toMatchObject({
      DeletionPolicy: 'Retain',
    });
  });

  it('has the indexes that the store reads, and no other', () => {
    const wanted = Object.entries(indexes).map(([IndexName, { key }]) => ({
      IndexName,
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: key, KeyType: 'RANGE' },
      ],
      Projection: { ProjectionType: 'KEYS_ONLY' },
    }));
    expect(table).toMatchObject({ LocalSecondaryIndexes: wanted });
    expect(table).not.toHaveProperty('GlobalSecondaryIndexes');
  });

  it('goes with the stack where that is wanted, and its key too', () => {
    const destroyed = synthesize({ removalPolicy: 'destroy', pointInTimeRecovery: false });
    const kept = Object.values(destroyed.Resources).filter(({ DeletionPolicy }) => DeletionPolicy === 'Retain');
    expect(kept).toEqual([]);
    expect(propertiesOf(destroyed, 'AWS::DynamoDB::Table')[0]).toMatchObject({ DeletionProtectionEnabled: false });
  });

  it('uses the customer key that is given', () => {
    const kmsKeyArn = 'arn:aws:kms:us-east-1:123456789012:key/mine';
    const given = synthesize({ kmsKeyArn });
    expect(propertiesOf(given, 'AWS::KMS::Key')).toEqual([]);
    expect(propertiesOf(given, 'AWS::DynamoDB::Table')[0]).toMatchObject({ SSESpecification: { KMSMasterKeyId: kmsKeyArn } });
  });
});

describe('queues', () => {
  const queues = propertiesOf<Record<string, unknown>>(template, 'AWS::SQS::Queue');
  const named = (name: string) => queues.find(({ QueueName }) => QueueName === name)!;
  const reconciled = kinds.filter((kind) => kind.reconciled);

  it.each(reconciled)('$kind: in order, not by content, and dead letters go aside', (kind) => {
    const name = `Plastron-${kebab(kind.kind)}`;
    expect(named(`${name}.fifo`)).toMatchObject({
      FifoQueue: true,
      ContentBasedDeduplication: false,
      SqsManagedSseEnabled: true,
      DelaySeconds: kind.owns.length > 0 ? 2 : 0,
      RedrivePolicy: { maxReceiveCount: 5, deadLetterTargetArn: expect.stringMatching(new RegExp(`:${name}-dead\\.fifo$`)) },
    });
    expect(named(`${name}-dead.fifo`)).toMatchObject({ FifoQueue: true, MessageRetentionPeriod: 14 * 86_400 });
  });

  it.each(reconciled)('$kind: is delivered again only when its reconciler has surely ended', (kind) => {
    const id = kebab(kind.kind);
    const [reconciler] = propertiesOf<{ FunctionName: string; Timeout: number }>(template, 'AWS::Lambda::Function').filter(
      ({ FunctionName }) => FunctionName === `Plastron-reconcile-${id}`,
    );
    expect(named(`Plastron-${id}.fifo`).VisibilityTimeout).toBeGreaterThanOrEqual(6 * reconciler!.Timeout);
    expect(propertiesOf(template, 'AWS::Lambda::EventSourceMapping')).toContainEqual({
      FunctionName: `Plastron-reconcile-${id}`,
      EventSourceArn: expect.stringMatching(new RegExp(`:Plastron-${id}\\.fifo$`)),
      BatchSize: 10,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    });
  });

  it('take nothing over plain HTTP', () => {
    const refused = propertiesOf<{ Queues: string[]; PolicyDocument: { Statement: unknown[] } }>(template, 'AWS::SQS::QueuePolicy').flatMap(
      (policy) => {
        expect(policy.PolicyDocument.Statement).toContainEqual(
          expect.objectContaining({ Effect: 'Deny', Action: 'sqs:*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
        );
        return policy.Queues.map((url) => url.split('/').at(-1));
      },
    );
    expect(refused.sort()).toEqual(queues.map(({ QueueName }) => QueueName).sort());
  });
});
