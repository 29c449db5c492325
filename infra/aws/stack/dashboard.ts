import { Dashboard, GraphWidget, type IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { deadLetters, errors, failedExecutions, latency, type Measured, oldestDue, requests, serverErrors, throttles } from './metrics.ts';
import type { Plan } from './plan.ts';

/** One page: who asks, who waits, what fails. */
export function createDashboard(plan: Plan, measured: Measured): void {
  const graph = (title: string, ...left: IMetric[]) => new GraphWidget({ title, left, width: 12 });
  new Dashboard(plan.stack, 'Dashboard', {
    dashboardName: plan.options.prefix,
    widgets: [
      [
        graph('Requests', requests(measured), serverErrors(measured)),
        graph('Latency, ms', latency(measured, 'p50'), latency(measured, 'p99')),
      ],
      [graph('Oldest due object, s', oldestDue(plan)), graph('Dead letters', deadLetters(measured.deadLetters))],
      [graph('Failed executions', failedExecutions(measured)), graph('Errors and throttles', errors(plan, measured), throttles(measured))],
    ],
  });
}
