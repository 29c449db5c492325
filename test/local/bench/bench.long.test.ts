import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';

const main = fileURLToPath(new URL('../../../infra/local/bench/main.ts', import.meta.url));
const bench = (...args: readonly string[]) => promisify(execFile)(process.execPath, [main, ...args]);

describe('npm run bench', () => {
  it('makes a cluster and ends with one line of JSON', async () => {
    const { stdout } = await bench('--machines', '3', '--boot-seconds', '1', '--json');
    const result = JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
    expect(Object.keys(result)).toEqual([
      'machines',
      'bootSeconds',
      'multiple',
      'storeReadsPerMachine',
      'storeWritesPerMachine',
      'transitionsPerMachine',
      'cpuMsPerMachine',
      'apiP50Ms',
      'apiP99Ms',
      'peakRssMb',
    ]);
    expect(result).toMatchObject({ machines: 3, bootSeconds: 1 });
    // A machine cannot be ready before it has booted, and is written about ten times on the way.
    expect(result.multiple).toBeGreaterThan(1);
    expect(result.storeWritesPerMachine).toBeGreaterThan(10);
    for (const value of Object.values(result)) expect(value).toBeGreaterThan(0);
  }, 120_000);

  it('measures the API and ends with one line of JSON', async () => {
    const { stdout } = await bench('--api', '--json');
    const result = JSON.parse(stdout);
    expect(Object.keys(result)).toEqual([
      'getP50Ms',
      'getP99Ms',
      'createP50Ms',
      'patchP50Ms',
      'list1000TableMs',
      'list10000TableMs',
      'watchP50Ms',
      'watchP99Ms',
      'peakRssMb',
    ]);
    for (const value of Object.values(result)) expect(value).toBeGreaterThan(0);
    // Other programs make it slower, but not larger.
    expect(result.peakRssMb).toBeLessThan(300);
    expect(result.list10000TableMs).toBeGreaterThan(result.list1000TableMs);
  }, 600_000);

  it('says what is wrong with an option', async () => {
    await expect(bench('--machines', 'many')).rejects.toMatchObject({ code: 2, stderr: expect.stringContaining('a whole number') });
    await expect(bench('--turbo')).rejects.toMatchObject({ code: 2, stderr: expect.stringContaining("'--turbo'") });
  });
});
