import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createVersions, timeOf } from '../../shared/store/version.ts';
import { stoppedClock } from './ports.ts';

const start = Date.UTC(2026, 10, 1);
const far = start + 86_400_000;

describe('the clock of versions', () => {
  it('never gives a version twice nor a lower one, whatever the wall clock does and whatever was read', () => {
    const step = fc.record({ ms: fc.integer({ min: -5_000, max: 5_000 }), read: fc.integer({ min: -10_000, max: 10_000 }) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 50 }), fc.constantFrom(0, 10_000), (steps, overlapMs) => {
        const clock = stoppedClock(start);
        const versions = createVersions({ clock, overlapMs });
        let last = 0;
        for (const { ms, read } of steps) {
          clock.time += ms;
          versions.observe((clock.time + read) * 4096);
          const version = versions.begin();
          expect(version).toBeGreaterThan(last);
          expect(Number.isSafeInteger(version)).toBe(true);
          last = version;
        }
      }),
    );
  });

  it('speaks of wall-clock time, and has 4096 versions for each millisecond', () => {
    const versions = createVersions({ clock: stoppedClock(start), overlapMs: 0 });
    const given = Array.from({ length: 4096 }, () => versions.begin());
    expect(new Set(given).size).toBe(4096);
    expect(timeOf(given[0]!)).toBe(start);
    expect(timeOf(given[4095]!)).toBeLessThan(start + 1);
  });

  it('is not dragged by a bad clock elsewhere, but writes above what that clock wrote', () => {
    const versions = createVersions({ clock: stoppedClock(start), overlapMs: 10_000 });
    versions.observe((start + 4_000) * 4096);
    expect(timeOf(versions.begin())).toBeGreaterThan(start + 4_000);
    versions.observe(far * 4096);
    expect(timeOf(versions.begin(far * 4096))).toBeGreaterThan(far);
    expect(timeOf(versions.begin())).toBeLessThan(start + 5_000);
  });

  it('follows its own history when the wall clock is set back and nobody else writes', () => {
    const versions = createVersions({ clock: stoppedClock(start), overlapMs: 0 });
    versions.observe(far * 4096);
    expect(versions.begin()).toBe(far * 4096 + 1);
  });

  it('keeps the ceiling below the oldest write under way, and below one whose outcome is unknown for ten seconds', () => {
    const clock = stoppedClock(start);
    const versions = createVersions({ clock, overlapMs: 0 });
    const [first, second] = [versions.begin(), versions.begin()];
    expect(versions.ceiling()).toBe(first - 1);
    versions.end(first);
    expect(versions.ceiling()).toBe(second - 1);
    versions.doubt(second);
    clock.time += 9_999;
    expect(versions.ceiling()).toBe(second - 1);
    clock.time += 1;
    expect(versions.ceiling()).toBeGreaterThanOrEqual(second);
    expect(versions.begin()).toBeGreaterThan(versions.ceiling());
  });
});
