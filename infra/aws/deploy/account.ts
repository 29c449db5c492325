import { CloudFormationClient, DescribeStacksCommand, type Stack } from '@aws-sdk/client-cloudformation';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';

/** Who deploys, and where. */
export interface Deployer {
  readonly account: string;
  readonly arn: string;
  readonly region: string;
}

/** Why nothing was deployed, in one sentence that says what to do. */
export class CannotDeploy extends Error {}

export interface AccountClients {
  readonly sts: STSClient;
  readonly cloudformation: CloudFormationClient;
}

/** Clients for the account that the AWS command line would use. */
export function clientsFor(profile: string | undefined, region: string | undefined): AccountClients {
  const config = { ...(profile !== undefined && { profile }), ...(region !== undefined && { region }) };
  return { sts: new STSClient(config), cloudformation: new CloudFormationClient(config) };
}

/** Throws CannotDeploy without credentials or a region. */
export async function whoDeploys({ sts }: AccountClients): Promise<Deployer> {
  const region = await sts.config.region().catch(() => {
    throw new CannotDeploy('no region is set: add --region, or set AWS_REGION, and run npm run deploy again');
  });
  const { Account: account, Arn: arn } = await sts.send(new GetCallerIdentityCommand({})).catch((error: Error) => {
    throw new CannotDeploy(
      `no AWS credentials that work (${error.name}): sign in with "aws sso login" or "aws configure", or set AWS_PROFILE, and run npm run deploy again`,
    );
  });
  return { account: account!, arn: arn!, region };
}

/** Undefined: there is no stack of this name. */
export async function stackNamed({ cloudformation }: AccountClients, name: string): Promise<Stack | undefined> {
  try {
    const { Stacks } = await cloudformation.send(new DescribeStacksCommand({ StackName: name }));
    return Stacks?.[0];
  } catch (error) {
    if (error instanceof Error && error.name === 'ValidationError') return undefined;
    throw error;
  }
}

/** What a stack says of itself when it is there. */
export const outputOf = (stack: Stack | undefined, name: string): string | undefined =>
  stack?.Outputs?.find(({ OutputKey }) => OutputKey === name)?.OutputValue;
