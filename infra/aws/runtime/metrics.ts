import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { Gauge } from '../../../shared/ports.ts';
import { environment } from './environment.ts';

/** A line in the log, of which CloudWatch makes a metric: it costs a month's price for each name. */
export const gauge: Gauge = (name, value) => {
  const metrics = new Metrics({ namespace: 'Plastron', serviceName: environment.plane() });
  metrics.addMetric(name, name.endsWith('Seconds') ? MetricUnit.Seconds : MetricUnit.Count, value);
  metrics.publishStoredMetrics();
};
