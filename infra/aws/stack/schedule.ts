import { Aws } from 'aws-cdk-lib';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import type { Functions } from './functions.ts';
import type { Plan } from './plan.ts';

/** Every minute EventBridge Scheduler calls `sweep`, and says which minute it is. */
export function scheduleSweep({ stack, options }: Plan, functions: Functions): void {
  const { functionArn } = functions.get('sweep')!;
  const role = new Role(stack, 'ScheduleRole', {
    assumedBy: new ServicePrincipal('scheduler.amazonaws.com', { conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } } }),
    description: `${options.prefix}: calls the sweep`,
    inlinePolicies: {
      Sweep: new PolicyDocument({ statements: [new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [functionArn] })] }),
    },
  });
  new CfnSchedule(stack, 'Schedule', {
    name: `${options.prefix}-sweep`,
    description: 'Looks again at what is due, in case somebody was not told',
    scheduleExpression: 'rate(1 minute)',
    flexibleTimeWindow: { mode: 'OFF' },
    target: {
      arn: functionArn,
      roleArn: role.roleArn,
      input: JSON.stringify({ time: '<aws.scheduler.scheduled-time>' }),
      // The next minute has its own call.
      retryPolicy: { maximumRetryAttempts: 1, maximumEventAgeInSeconds: 60 },
    },
  });
}
