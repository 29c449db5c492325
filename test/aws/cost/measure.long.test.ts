import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { measure } from '../../../infra/aws/cost/measure/measure.ts';
import { readMeasured } from '../../../infra/aws/cost/measured.ts';
import { systemClock as clock } from '../../../infra/system.ts';

/** As written down, but everything this many times as quick: so many looks are the same looks. */
const times = 15;

describe('the figures that are written down', () => {
  it('are those that a plane of today takes', async () => {
    const written = readMeasured();
    const { settings, bootSeconds, cloudSeconds } = written.under;
    const { share, atLeast, atMost } = settings.pace;
    const directory = mkdtempSync(join(tmpdir(), 'plastron-cost-'));
    const measured = await measure({
      settings: {
        ...settings,
        quickestBoot: (settings.quickestBoot ?? 0) / times,
        pace: { share, atLeast: atLeast / times, atMost: atMost / times },
        cadence: { nodes: 4, instances: 12, everything: 60 },
      },
      bootSeconds: bootSeconds / times,
      cloudSeconds: cloudSeconds / times,
      few: 4,
      more: 4,
      apart: 1,
      directory,
      clock,
      say: () => {},
    });
    rmSync(directory, { recursive: true });
    const near = (value: number, expected: number, share: number): void => {
      expect(value).toBeGreaterThan(expected * (1 - share));
      expect(value).toBeLessThan(expected * (1 + share));
    };
    near(measured.make.transitions + measured.remove.transitions, written.make.transitions + written.remove.transitions, 0.2);
    for (const life of ['make', 'remove'] as const) {
      near(measured[life].functions.steps.calls, written[life].functions.steps.calls, 0.35);
      near(measured[life].functions.cloudSteps.writes, written[life].functions.cloudSteps.writes, 0.35);
    }
    near(measured.hour.plane.functions.sweep.reads, written.hour.plane.functions.sweep.reads, 0.35);
    near(measured.hour.machine.functions.steps.reads, written.hour.machine.functions.steps.reads, 0.35);
  }, 300_000);
});
