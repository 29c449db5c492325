import { Duration } from 'aws-cdk-lib';
import { type IMetric, MathExpression, Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { RestApi } from './api.ts';
import type { Functions } from './functions.ts';
import type { Plan } from './plan.ts';
import type { Storage } from './storage.ts';

/** What a plane's metrics are taken from. */
export interface Measured {
  readonly storage: Storage;
  readonly functions: Functions;
  readonly restApi: RestApi;
  /** All dead-letter queues. */
  readonly deadLetters: readonly Queue[];
  /** The rule that matches executions with a bad end. */
  readonly failedExecutionsRule: string;
}

const perMinutes = (minutes: number) => ({ period: Duration.minutes(minutes), statistic: Stats.SUM });

/** Seconds for which the object that waits longest has been due. The sweep measures it: no value, no sweep. */
export const oldestDue = ({ options }: Pick<Plan, 'options'>): IMetric =>
  new Metric({
    namespace: 'Plastron',
    metricName: 'OldestDueSeconds',
    dimensionsMap: { service: options.prefix },
    period: Duration.minutes(1),
    statistic: Stats.MAXIMUM,
  });

/** EventBridge counts what a rule matched, whatever the state machine; by state machine there would be more metrics than an alarm takes. */
export const failedExecutions = ({ failedExecutionsRule }: Measured): IMetric =>
  new Metric({ namespace: 'AWS/Events', metricName: 'Invocations', dimensionsMap: { RuleName: failedExecutionsRule }, ...perMinutes(5) });

/** Messages in these dead-letter queues. */
export const deadLetters = (queues: readonly Queue[]): IMetric =>
  sum(
    queues.map((queue) => queue.metricApproximateNumberOfMessagesVisible({ period: Duration.minutes(5), statistic: Stats.MAXIMUM })),
    'dead letters',
  );

/**
 * Lambda throttles by what the whole account runs at once, so the account's count is the one that tells; and the table, which
 * throttles writes of one namespace long before reads. An alarm costs what each of its metrics costs.
 */
export const throttles = ({ storage }: Measured): IMetric => {
  const dimensionsMap = { TableName: storage.table.tableName };
  const writes = new Metric({ namespace: 'AWS/DynamoDB', metricName: 'WriteThrottleEvents', dimensionsMap, ...perMinutes(5) });
  return sum([new Metric({ namespace: 'AWS/Lambda', metricName: 'Throttles', ...perMinutes(5) }), writes], 'throttles');
};

/**
 * Errors of the functions that wake all others, or tidy up after them. What a step throws, its state machine catches: it tries again, or the execution
 * fails; what a reconciler throws ends among the dead letters; and an API's errors are API Gateway's.
 */
export const errors = ({ entries }: Plan, { functions }: Measured): IMetric =>
  sum(
    entries
      .filter(({ sort }) => sort === 'dispatch' || sort === 'executions' || sort === 'collect' || sort === 'sweep')
      .map(({ name }) => functions.get(name)!.metricErrors({ period: Duration.minutes(5) })),
    'errors',
  );

export const serverErrors = ({ restApi }: Measured): IMetric => restApi.api.metricServerError({ ...perMinutes(5) });

export const requests = ({ restApi }: Measured): IMetric => restApi.api.metricCount({ ...perMinutes(5) });

export const latency = ({ restApi }: Measured, statistic: string): IMetric =>
  restApi.api.metricIntegrationLatency({ period: Duration.minutes(5), statistic });

/** What counts nothing has no value, not zero; and a graph may show several sums, so the ids of what is in them must differ. */
function sum(metrics: readonly IMetric[], label: string): IMetric {
  const named = Object.fromEntries(metrics.map((metric, i) => [`${label.replaceAll(' ', '_')}_${i}`, metric]));
  return new MathExpression({ expression: 'SUM(FILL(METRICS(), 0))', usingMetrics: named, label, period: Duration.minutes(5) });
}
