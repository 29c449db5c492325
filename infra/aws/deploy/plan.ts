import type { Options } from '../options.ts';
import type { Deployer } from './account.ts';
import type { Arguments } from './arguments.ts';

/** What the account has already. */
export interface Found {
  /** CDK's own stack. */
  readonly bootstrapped: boolean;
  /** A plane of this name. */
  readonly deployed: boolean;
}

/** One call of the CDK command line. */
export interface Command {
  readonly because: string;
  readonly args: readonly string[];
}

/**
 * What has to be done. The first who deploys a plane is its admin, unless its options say who: somebody must be able to apply
 * the first mapping. Later deployments leave that as it is.
 */
export function planDeployment(
  { yes, profile }: Arguments,
  options: Options,
  deployer: Deployer,
  { bootstrapped, deployed }: Found,
): readonly Command[] {
  const common = profile === undefined ? [] : ['--profile', profile];
  const { account, region, arn } = deployer;
  const namesAdmins = options.admins !== undefined;
  return [
    ...(bootstrapped
      ? []
      : [{ because: `account ${account} is prepared for CDK in ${region}`, args: ['bootstrap', `aws://${account}/${region}`, ...common] }]),
    {
      because: `${deployed ? 'the plane' : 'a plane'} ${options.prefix} is deployed to account ${account} in ${region}`,
      args: [
        'deploy',
        options.prefix,
        '--app',
        'cdk.out',
        ...(yes ? ['--require-approval', 'never'] : ['--require-approval', 'broadening']),
        ...(deployed || namesAdmins ? [] : ['--parameters', `${options.prefix}:Admins=${arn}`]),
        ...common,
      ],
    },
  ];
}
