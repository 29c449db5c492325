import { describe, expect, it } from '@jest/globals';
import { optionHelp, readOptions } from '../../../infra/aws/options.ts';

const certificate = 'arn:aws:acm:eu-central-1:123456789012:certificate/1';

describe('options of a plane', () => {
  it('need not be given', () => {
    expect(readOptions({})).toMatchObject({
      prefix: 'Plastron',
      removalPolicy: 'retain',
      retentionDays: 30,
      longestWatch: 300,
      dashboard: false,
    });
  });

  it.each<[string, unknown, unknown]>([
    ['prefix', 'Two', 'Two'],
    ['clouds', 'gce', ['gce']],
    ['clouds', 'aws, gce', ['aws', 'gce']],
    ['clouds', ['gce'], ['gce']],
    [
      'admins',
      'arn:aws:iam::123456789012:role/a,arn:aws-cn:iam::123456789012:user/b',
      ['arn:aws:iam::123456789012:role/a', 'arn:aws-cn:iam::123456789012:user/b'],
    ],
    ['retentionDays', '7', 7],
    ['retentionDays', 7, 7],
    ['dashboard', 'true', true],
    ['dashboard', false, false],
    ['regions', 'us-east-1,ap-southeast-2', ['us-east-1', 'ap-southeast-2']],
    [
      'domain',
      `{"name":"plane.example.com","certificateArn":"${certificate}"}`,
      { name: 'plane.example.com', certificateArn: certificate },
    ],
    ['oidc', { issuer: 'https://id.example.com', audience: 'plane' }, { issuer: 'https://id.example.com', audience: 'plane' }],
  ])('%s takes %j', (name, value, meant) => {
    expect(readOptions({ [`plastron:${name}`]: value })).toHaveProperty(name, meant);
    expect(readOptions({ plastron: { [name]: value } })).toHaveProperty(name, meant);
  });

  it('go from the command line before those of cdk.json', () => {
    expect(readOptions({ plastron: { prefix: 'One', logLevel: 'WARN' }, 'plastron:prefix': 'Two' })).toMatchObject({
      prefix: 'Two',
      logLevel: 'WARN',
    });
  });

  it('leave what else is in the context alone', () => {
    expect(() => readOptions({ 'aws:cdk:enable-path-metadata': true, prefix: 3 })).not.toThrow();
  });

  it.each<[string, unknown]>([
    ['prefix', '1plane'],
    ['prefix', 'a-prefix-that-is-far-too-long'],
    ['prefix', ''],
    ['account', '12'],
    ['region', 'Frankfurt'],
    ['clouds', 'azure'],
    ['clouds', ''],
    ['admins', 'alice'],
    ['admins', 'arn:aws:s3:::bucket'],
    ['regions', 'us-east-1,,'],
    ['oidc', '{"issuer":"http://id.example.com","audience":"plane"}'],
    ['oidc', '{"issuer":"https://id.example.com"}'],
    ['oidc', 'https://id.example.com'],
    ['domain', '{"name":"plane.example.com"}'],
    ['domain', `{"name":"plane.example.com","certificateArn":"${certificate}","zone":"Z1"}`],
    ['vpc', '{"subnetIds":[],"securityGroupIds":["sg-0a1b2c3d"]}'],
    ['kmsKeyArn', 'alias/mine'],
    ['removalPolicy', 'keep'],
    ['pointInTimeRecovery', 'yes'],
    ['retentionDays', '31'],
    ['retentionDays', ''],
    ['logLevel', 'info'],
    ['longestWatch', '900'],
    ['requestsPerSecond', '0'],
    ['burst', '1.5'],
    ['reconcilesAtOnce', '1'],
    ['dispatchersAtOnce', '11'],
    ['alarmTopicArn', 'me@example.com'],
    ['dashboard', 'maybe'],
  ])('%s refuses %j with a sentence that says what it takes', (name, value) => {
    const { takes } = optionHelp().find((option) => option.name === name)!;
    expect(() => readOptions({ [`plastron:${name}`]: value })).toThrow(
      `option plastron:${name} got ${JSON.stringify(value)}, and takes ${takes}`,
    );
  });

  it('that nobody knows are refused, with the names of those that there are', () => {
    expect(() => readOptions({ 'plastron:cloud': 'aws' })).toThrow(/^there is no option plastron:cloud; there are prefix, .*dashboard$/);
    expect(() => readOptions({ plastron: { cloud: 'aws' } })).toThrow(/no option plastron:cloud/);
    expect(() => readOptions({ plastron: 'prefix=Two' })).toThrow(
      '"plastron" in the context got "prefix=Two", and takes an object of options',
    );
  });

  it('name an account only together with a region', () => {
    expect(() => readOptions({ 'plastron:account': '123456789012' })).toThrow(
      'option plastron:account goes with plastron:region: give both, or neither',
    );
    expect(readOptions({ 'plastron:account': '123456789012', 'plastron:region': 'eu-west-1' })).toMatchObject({ region: 'eu-west-1' });
  });

  it('are all explained', () => {
    for (const { says, takes, byDefault } of optionHelp()) for (const text of [says, takes, byDefault]) expect(text).toMatch(/^\S.*\S$/);
  });
});
