import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock as clock } from '../../system.ts';
import { settings } from '../settings.ts';
import { estimate } from './estimate.ts';
import { measuredPath, readMeasured } from './measured.ts';
import { BadOption, help, readOptions } from './options.ts';
import { table } from './report.ts';

const say = (sentence: string): void => void process.stderr.write(`${sentence}\n`);

/** Measures as it must be measured to be compared: half of the workers in each of two clouds that take half a minute, boots of two. */
async function remeasure(): Promise<void> {
  const { measure } = await import('./measure/measure.ts');
  const directory = mkdtempSync(join(tmpdir(), 'plastron-cost-'));
  try {
    const figures = await measure({ settings, bootSeconds: 120, cloudSeconds: 30, few: 4, more: 10, apart: 7, directory, clock, say });
    const measured = new Date(clock.now()).toISOString().slice(0, 10);
    writeFileSync(measuredPath, `${JSON.stringify({ measured, command: 'npm run cost -- --measure', ...figures }, null, 2)}\n`);
    rmSync(directory, { recursive: true, force: true });
  } catch (error) {
    say(`data and log: ${directory}`);
    throw error;
  }
}

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  if (options.help) return void process.stdout.write(`${help}\n`);
  if (options.measure) await remeasure();
  const measured = readMeasured();
  const month = estimate(options, measured);
  const { totalUsd, parts } = month;
  process.stdout.write(`${options.json ? JSON.stringify({ totalUsd, parts }) : table(options, month, measured)}\n`);
}

await main().catch((error: unknown) => {
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = error instanceof BadOption ? 2 : 1;
});
