import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Bundle, budgets, bundle } from '../../../infra/aws/bundle/bundle.ts';
import { entries } from '../../../infra/aws/entries.ts';

const out = mkdtempSync(join(tmpdir(), 'plastron-bundles-'));
const bundles: Bundle[] = [];
beforeAll(async () => {
  bundles.push(...(await Promise.all(entries().map((entry) => bundle(entry, out)))));
}, 120_000);
afterAll(() => rmSync(out, { recursive: true, force: true }));

const environment = {
  AWS_REGION: 'us-east-1',
  PLASTRON_PREFIX: 'Plastron',
  PLASTRON_TABLE: 'table',
  PLASTRON_QUEUES: 'https://sqs.us-east-1.amazonaws.com/123456789012/Plastron-',
  PLASTRON_STATE_MACHINES: 'arn:aws:states:us-east-1:123456789012:stateMachine:Plastron-',
  PLASTRON_STEPS: 'Plastron-steps',
  PLASTRON_LONGEST_WATCH: '300',
};

const packagesOf = ({ inputs }: Bundle): string[] => [
  ...new Set(Object.keys(inputs).map((path) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? '')),
];
const sortOf = (sort: string): Bundle[] => bundles.filter(({ entry }) => entry.sort === sort);

describe('bundles', () => {
  it('are within their budgets', () => {
    const over = bundles.filter(({ entry, bytes }) => bytes > budgets[entry.sort]).map(({ entry, bytes }) => `${entry.name}: ${bytes}`);
    expect(over).toEqual([]);
  });

  it('of APIs hold no client of a cloud, and none of what an API may not touch', () => {
    const clients = [
      '@aws-sdk/client-ec2',
      '@aws-sdk/client-sfn',
      '@aws-sdk/client-sqs',
      '@aws-sdk/client-lambda',
      '@google-cloud/compute',
      '@azure/arm-compute',
      '@connectrpc/connect',
    ];
    for (const each of [...sortOf('api'), ...sortOf('discovery')])
      expect([each.entry.name, packagesOf(each).filter((name) => clients.includes(name))]).toEqual([each.entry.name, []]);
  });

  it('of a cloud hold no client of another', () => {
    const own: Record<string, string> = { aws: '@aws-sdk/client-ec2', gce: '@google-cloud/compute' };
    for (const each of sortOf('cloud-steps'))
      expect(Object.values(own).filter((name) => packagesOf(each).includes(name))).toEqual([own[each.entry.platform!]]);
  });

  it('hold no secret place to look for credentials: a function has its role', () => {
    for (const each of bundles) expect(packagesOf(each)).not.toContain('@aws-sdk/credential-provider-sso');
  });

  it('load, with what their function is told, and have a handler', async () => {
    const files = bundles.map(({ entry }) => join(out, entry.name, 'index.mjs'));
    const script = `globalThis.awslambda = { streamifyResponse: (handler) => handler };
      for (const file of ${JSON.stringify(files)}) console.log(typeof (await import(file)).handler);`;
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], { env: environment });
    expect(stdout.trim().split('\n')).toEqual(files.map(() => 'function'));
  });

  it('do not show on which machine they were made', () => {
    for (const { entry } of bundles)
      for (const file of ['index.mjs', 'index.mjs.map'])
        expect([entry.name, readFileSync(join(out, entry.name, file), 'utf8').includes(process.cwd())]).toEqual([entry.name, false]);
  });

  it('are the same bytes when made again', async () => {
    const again = mkdtempSync(join(tmpdir(), 'plastron-bundles-'));
    try {
      const entry = entries().find(({ name }) => name === 'api-machine')!;
      await bundle(entry, again);
      expect(readFileSync(join(again, entry.name, 'index.mjs')).equals(readFileSync(join(out, entry.name, 'index.mjs')))).toBe(true);
    } finally {
      rmSync(again, { recursive: true, force: true });
    }
  });
});
