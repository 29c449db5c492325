import { describe, expect, it } from '@jest/globals';
import { percentile } from '../../../infra/local/bench/api-user.ts';
import type { Measurement, Result } from '../../../infra/local/bench/measure.ts';
import { table } from '../../../infra/local/bench/report.ts';

const measured = (result: Partial<Result> = {}): Measurement => ({
  bill: [
    { what: 'PutItem machines', requests: 800, reads: 0, writes: 4000 },
    { what: 'GetItem machines', requests: 500, reads: 500, writes: 0 },
  ],
  result: {
    machines: 100,
    bootSeconds: 10,
    multiple: 1.4,
    storeReadsPerMachine: 40,
    storeWritesPerMachine: 60,
    transitionsPerMachine: 30,
    cpuMsPerMachine: 100,
    apiP50Ms: 9,
    apiP99Ms: 90,
    peakRssMb: 300,
    ...result,
  },
});
const rowOf = (text: string, what: string): string => text.split('\n').find((line) => line.startsWith(what)) ?? '';

describe('the table', () => {
  it('says the bound where it is said of this size, and whether it is missed', () => {
    expect(rowOf(table(measured()), 'apply to all Ready')).toMatch(/1\.40 {3}at most 1\.5$/);
    expect(rowOf(table(measured({ multiple: 1.51 })), 'apply to all Ready')).toMatch(/1\.51 {3}at most 1\.5 {2}MISSED$/);
    expect(rowOf(table(measured({ machines: 20, multiple: 9 })), 'apply to all Ready')).toMatch(/9\.00$/);
  });

  it('shows by how much the cost of one machine grows', () => {
    const larger = measured({ machines: 1000, storeReadsPerMachine: 60, storeWritesPerMachine: 60, cpuMsPerMachine: 140 });
    const text = table(larger, measured());
    expect(rowOf(text, 'store units per machine, 1000 against 100')).toMatch(/x 1\.20 {3}at most x 1\.3$/);
    expect(rowOf(text, 'CPU per machine, 1000 against 100')).toMatch(/x 1\.40 {3}at most x 1\.3 {2}MISSED$/);
    expect(table(measured())).not.toContain('against');
  });

  it('shows where the units go, for each machine', () => {
    expect(rowOf(table(measured()), 'PutItem machines')).toMatch(/8\.00 +0\.00 +40\.00$/);
  });
});

describe('a percentile', () => {
  const hundred = Array.from({ length: 100 }, (_, i) => 100 - i);
  it.each([
    [hundred, 0.5, 50],
    [hundred, 0.99, 99],
    [hundred, 1, 100],
    [[7], 0.99, 7],
    [[], 0.5, Number.NaN],
  ])('of %j at %d is %d', (values, share, expected) => expect(percentile(values, share)).toBe(expected));
});
