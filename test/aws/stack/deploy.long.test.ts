import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { checkAgainstAwsSolutions } from '../../../infra/aws/stack/checks.ts';
import { type Moto, motoIsInstalled, startMoto } from './moto.ts';
import { synthesizeAgain, withAssembly } from './synthesize.ts';
import type { Template } from './template.ts';

const everything = {
  vpc: { subnetIds: ['subnet-0a1b2c3d'], securityGroupIds: ['sg-0a1b2c3d'] },
  domain: { name: 'plane.example.com', certificateArn: 'arn:aws:acm:us-east-1:123456789012:certificate/1', hostedZoneId: 'Z1' },
  alarmTopicArn: 'arn:aws:sns:us-east-1:123456789012:alarms',
  dashboard: true,
  reconcilesAtOnce: 20,
};
const planes: [string, Readonly<Record<string, unknown>>][] = [
  ['without options', {}],
  ['with every option that adds something', everything],
];

describe.each(planes)('the template of a plane %s', (_, options) => {
  it('has nothing that CDK knows CloudFormation to refuse', () => {
    expect(() => withAssembly({ options, check: checkAgainstAwsSolutions, validate: true }, () => undefined)).not.toThrow();
  }, 120_000);

  const withCfnLint = spawnSync('cfn-lint', ['--version']).status === 0 ? it : it.skip;
  withCfnLint(
    'has nothing that cfn-lint complains of, but what CDK writes twice (needs cfn-lint)',
    () => {
      const complaints = withAssembly({ options }, (folder) => {
        const { stdout } = spawnSync('cfn-lint', ['--format', 'parseable', join(folder, 'Plastron.template.json')], { encoding: 'utf8' });
        return stdout.split('\n').filter((line) => line !== '');
      });
      // A dependency on the role, beside the reference to it.
      expect(complaints.filter((line) => !line.includes(':W3005:'))).toEqual([]);
      expect(complaints.length).toBeGreaterThan(0);
    },
    120_000,
  );
});

const withMoto = motoIsInstalled() ? it : it.skip;
withMoto(
  'CloudFormation, as moto has it, makes the stack (needs moto_server)',
  async () => {
    const moto = await startMoto();
    try {
      const template = withoutStage(synthesizeAgain());
      await upload(moto, template);
      await moto.query('cloudformation', 'CreateStack', {
        StackName: 'Plastron',
        TemplateURL: `https://s3.amazonaws.com/${bucket}/template`,
      });
      const stack = await moto.query('cloudformation', 'DescribeStacks', { StackName: 'Plastron' });
      expect(stack).toContain('<StackStatus>CREATE_COMPLETE</StackStatus>');
      const { stateMachines } = await moto.json('states', 'AWSStepFunctions.ListStateMachines', {});
      expect((stateMachines as { readonly name: string }[]).map(({ name }) => name)).toContain('Plastron-create-machine');
      const { TableNames } = await moto.json('dynamodb', 'DynamoDB_20120810.ListTables', {});
      expect(TableNames).toEqual([expect.stringMatching(/^Plastron-Table/)]);
      const urls = await moto.query('sqs', 'ListQueues', { QueueNamePrefix: 'Plastron-' });
      expect(urls).toContain('/123456789012/Plastron-machine-deployment.fifo');
      await moto.query('cloudformation', 'DeleteStack', { StackName: 'Plastron' });
      expect((await moto.json('states', 'AWSStepFunctions.ListStateMachines', {})).stateMachines).toEqual([]);
    } finally {
      await moto.stop();
    }
  },
  60_000,
);

it.each([
  [['-c', 'clouds=azure'], 'option plastron:clouds got "azure", and takes a comma-separated list of: '],
  [['-c', 'plastron:colour=blue'], 'there is no option plastron:colour; there are prefix, '],
  [['--colour', 'blue'], "Unknown option '--colour'"],
])(
  'synthesis with %j stops with one sentence',
  (args, sentence) => {
    const app = fileURLToPath(new URL('../../../infra/app.ts', import.meta.url));
    const { status, stdout, stderr } = spawnSync(process.execPath, [app, ...args], { encoding: 'utf8' });
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr.startsWith(sentence) && stderr.trimEnd().split('\n').length === 1).toBe(true);
  },
  60_000,
);

/** Where `cdk bootstrap` has functions uploaded to. */
const bucket = 'cdk-hnb659fds-assets-123456789012-us-east-1';

/** moto reads no OpenAPI document, and makes no deployment of an API without methods. */
const withoutStage = (template: Template): Template => ({
  ...template,
  Resources: Object.fromEntries(
    Object.entries(template.Resources).filter(([, { Type }]) => !/^AWS::ApiGateway::(Deployment|Stage)$/.test(Type)),
  ),
});

async function upload(moto: Moto, template: Template): Promise<void> {
  await moto.put(`/${bucket}`);
  await moto.put(`/${bucket}/template`, JSON.stringify(template));
  const codes = Object.values(template.Resources).flatMap(({ Type, Properties }) =>
    Type === 'AWS::Lambda::Function' ? [Properties.Code] : [],
  );
  for (const { S3Key } of codes as { readonly S3Key: string }[]) await moto.put(`/${bucket}/${S3Key}`, 'a zip file');
  await moto.json('ssm', 'AmazonSSM.PutParameter', { Name: '/cdk-bootstrap/hnb659fds/version', Type: 'String', Value: '30' });
}
