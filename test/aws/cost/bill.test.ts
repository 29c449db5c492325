import { describe, expect, it } from '@jest/globals';
import { billOf, pollsOfMonth } from '../../../infra/aws/cost/bill.ts';
import { prices } from '../../../infra/aws/cost/prices.ts';
import { noUsage, type Usage } from '../../../infra/aws/cost/usage.ts';
import { usageOf } from './usages.ts';

const million = 1_000_000;
const costOf = (usage: Usage, part: string, cpuShare = 0): number =>
  billOf(usage, cpuShare)
    .filter((item) => item.part === part)
    .reduce((sum, { usd }) => sum + usd, 0);

describe('the bill', () => {
  it.each<[string, Usage, string, number]>([
    ['a million reads', usageOf({ steps: { reads: million } }), 'dynamodb', 0.125],
    ['a million writes', usageOf({ reconcile: { writes: million } }), 'dynamodb', 0.625],
    ['reads and writes of several sorts', usageOf({ steps: { reads: million }, sweep: { writes: million } }), 'dynamodb', 0.75],
    ['62 transitions, a machine made and deleted', usageOf({}, { transitions: 62 }), 'stepFunctions', 0.001_55],
    // Sent in 100 requests, then each received and deleted: 2,100 requests.
    ['a thousand wakes sent in tens', usageOf({}, { sends: 100, wakes: 1000 }), 'sqs', 0.001_05],
    ['a million requests to the API', usageOf({ api: { calls: million } }), 'apiGateway', 3.5],
    // 2 % of them start a process, which opens two data keys.
    ['the data keys of a million calls', usageOf({ steps: { calls: million } }), 'kms', 0.12],
    // 0.53 USD a GB, taken in and kept for a month.
    ['a gigabyte of log lines', usageOf({}, { logBytes: 1_000_000_000 }), 'logs', 0.53],
    ['what Lambda logs of a million calls, half a gigabyte', usageOf({ sweep: { calls: million } }), 'logs', 0.265],
    // Requests 0.20; 2 % start for 800 ms, so 16 ms each, at 256 MB: 4,000 GB-s.
    ['a million calls that take no time', usageOf({ dispatch: { calls: million } }), 'lambda', 0.2 + 4000 * 0.000_013_333_4],
    // 300 ms of waiting for the world outside too, at 512 MB: 158,000 GB-s.
    ['a million steps that take no time', usageOf({ steps: { calls: million } }), 'lambda', 0.2 + 158_000 * 0.000_013_333_4],
    ['nothing', noUsage, 'lambda', 0],
  ])('asks the right price for %s', (_, usage, part, usd) => {
    expect(costOf(usage, part)).toBeCloseTo(usd, 6);
  });

  it.each([
    ['waiting takes as long as it took', 0, 1],
    ['work takes as much longer as Lambda gives less of a processor: 1769 / 256', 1, 6.91],
    ['half and half', 0.5, 3.955],
  ])('for time: %s', (_, cpuShare, times) => {
    const second = usageOf({ reconcile: { ms: 1000 } });
    expect(costOf(second, 'lambda', cpuShare)).toBeCloseTo(times * 0.25 * prices.lambdaGbSecond.usd, 8);
  });

  it('counts five long polls of 20 s at a time for each queue, day and night', () => {
    expect(pollsOfMonth).toBe(657_000);
    expect(pollsOfMonth * prices.sqsRequest.usd).toBeCloseTo(0.3285, 4);
  });
});
