import { describe, expect, it } from '@jest/globals';
import { quantile } from '../../../infra/aws/bench/load.ts';
import { expectedMs, table } from '../../../infra/aws/bench/report.ts';

describe('what a request would take in a function of some size', () => {
  it.each([
    ['its processor time, seven times as long with a seventh of a processor', 10, 10, 1769 / 7, 70],
    ['what it waits for, which no memory shortens, and the rest', 30, 10, 1769 / 2, 40],
    ['no less than here where it has a processor to itself', 30, 10, 3008, 30],
  ])('is %s', (_, ms, cpuMs, memory, expected) => {
    expect(expectedMs(ms, cpuMs, memory)).toBeCloseTo(expected);
  });

  it('stands in a table beside what was measured', () => {
    const taken = [{ name: 'get', functionName: 'P-api-machine', ms: [1, 2, 3, 4], cpuMs: [1, 1, 1, 1], bytes: 900 }];
    const text = table(taken, [{ name: 'P-api-machine', loaded: 150, rss: 157e6 }]);
    expect(text).toMatch(/^get +3\.0 +4\.0 +1\.0 +8\.9 +5\.5 +3\.7 +1 KB$/m);
    expect(text).toMatch(/^P-api-machine +150\.0 ms +157\.0 MB$/m);
  });

  it('is taken from the middle, and from the end, of what was measured', () => {
    const hundred = Array.from({ length: 100 }, (_, i) => i + 1);
    expect([quantile(hundred, 0.5), quantile(hundred, 0.99)]).toEqual([51, 100]);
  });
});
