import { ArnFormat, type Stack } from 'aws-cdk-lib';
import type { Kind } from '../../../shared/kinds/define-kind.ts';
import type { Workflow } from '../../../shared/kinds/workflow.ts';
import type { Entry } from '../entries.ts';
import { kebab } from '../names.ts';
import type { Options } from '../options.ts';

/** What a stack is made from. Everything in it follows from the lists; nothing names a kind or a cloud. */
export interface Plan {
  readonly stack: Stack;
  readonly options: Options;
  readonly kinds: readonly Kind[];
  readonly entries: readonly Entry[];
  readonly workflows: readonly Workflow[];
  /** Folder in which each entry has a folder with its `index.mjs`. */
  readonly bundles: string;
}

type Named = Pick<Plan, 'stack' | 'options'>;
const colons = ArnFormat.COLON_RESOURCE_NAME;

/*
 * Physical names follow from the prefix, so that no function need be told the ARN of each other thing, and roles can name what
 * is made after them.
 */

export const functionName = ({ options }: Pick<Plan, 'options'>, entry: string): string => `${options.prefix}-${entry}`;

export const queueName = ({ options }: Pick<Plan, 'options'>, kind: Kind): string => `${options.prefix}-${kebab(kind.kind)}.fifo`;

export const deadLetterQueueName = ({ options }: Pick<Plan, 'options'>, kind: Kind): string =>
  `${options.prefix}-${kebab(kind.kind)}-dead.fifo`;

/** Where goes what tells of a change and could not be delivered. */
export const undeliveredQueueName = ({ options }: Pick<Plan, 'options'>): string => `${options.prefix}-undelivered`;

export const stateMachineName = ({ options }: Pick<Plan, 'options'>, workflow: Workflow): string => `${options.prefix}-${workflow.name}`;

export const functionArn = (plan: Named, entry: string): string =>
  plan.stack.formatArn({ service: 'lambda', resource: 'function', resourceName: functionName(plan, entry), arnFormat: colons });

export const queueArn = ({ stack }: Named, queue: string): string => stack.formatArn({ service: 'sqs', resource: queue });

export const stateMachineArn = (plan: Named, workflow: Workflow): string =>
  plan.stack.formatArn({ service: 'states', resource: 'stateMachine', resourceName: stateMachineName(plan, workflow), arnFormat: colons });

export const executionsArn = (plan: Named, workflow: Workflow): string =>
  plan.stack.formatArn({
    service: 'states',
    resource: 'execution',
    resourceName: `${stateMachineName(plan, workflow)}:*`,
    arnFormat: colons,
  });

/** The kinds that have a reconciler, hence a queue. */
export const reconciledKinds = ({ kinds }: Pick<Plan, 'kinds'>): readonly Kind[] => kinds.filter(({ reconciled }) => reconciled);
