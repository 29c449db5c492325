import { describe, expect, it } from '@jest/globals';
import type { ApiMeasurement, ApiResult, Taken } from '../../../infra/local/bench/api/measure.ts';
import { peakRssMb } from '../../../infra/local/bench/api/memory.ts';
import { apiTable } from '../../../infra/local/bench/api/report.ts';

const taken: readonly Taken[] = [
  { is: 'get', objects: 100, took: [2, 2, 9], bytes: 2_400 },
  { is: 'get', objects: 10_000, took: [3, 3, 9], bytes: 2_400 },
  { is: 'list', objects: 1_000, took: [9_000], bytes: 870_000 },
  { is: 'list', objects: 10_000, took: [2_000, 2_400, 2_600], bytes: 8_700_000 },
  { is: 'watch', objects: 10_000, took: [100, 120, 240], bytes: 2_600 },
];
const measured = (peak: number, more: readonly Taken[] = []): ApiMeasurement => ({
  taken: [...taken, ...more],
  result: { peakRssMb: peak } as Partial<ApiResult> as ApiResult,
});
const rowOf = (text: string, what: RegExp): string => text.split('\n').find((line) => what.test(line)) ?? '';

describe('the table of the API', () => {
  it('shows half and 99 of 100 of the requests, and the bytes of an answer', () => {
    expect(rowOf(apiTable(measured(200)), /^get +100 /)).toMatch(/2\.0 +9\.0 +2400$/);
  });

  it('says the bound where one is promised, and whether it is missed', () => {
    const text = apiTable(measured(299));
    expect(rowOf(text, /^list as Table +10000/)).toMatch(/2400\.0 +2600\.0 +8700000 {3}half at most 2500$/);
    expect(rowOf(text, /^list as Table +1000 /)).toMatch(/870000$/);
    expect(rowOf(text, /^change to event/)).toMatch(/99 of 100 at most 250$/);
    expect(rowOf(text, /^memory/)).toMatch(/299 MB {3}at most 300$/);
    expect(rowOf(apiTable(measured(301)), /^memory/)).toMatch(/301 MB {3}at most 300 {2}MISSED$/);
    const slow: Taken = { is: 'watch', objects: 10, took: [251], bytes: 1 };
    expect(rowOf(apiTable(measured(1, [slow])), /^change to event +10 /)).toMatch(/MISSED$/);
  });

  it('shows by how much a get grows', () => {
    expect(rowOf(apiTable(measured(1)), /^get, 10000 against 100/)).toMatch(/x 1\.50$/);
  });
});

it('the memory at its peak is at least what there is now', () => {
  expect(peakRssMb()).toBeGreaterThanOrEqual((process.memoryUsage.rss() / 1024 / 1024) * 0.9);
});
