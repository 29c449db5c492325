import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, type CfnFunction, Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Entry } from '../entries.ts';
import { type Access, accessOf } from './access.ts';
import { acknowledgeWildcard } from './acknowledge.ts';
import { adminsOf, environmentOf } from './environment.ts';
import { executionsArn, functionName, type Plan } from './plan.ts';
import { policiesOf } from './policies.ts';
import { sizeOf } from './sizes.ts';
import type { Storage } from './storage.ts';

/** A function by the name of its entry. */
export type Functions = ReadonlyMap<string, LambdaFunction>;

/** Every function, each with a role and a log of its own. */
export function createFunctions(plan: Plan, storage: Storage): Functions {
  const admins = adminsOf(plan);
  return new Map(plan.entries.map((entry) => [entry.name, createFunction(plan, storage, entry, admins)]));
}

function createFunction(plan: Plan, storage: Storage, entry: Entry, admins: string): LambdaFunction {
  const { stack, options } = plan;
  const access = accessOf(entry, plan.kinds);
  const { timeout, memory } = sizeOf(entry.sort, options);
  const name = nameOf(plan, entry);
  const logGroup = new LogGroup(stack, `${entry.name}-log`, {
    logGroupName: `/aws/lambda/${name}`,
    retention: options.retentionDays,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  const lambda = new LambdaFunction(stack, entry.name, {
    functionName: name,
    runtime: Runtime.NODEJS_24_X,
    architecture: Architecture.ARM_64,
    handler: 'index.handler',
    code: Code.fromAsset(bundleOf(plan, entry)),
    role: createRole(plan, storage, entry, access, logGroup).withoutPolicyUpdates(),
    logGroup,
    timeout: Duration.seconds(timeout),
    memorySize: memory,
    environment: environmentOf(plan, storage, access, admins),
    // What was asked for and failed is asked for again, by the next sweep: a second try of an old call would only come between.
    ...(asksAgain.has(entry.sort) && { retryAttempts: 0 }),
  });
  if (options.vpc !== undefined) (lambda.node.defaultChild as CfnFunction).vpcConfig = options.vpc;
  return lambda;
}

const asksAgain: ReadonlySet<Entry['sort']> = new Set(['sweep', 'collect', 'steps', 'cloud-steps']);

/** Constructs of CDK would add rights of their own invention: the role takes none but these. */
function createRole(plan: Plan, storage: Storage, entry: Entry, access: Access, logGroup: LogGroup): Role {
  // A kind may be called ClusterRole: `api-cluster-role` is its function.
  const role = new Role(plan.stack, `${entry.name}-execution-role`, {
    assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    description: `${functionName(plan, entry.name)}: what it may reach`,
    inlinePolicies: policiesOf(plan, storage, entry, access, logGroup.logGroupArn),
  });
  if (access.workflows)
    for (const workflow of plan.workflows)
      acknowledgeWildcard(role, executionsArn(plan, workflow), 'Executions are named when they are started.');
  if (plan.options.vpc !== undefined) acknowledgeWildcard(role, '*', 'Network interfaces have no ARN before Lambda makes them.');
  return role;
}

/** @throws Error if Lambda would not take the name. */
function nameOf(plan: Plan, { name }: Entry): string {
  const full = functionName(plan, name);
  if (full.length > 64)
    throw new Error(`the function name ${full} has ${full.length} characters, and Lambda takes 64: choose a shorter prefix`);
  return full;
}

function bundleOf({ bundles }: Plan, { name }: Entry): string {
  const folder = join(bundles, name);
  if (!existsSync(join(folder, 'index.mjs')))
    throw new Error(`there is no bundle ${folder}/index.mjs: make the bundles with "npm run bundle"`);
  return folder;
}
