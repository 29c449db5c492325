import { describe, expect, it } from '@jest/globals';
import { workflows } from '../../../../shared/kinds/workflows.ts';
import { synthesize } from '../synthesize.ts';
import { propertiesOf, resolve, type Template } from '../template.ts';

interface Lambda {
  readonly FunctionName: string;
  readonly Timeout: number;
  readonly Environment: { readonly Variables: Readonly<Record<string, string>> };
  readonly VpcConfig?: unknown;
}

const template = synthesize();
const given = synthesize({
  admins: 'arn:aws:iam::123456789012:role/admin',
  regions: 'eu-west-1',
  oidc: { issuer: 'https://id.example.com', audience: 'plane' },
  vpc: { subnetIds: ['subnet-0a1b2c3d'], securityGroupIds: ['sg-0a1b2c3d'] },
  retentionDays: 7,
  longestWatch: 600,
  clouds: 'gce',
});

const lambdasOf = (of: Template) => propertiesOf<Lambda>(of, 'AWS::Lambda::Function');
const environmentOf = (of: Template, name: string) =>
  lambdasOf(of).find(({ FunctionName }) => FunctionName === `Plastron-${name}`)!.Environment.Variables;

describe('functions', () => {
  it('run on Node 24, on arm64, with as many at once as the account gives', () => {
    for (const lambda of lambdasOf(template)) {
      expect(lambda).toMatchObject({ Runtime: 'nodejs24.x', Architectures: ['arm64'], Handler: 'index.handler' });
      expect(lambda).not.toHaveProperty('ReservedConcurrentExecutions');
    }
  });

  const everywhere = ['NODE_OPTIONS', 'PLASTRON_PREFIX', 'PLASTRON_TABLE', 'POWERTOOLS_LOG_LEVEL', 'POWERTOOLS_SERVICE_NAME'];
  const clients = ['PLASTRON_ADMINS', 'PLASTRON_LONGEST_WATCH', 'PLASTRON_REGIONS'];
  it.each<[string, string[]]>([
    ['api-machine', clients],
    ['api-secret', [...clients, 'PLASTRON_SEALING_KEY']],
    ['discovery', clients],
    ['reconcile-cluster', ['PLASTRON_STATE_MACHINES']],
    ['reconcile-machine', ['PLASTRON_SEALING_KEY', 'PLASTRON_STATE_MACHINES']],
    ['dispatch', ['PLASTRON_QUEUES', 'PLASTRON_SEALING_KEY']],
    ['executions', ['PLASTRON_QUEUES']],
    ['collect', ['PLASTRON_SEALING_KEY']],
    ['sweep', ['PLASTRON_COLLECT', 'PLASTRON_QUEUES', 'PLASTRON_STEPS']],
    ['steps', ['PLASTRON_SEALING_KEY', 'PLASTRON_STATE_MACHINES']],
    ['steps-gce', ['PLASTRON_SEALING_KEY']],
  ])('%s is told %j', (name, told) => {
    expect(Object.keys(environmentOf(template, name)).sort()).toEqual([...everywhere, ...told].sort());
  });

  it('find queues, state machines and steps by the beginnings of their names', () => {
    const { PLASTRON_QUEUES, PLASTRON_STEPS } = environmentOf(template, 'sweep');
    const { PLASTRON_STATE_MACHINES } = environmentOf(template, 'steps');
    const urls = Object.entries(template.Resources)
      .filter(([, { Type }]) => Type === 'AWS::SQS::Queue')
      .map(([id]) => resolve(template, { Ref: id }));
    expect(urls).toContain(`${PLASTRON_QUEUES}machine.fifo`);
    const machines = Object.entries(template.Resources).filter(([, { Type }]) => Type === 'AWS::StepFunctions::StateMachine');
    expect(machines.map(([id]) => resolve(template, { Ref: id })).sort()).toEqual(
      workflows.map(({ name }) => PLASTRON_STATE_MACHINES + name).sort(),
    );
    expect(lambdasOf(template).map(({ FunctionName }) => FunctionName)).toEqual(
      expect.arrayContaining([PLASTRON_STEPS, `${PLASTRON_STEPS}-gce`]),
    );
  });

  it('are told of clients what the options say', () => {
    expect(environmentOf(template, 'discovery')).toMatchObject({
      PLASTRON_ADMINS: '',
      PLASTRON_REGIONS: 'us-east-1,us-east-1',
      PLASTRON_LONGEST_WATCH: '300',
    });
    expect(environmentOf(given, 'discovery')).toMatchObject({
      PLASTRON_ADMINS: 'arn:aws:iam::123456789012:role/admin',
      PLASTRON_REGIONS: 'eu-west-1',
      PLASTRON_LONGEST_WATCH: '600',
      PLASTRON_OIDC: '{"issuer":"https://id.example.com","audience":"plane"}',
    });
  });

  it('ask for the first admin when no option names one', () => {
    expect(template.Parameters).toHaveProperty('Admins.Default', '');
    expect(given.Parameters).not.toHaveProperty('Admins');
  });

  it('of an API outlive the longest watch, and API Gateway outlives them', () => {
    for (const [of, longest] of [
      [template, 300],
      [given, 600],
    ] as const)
      for (const { Timeout } of lambdasOf(of).filter(({ FunctionName }) => FunctionName.startsWith('Plastron-api-'))) {
        expect(Timeout).toBeGreaterThan(longest);
        expect(Timeout).toBeLessThanOrEqual(900);
      }
  });

  it('are in subnets only where that is wanted, and then all of them', () => {
    expect(lambdasOf(template).filter(({ VpcConfig }) => VpcConfig !== undefined)).toEqual([]);
    for (const { VpcConfig } of lambdasOf(given))
      expect(VpcConfig).toEqual({ SubnetIds: ['subnet-0a1b2c3d'], SecurityGroupIds: ['sg-0a1b2c3d'] });
  });

  it('exist for the clouds that are wanted', () => {
    const steps = (of: Template) =>
      lambdasOf(of)
        .map(({ FunctionName }) => FunctionName)
        .filter((name) => name.startsWith('Plastron-steps'));
    expect(steps(template)).toEqual(['Plastron-steps', 'Plastron-steps-aws', 'Plastron-steps-gce']);
    expect(steps(given)).toEqual(['Plastron-steps', 'Plastron-steps-gce']);
  });

  it('have logs that end', () => {
    for (const [of, days] of [
      [template, 30],
      [given, 7],
    ] as const) {
      const groups = propertiesOf(of, 'AWS::Logs::LogGroup');
      expect(groups.map(({ LogGroupName }) => LogGroupName).sort()).toEqual(
        lambdasOf(of)
          .map(({ FunctionName }) => `/aws/lambda/${FunctionName}`)
          .sort(),
      );
      for (const group of groups) expect(group).toMatchObject({ RetentionInDays: days });
    }
  });

  it('that the next sweep calls again are not tried again by Lambda', () => {
    const configs = propertiesOf<{ FunctionName: string; MaximumRetryAttempts: number }>(template, 'AWS::Lambda::EventInvokeConfig');
    expect(Object.fromEntries(configs.map((config) => [config.FunctionName, config.MaximumRetryAttempts]))).toEqual({
      'Plastron-sweep': 0,
      'Plastron-collect': 0,
      'Plastron-steps': 0,
      'Plastron-steps-aws': 0,
      'Plastron-steps-gce': 0,
    });
  });
});
