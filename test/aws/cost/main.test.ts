import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';

const main = fileURLToPath(new URL('../../../infra/aws/cost/main.ts', import.meta.url));
const cost = (...args: readonly string[]) => promisify(execFile)(process.execPath, [main, ...args]);

describe('npm run cost', () => {
  it('ends with one line of JSON', async () => {
    const { stdout } = await cost('--clusters', '10', '--machines', '10', '--changes-per-day', '33', '--json');
    const { totalUsd, parts } = JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
    expect(Object.keys(parts)).toEqual(
      expect.arrayContaining(['lambda', 'dynamodb', 'stepFunctions', 'sqs', 'scheduler', 'kms', 'logs', 'alarms', 'metrics', 'apiGateway']),
    );
    expect(totalUsd).toBeGreaterThan(Math.max(...Object.values<number>(parts)));
  });

  it('shows people a table, with a management cluster beside it', async () => {
    const { stdout } = await cost('--dashboard');
    expect(stdout).toMatch(/^A month of 10 clusters of 10 machines/);
    expect(stdout).toMatch(/long polls of Lambda +2,628,000 x/);
    expect(stdout).toMatch(/\ndashboard +3\.00\n/);
    expect(stdout).toMatch(/\nin all +\d+\.\d\d\n/);
    expect(stdout).toMatch(/management cluster on EKS +133\.74 to 166\.59/);
  });

  it('says what is wrong with an option', async () => {
    await expect(cost('--clusters', 'many')).rejects.toMatchObject({
      code: 2,
      stdout: '',
      stderr: '--clusters takes a whole number from 0 on, not "many"\n',
    });
  });
});
