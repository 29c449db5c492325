import { Alarm, ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { type ITopic, Topic } from 'aws-cdk-lib/aws-sns';
import { deadLetters, errors, failedExecutions, type Measured, oldestDue, serverErrors, throttles } from './metrics.ts';
import type { Plan } from './plan.ts';

interface Watched {
  readonly name: string;
  readonly says: string;
  readonly metric: IMetric;
  /** The value from which on somebody should look. */
  readonly from: number;
  /** Periods of the metric that must be so. */
  readonly periods: number;
  /** What it means that there is no value; nothing, if absent. */
  readonly missing?: TreatMissingData;
}

/** As many metrics as one alarm takes. */
const most = 10;

/** Six, as long as no more than ten queues have dead letters; each alarm tells what to look at. */
export function createAlarms(plan: Plan, measured: Measured): void {
  const { stack, options } = plan;
  const topic = options.alarmTopicArn === undefined ? undefined : Topic.fromTopicArn(stack, 'AlarmTopic', options.alarmTopicArn);
  for (const watched of [...watch(plan, measured), ...watchDeadLetters(measured)]) createAlarm(plan, watched, topic);
}

const watch = (plan: Plan, measured: Measured): readonly Watched[] => [
  {
    name: 'oldest-due',
    says: 'An object has been due for ten minutes, or the sweep that would say so does not run: look at the log of the sweep and of the reconciler.',
    metric: oldestDue(plan),
    from: 600,
    periods: 5,
    missing: TreatMissingData.BREACHING,
  },
  {
    name: 'failed-executions',
    says: 'Executions of state machines failed: kubectl describe of what they were about shows why, and links to them.',
    metric: failedExecutions(measured),
    from: 1,
    periods: 1,
  },
  {
    name: 'errors',
    says: 'What wakes the reconcilers failed, or what tidies up: look at the logs of dispatch, executions, collect and sweep.',
    metric: errors(plan, measured),
    from: 1,
    periods: 3,
  },
  {
    name: 'throttles',
    says: 'Lambda has no room for more functions at once in this account, or DynamoDB for more reads or writes of one namespace: everything takes longer.',
    metric: throttles(measured),
    from: 1,
    periods: 3,
  },
  {
    name: 'api-5xx',
    says: 'Requests to the API failed on the side of the server: look at the logs of the API functions.',
    metric: serverErrors(measured),
    from: 1,
    periods: 3,
  },
];

function watchDeadLetters({ deadLetters: queues }: Measured): readonly Watched[] {
  const parts = Array.from({ length: Math.ceil(queues.length / most) }, (_, i) => queues.slice(i * most, (i + 1) * most));
  return parts.map((part, i) => ({
    name: parts.length === 1 ? 'dead-letters' : `dead-letters-${i + 1}`,
    says: 'Wakes failed five times, or changes could not be dispatched: the queue names the kind, the message the object, the log the reason.',
    metric: deadLetters(part),
    from: 1,
    periods: 1,
  }));
}

function createAlarm({ stack, options }: Plan, { name, says, metric, from, periods, missing }: Watched, topic: ITopic | undefined): void {
  const alarm = new Alarm(stack, `${name}-alarm`, {
    alarmName: `${options.prefix}-${name}`,
    alarmDescription: says,
    metric,
    threshold: from,
    comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    evaluationPeriods: periods,
    treatMissingData: missing ?? TreatMissingData.NOT_BREACHING,
  });
  if (topic !== undefined) {
    alarm.addAlarmAction(new SnsAction(topic));
    alarm.addOkAction(new SnsAction(topic));
  }
}
