import fc from 'fast-check';
import type { Measured } from '../../../infra/aws/cost/measured.ts';
import { noUsage, type Sort, sorts, type Usage, type Work } from '../../../infra/aws/cost/usage.ts';

/** Nothing but this work of one sort, and these amounts. */
export const usageOf = (works: Partial<Record<Sort, Partial<Work>>>, more: Partial<Usage> = {}): Usage => ({
  ...noUsage,
  ...more,
  functions: Object.fromEntries(sorts.map((sort) => [sort, { ...noUsage.functions[sort], ...works[sort] }])) as Usage['functions'],
});

// Whole numbers, so that sums are exact.
const amount = fc.nat(1_000_000);
const anyWork = fc.record({ calls: amount, ms: amount, reads: amount, writes: amount });

export const anyUsage: fc.Arbitrary<Usage> = fc.record({
  functions: fc.record(Object.fromEntries(sorts.map((sort) => [sort, anyWork])) as Record<Sort, typeof anyWork>),
  transitions: amount,
  sends: amount,
  wakes: amount,
  logBytes: amount,
});

/** Measured figures in which nothing takes anything but what is given. */
export const measuredAs = (given: Partial<Measured>): Measured => ({
  measured: '2026-01-01',
  command: 'a test',
  under: {
    settings: { joinTimeout: 1, pace: { share: 1, atLeast: 1, atMost: 1 }, cadence: { nodes: 4, instances: 12, everything: 240 } },
    sweepSeconds: 60,
    bootSeconds: 120,
    cloudSeconds: 30,
    machines: [4, 14],
    apart: 7,
  },
  cpuShare: 0.5,
  make: noUsage,
  remove: noUsage,
  hour: { plane: noUsage, cluster: noUsage, machine: noUsage },
  bytes: { plane: 0, cluster: 0, machine: 0 },
  ...given,
});
