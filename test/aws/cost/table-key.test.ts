import { describe, expect, it } from '@jest/globals';
import { functionsOf } from '../../../infra/aws/cost/assumptions.ts';
import { tableKeyRequests } from '../../../infra/aws/cost/table-key.ts';
import { noUsage } from '../../../infra/aws/cost/usage.ts';
import { measuredAs, usageOf } from './usages.ts';

/** Times of five minutes in a month. */
const most = 8760;
const measured = measuredAs({});

describe('requests for the key of the table', () => {
  it('are one for each function and each five minutes in which it calls', () => {
    // The sweep and the steps all the time, the clouds every 12 minutes, reconcilers and the stream every four hours.
    const clouds = functionsOf.cloudSteps * (43_800 / 12);
    const rest = (functionsOf.reconcile + functionsOf.dispatch) * (43_800 / 240);
    expect(tableKeyRequests(noUsage, measured)).toBeCloseTo(2 * most + clouds + rest);
  });

  it('grow with what changes', () => {
    const more = tableKeyRequests(usageOf({ executions: { calls: 100 } }), measured) - tableKeyRequests(noUsage, measured);
    expect(more).toBeCloseTo(100);
  });

  it('are never more than one for each function and each five minutes of the month', () => {
    const busy = usageOf({ executions: { calls: 1e9 }, api: { calls: 1e9 } });
    const more = tableKeyRequests(busy, measured) - tableKeyRequests(noUsage, measured);
    expect(more).toBeCloseTo((functionsOf.executions + functionsOf.api) * most);
  });
});
