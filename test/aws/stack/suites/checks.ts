import { expect, it } from '@jest/globals';
import { checkAgainstAwsSolutions } from '../../../../infra/aws/stack/checks.ts';
import { withAssembly } from '../synthesize.ts';

const options = {
  vpc: { subnetIds: ['subnet-0a1b2c3d'], securityGroupIds: ['sg-0a1b2c3d'] },
  domain: { name: 'plane.example.com', certificateArn: 'arn:aws:acm:us-east-1:123456789012:certificate/1', hostedZoneId: 'Z1' },
  alarmTopicArn: 'arn:aws:sns:us-east-1:123456789012:alarms',
  dashboard: true,
  pointInTimeRecovery: false,
  account: '123456789012',
  region: 'us-east-1',
};

it.each([
  ['as it is without options', {}],
  ['with every option that adds something', options],
])('a plane %s holds the rules of AwsSolutions, or says why not', (_, given) => {
  expect(() => withAssembly({ options: given, check: checkAgainstAwsSolutions }, () => undefined)).not.toThrow();
});
