import { describe, expect, it } from '@jest/globals';
import { workflows } from '../../../../shared/kinds/workflows.ts';
import { synthesize } from '../synthesize.ts';
import { propertiesOf, resolve, type Template } from '../template.ts';

const template = synthesize();
const given = synthesize({
  domain: { name: 'plane.example.com', certificateArn: 'arn:aws:acm:us-east-1:123456789012:certificate/1', hostedZoneId: 'Z1' },
  requestsPerSecond: 5,
  burst: 10,
  reconcilesAtOnce: 20,
});

const only = (of: Template, type: string) => {
  const found = propertiesOf(of, type);
  expect(found).toHaveLength(1);
  return found[0]!;
};

describe('what wakes the plane', () => {
  it('is the stream, a hundred changes at a time, and not for ever; to the collector only what tells of an end', () => {
    const stream = {
      EventSourceArn: 'arn:aws:dynamodb:us-east-1:123456789012:table/TABLE/stream/NOW',
      StartingPosition: 'TRIM_HORIZON',
      BatchSize: 100,
      BisectBatchOnFunctionError: true,
      MaximumRetryAttempts: 5,
      MaximumRecordAgeInSeconds: 3600,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      DestinationConfig: { OnFailure: { Destination: 'arn:aws:sqs:us-east-1:123456789012:Plastron-undelivered' } },
    };
    const mappings = propertiesOf(template, 'AWS::Lambda::EventSourceMapping').filter(
      ({ StartingPosition }) => StartingPosition !== undefined,
    );
    expect(mappings).toEqual([
      { ...stream, FunctionName: 'Plastron-dispatch', ParallelizationFactor: 10 },
      {
        ...stream,
        FunctionName: 'Plastron-collect',
        FilterCriteria: {
          Filters: [
            { Pattern: '{"dynamodb":{"NewImage":{"deletedAt":{"N":[{"exists":true}]}}}}' },
            { Pattern: '{"dynamodb":{"NewImage":{"ending":{"S":[{"exists":true}]}}}}' },
            { Pattern: '{"dynamodb":{"NewImage":{"owned":{"S":[{"exists":true}]}}}}' },
          ],
        },
      },
    ]);
  });

  it('is a schedule, which says every minute which minute it is', () => {
    expect(only(template, 'AWS::Scheduler::Schedule')).toMatchObject({
      ScheduleExpression: 'rate(1 minute)',
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: { Arn: 'arn:aws:lambda:us-east-1:123456789012:function:Plastron-sweep', Input: '{"time":"<aws.scheduler.scheduled-time>"}' },
    });
  });

  it('is every end of every execution', () => {
    const rules = propertiesOf<{ EventPattern: { detail: { status: string[]; stateMachineArn: string[] } }; Targets: unknown[] }>(
      template,
      'AWS::Events::Rule',
    );
    expect(rules.flatMap(({ EventPattern }) => EventPattern.detail.status).sort()).toEqual(['ABORTED', 'FAILED', 'SUCCEEDED', 'TIMED_OUT']);
    for (const { EventPattern, Targets } of rules) {
      expect(EventPattern).toMatchObject({ source: ['aws.states'], 'detail-type': ['Step Functions Execution Status Change'] });
      expect(EventPattern.detail.stateMachineArn).toHaveLength(workflows.length);
      expect(Targets).toEqual([
        expect.objectContaining({
          Arn: 'arn:aws:lambda:us-east-1:123456789012:function:Plastron-executions',
          DeadLetterConfig: { Arn: 'arn:aws:sqs:us-east-1:123456789012:Plastron-undelivered' },
        }),
      ]);
    }
  });

  it('is no more at once than the option says', () => {
    const mappings = propertiesOf(given, 'AWS::Lambda::EventSourceMapping').filter(({ FunctionName }) =>
      String(FunctionName).includes('reconcile'),
    );
    expect(mappings.length).toBeGreaterThan(0);
    for (const mapping of mappings) expect(mapping).toMatchObject({ ScalingConfig: { MaximumConcurrency: 20 } });
  });
});

describe('the API', () => {
  it('is regional, throttled, and takes nothing that belongs to the whole account', () => {
    expect(only(template, 'AWS::ApiGateway::RestApi')).toMatchObject({ Name: 'Plastron', EndpointConfiguration: { Types: ['REGIONAL'] } });
    expect(propertiesOf(template, 'AWS::ApiGateway::Account')).toEqual([]);
    for (const [of, rate, burst] of [
      [template, 100, 200],
      [given, 5, 10],
    ] as const)
      expect(only(of, 'AWS::ApiGateway::Stage')).toMatchObject({
        StageName: 'v1',
        MethodSettings: [
          { HttpMethod: '*', ResourcePath: '/*', ThrottlingRateLimit: rate, ThrottlingBurstLimit: burst, DataTraceEnabled: false },
        ],
      });
  });

  it('calls functions by the way that streams', () => {
    const { Body } = only(template, 'AWS::ApiGateway::RestApi') as {
      Body: { paths: Record<string, Record<string, Record<string, unknown>>> };
    };
    const path = Body.paths['/apis/cluster.k8s.io/v1alpha1/namespaces/{namespace}/machines/{proxy+}']!;
    expect(path['x-amazon-apigateway-any-method']).toMatchObject({
      'x-amazon-apigateway-integration': {
        uri: 'arn:aws:apigateway:us-east-1:lambda:path/2021-11-15/functions/arn:aws:lambda:us-east-1:123456789012:function:Plastron-api-machine/response-streaming-invocations',
      },
    });
  });

  it('has a domain of its own where that is wanted', () => {
    expect(only(given, 'AWS::ApiGateway::DomainName')).toMatchObject({ DomainName: 'plane.example.com', SecurityPolicy: 'TLS_1_2' });
    expect(only(given, 'AWS::ApiGateway::BasePathMapping')).toMatchObject({ Stage: 'v1' });
    expect(only(given, 'AWS::Route53::RecordSet')).toMatchObject({ Name: 'plane.example.com', HostedZoneId: 'Z1' });
    expect(resolve(given, given.Outputs.Url!.Value)).toBe('https://plane.example.com');
  });
});
