import { Duration } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as LambdaTarget } from 'aws-cdk-lib/aws-events-targets';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { Functions } from './functions.ts';
import type { Plan } from './plan.ts';

/**
 * The end of an execution calls `executions`, which wakes the object that it was about. There is a rule for good ends and
 * one for bad, so that the count of the second is that of all failed executions, of any state machine. Returns its name.
 */
export function watchExecutions(plan: Plan, stateMachines: readonly StateMachine[], functions: Functions, undelivered: Queue): string {
  const rule = (end: string, status: string[]) =>
    new Rule(plan.stack, `Executions${end}`, {
      ruleName: `${plan.options.prefix}-executions-${end.toLowerCase()}`,
      description: 'An execution that ended wakes what it was about',
      eventPattern: {
        source: ['aws.states'],
        detailType: ['Step Functions Execution Status Change'],
        detail: { status, stateMachineArn: stateMachines.map(({ stateMachineArn }) => stateMachineArn) },
      },
      targets: [
        new LambdaTarget(functions.get('executions')!, { deadLetterQueue: undelivered, retryAttempts: 10, maxEventAge: Duration.hours(1) }),
      ],
    });
  rule('Succeeded', ['SUCCEEDED']);
  return rule('Failed', ['FAILED', 'TIMED_OUT', 'ABORTED']).ruleName;
}
