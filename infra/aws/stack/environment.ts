import { Aws, CfnParameter } from 'aws-cdk-lib';
import type { Access } from './access.ts';
import { functionName, type Plan } from './plan.ts';
import type { Storage } from './storage.ts';

/** What a function is told of its plane: only what it may reach. `admins` are ARNs with commas between. */
export function environmentOf(plan: Plan, { table, key }: Storage, access: Access, admins: string): Record<string, string> {
  const { options, stack } = plan;
  const named = (service: string) => `${service}.${Aws.REGION}.${Aws.URL_SUFFIX}`;
  return {
    PLASTRON_PREFIX: options.prefix,
    PLASTRON_TABLE: table.tableName,
    POWERTOOLS_SERVICE_NAME: options.prefix,
    POWERTOOLS_LOG_LEVEL: options.logLevel,
    NODE_OPTIONS: '--enable-source-maps',
    ...(access.secrets !== undefined && { PLASTRON_SEALING_KEY: key.keyArn }),
    ...(access.sendsWakes && { PLASTRON_QUEUES: `https://${named('sqs')}/${Aws.ACCOUNT_ID}/${options.prefix}-` }),
    ...(access.workflows && {
      PLASTRON_STATE_MACHINES: `arn:${Aws.PARTITION}:states:${stack.region}:${stack.account}:stateMachine:${options.prefix}-`,
    }),
    ...(access.collector && { PLASTRON_COLLECT: functionName(plan, 'collect') }),
    ...(access.steps && { PLASTRON_STEPS: functionName(plan, 'steps') }),
    ...(access.clients && {
      PLASTRON_ADMINS: admins,
      PLASTRON_REGIONS: (options.regions ?? [stack.region, 'us-east-1']).join(','),
      PLASTRON_LONGEST_WATCH: String(options.longestWatch),
      ...(options.oidc !== undefined && { PLASTRON_OIDC: JSON.stringify(options.oidc) }),
    }),
  };
}

/** The option, or a parameter of the stack that whoever deploys fills in with himself: somebody must be able to apply the first mapping. */
export function adminsOf({ stack, options }: Plan): string {
  if (options.admins !== undefined) return options.admins.join(',');
  const parameter = new CfnParameter(stack, 'Admins', {
    type: 'String',
    default: '',
    description: 'ARNs of users and roles, with commas between, who may do everything',
  });
  return parameter.valueAsString;
}
