import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { asContext, help, readArguments, WrongArguments } from '../../../infra/aws/deploy/arguments.ts';
import { type Found, planDeployment } from '../../../infra/aws/deploy/plan.ts';
import { optionHelp, readOptions } from '../../../infra/aws/options.ts';

const deployer = { account: '123456789012', arn: 'arn:aws:sts::123456789012:assumed-role/Engineer/ada', region: 'eu-central-1' };
const plan = (argv: readonly string[], found: Partial<Found> = {}) => {
  const args = readArguments(argv);
  return planDeployment(args, readOptions(asContext(args.options)), deployer, { bootstrapped: true, deployed: true, ...found }).map(
    (command) => command.args,
  );
};

describe('npm run deploy', () => {
  it('prepares an account that nobody has prepared for CDK', () => {
    expect(plan([], { bootstrapped: false })[0]).toEqual(['bootstrap', 'aws://123456789012/eu-central-1']);
    expect(plan([])).toHaveLength(1);
  });

  it('makes whoever deploys first the admin, and leaves that as it is later', () => {
    expect(plan([], { deployed: false })[0]).toEqual(expect.arrayContaining(['--parameters', `Plastron:Admins=${deployer.arn}`]));
    expect(plan([], { deployed: true })[0]).not.toContain('--parameters');
  });

  it('makes nobody admin who is not in the option', () => {
    expect(plan(['--admins', 'arn:aws:iam::123456789012:role/Ops'], { deployed: false })[0]).not.toContain('--parameters');
  });

  it('asks before it widens rights, unless told not to', () => {
    expect(plan([])[0]).toEqual(expect.arrayContaining(['--require-approval', 'broadening']));
    expect(plan(['--yes'])[0]).toEqual(expect.arrayContaining(['--require-approval', 'never']));
  });

  it('goes by the profile and the name that it is given', () => {
    expect(plan(['--profile', 'work', '--prefix=Blue'], { deployed: false })[0]).toEqual(
      expect.arrayContaining(['deploy', 'Blue', '--profile', 'work', '--parameters', `Blue:Admins=${deployer.arn}`]),
    );
  });

  it('sends an unbound stack to the region that it is told', () => {
    const { region, options } = readArguments(['--region', 'eu-west-1']);
    expect([region, options]).toEqual(['eu-west-1', {}]);
    expect(readArguments(['--region', 'eu-west-1', '--account', '123456789012']).options).toEqual({
      account: '123456789012',
      region: 'eu-west-1',
    });
  });

  it.each([
    [['--nonsense', '1'], 'there is no option --nonsense: "npm run deploy -- --help" explains those that there are'],
    [['eu-central-1'], 'there is no option eu-central-1'],
    [['--prefix'], '--prefix wants a value: --prefix VALUE'],
  ])('refuses %j in a sentence', (argv, sentence) => {
    expect(() => readArguments(argv)).toThrow(WrongArguments);
    expect(() => readArguments(argv)).toThrow(sentence);
  });

  it('explains every option', () => {
    for (const { name, says } of optionHelp()) expect(help()).toContain(`--${name}\n      ${says}`);
  });

  it('stops with one sentence when there are no credentials', async () => {
    const environment = { PATH: process.env.PATH, AWS_REGION: 'eu-central-1', AWS_EC2_METADATA_DISABLED: 'true', HOME: '/nowhere' };
    const run = promisify(execFile)(process.execPath, ['infra/aws/deploy/main.ts'], { env: environment });
    await expect(run).rejects.toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(
        /^no AWS credentials that work \(\w+\): sign in with "aws sso login" or "aws configure", or set AWS_PROFILE, and run npm run deploy again\n$/,
      ),
    });
  });
});
