import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { deployed } from '../../../infra/aws/cost/assumptions.ts';
import { costOfChanges, type Estimate, estimate, managementCluster } from '../../../infra/aws/cost/estimate.ts';
import { readMeasured } from '../../../infra/aws/cost/measured.ts';
import type { Question } from '../../../infra/aws/cost/month.ts';
import { settings } from '../../../infra/aws/settings.ts';
import { workflows } from '../../../shared/kinds/workflows.ts';
import { measuredAs, usageOf } from './usages.ts';

const idle: Question = { clusters: 10, machines: 10, changesPerDay: 0, dashboard: false, vpc: false };
const asked = (more: Partial<Question>): Question => ({ ...idle, ...more });

describe('what is paid because it is there', () => {
  const nothing = measuredAs({});
  const { parts } = estimate(idle, nothing);

  it.each<[keyof Estimate['parts'], number]>([
    ['sqs', deployed.queues * 0.3285],
    ['scheduler', 0.0438],
    ['alarms', (deployed.queues + 10) * 0.1],
    ['metrics', 0.3],
    ['stepFunctions', 0],
    ['apiGateway', 0],
  ])('%s', (part, usd) => {
    expect(parts[part]).toBeCloseTo(usd, 3);
  });

  it('a customer key, and its requests', () => {
    expect(parts.kms).toBeGreaterThan(1);
    expect(parts.kms).toBeLessThan(1.1);
  });

  it('what is stored, and the backup of it', () => {
    const heavy = measuredAs({ bytes: { plane: 1e9, cluster: 0, machine: 0 } });
    // Half as much again for DynamoDB's own bytes: 1.5 GB at 0.25 and 0.20.
    expect((estimate(idle, heavy).parts.dynamodb ?? 0) - (parts.dynamodb ?? 0)).toBeCloseTo(0.675, 3);
  });

  it('a dashboard and a NAT gateway only where they are wanted', () => {
    expect(parts).not.toHaveProperty('dashboard');
    expect(parts).not.toHaveProperty('vpc');
    expect(estimate(asked({ dashboard: true }), nothing).parts.dashboard).toBe(3);
    // 730 h of the gateway and of its address, and a gigabyte.
    expect(estimate(asked({ vpc: true }), nothing).parts.vpc).toBeCloseTo(32.85 + 3.65 + 0.045, 3);
  });
});

describe('what is paid for what is done', () => {
  it('is for each hour of the plane, of each cluster and of each machine', () => {
    const reads = (count: number) => usageOf({ sweep: { reads: count } });
    const measured = measuredAs({ hour: { plane: reads(100), cluster: reads(10), machine: reads(1) } });
    // 730 h of 100 + 10 x 10 + 100 x 1 units.
    expect(estimate(idle, measured).parts.dynamodb).toBeCloseTo((730 * 300 * 0.125) / 1e6, 4);
  });

  it('is for each change, the machine that is made and the one that is deleted', () => {
    const measured = measuredAs({ make: usageOf({}, { transitions: 40 }), remove: usageOf({}, { transitions: 20 }) });
    // 10 a day are 304 a month.
    expect(estimate(asked({ changesPerDay: 10 }), measured).parts.stepFunctions).toBeCloseTo((3650 / 12) * 60 * 0.000_025, 4);
  });

  it('is for one invocation that looks at twenty clusters, not for twenty', () => {
    const measured = measuredAs({ hour: { plane: usageOf({}), cluster: usageOf({ steps: { calls: 15 } }), machine: usageOf({}) } });
    const looks = (clusters: number) =>
      estimate(asked({ clusters }), measured).items.find(({ what }) => what === 'steps: calls')?.quantity ?? 0;
    expect([1, 20, 21].map((clusters) => looks(clusters) / 730)).toEqual([15, 15, 30]);
  });
});

describe('the estimate', () => {
  const measured = readMeasured();
  const anyQuestion: fc.Arbitrary<Question> = fc.record({
    clusters: fc.nat(200),
    machines: fc.nat(200),
    changesPerDay: fc.nat(5000),
    dashboard: fc.boolean(),
    vpc: fc.boolean(),
  });

  it('is the sum of its parts', () => {
    fc.assert(
      fc.property(anyQuestion, (question) => {
        const { parts, totalUsd } = estimate(question, measured);
        expect(Object.values(parts).reduce((sum, usd) => sum + usd, 0)).toBeCloseTo(totalUsd, 2);
      }),
    );
  });

  it('never falls when there is more of anything', () => {
    const more = fc.record({ clusters: fc.nat(50), machines: fc.nat(50), changesPerDay: fc.nat(500) });
    fc.assert(
      fc.property(anyQuestion, more, (less, { clusters, machines, changesPerDay }) => {
        const grown = asked({
          ...less,
          clusters: less.clusters + clusters,
          machines: less.machines + machines,
          changesPerDay: less.changesPerDay + changesPerDay,
        });
        expect(estimate(grown, measured).totalUsd).toBeGreaterThanOrEqual(estimate(less, measured).totalUsd);
      }),
    );
  });
});

describe('the plane as it was measured', () => {
  const measured = readMeasured();

  it('was run at the pace of the AWS host, with machines that boot in two minutes', () => {
    expect(measured.under).toMatchObject({ settings, sweepSeconds: 60, bootSeconds: 120 });
  });

  it('makes and deletes a machine in at most 70 transitions', () => {
    const { make, remove } = measured;
    expect(make.transitions + remove.transitions).toBeLessThanOrEqual(70);
    // It went through every state of both workflows, so not less than a task and a choice for each.
    const tasks = workflows
      .filter(({ name }) => name === 'create-machine' || name === 'teardown-machine')
      .flatMap(({ definition }) => Object.values(definition.States))
      .filter(({ Type }) => Type === 'Task' || Type === 'Choice').length;
    expect(make.transitions + remove.transitions).toBeGreaterThan(tasks - 2);
  });

  it('costs under 5 USD a month when nothing changes in 10 clusters of 10 machines', () => {
    expect(estimate(idle, measured).totalUsd).toBeLessThan(5);
  });

  it('costs under 3 USD for 1,000 machines made and deleted', () => {
    expect(costOfChanges(1000, measured)).toBeLessThan(3);
    expect(costOfChanges(1000, measured)).toBeGreaterThan(1);
  });

  it('costs a small part of a management cluster', () => {
    expect(managementCluster().least).toBeCloseTo(73 + 60.736, 2);
    expect(managementCluster().most).toBeCloseTo(73 + 60.736 + 32.85, 2);
    expect(estimate(asked({ changesPerDay: 100 }), measured).totalUsd).toBeLessThan(managementCluster().least / 5);
  });
});
