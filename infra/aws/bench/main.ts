import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openAccount } from '../account/account.ts';
import type { Template } from '../account/template.ts';
import { presignedToken } from '../account/token.ts';
import { createApp } from '../stack/app.ts';
import { type Load, quantile, run } from './load.ts';
import { expectedMs, sizes, table } from './report.ts';

const help = `Measures the API's functions as Lambda would run them: bundles in processes of their own, one request at a time for each.

  npm run bench:lambda -- [--objects N] [--times T] [--json]

  --objects N   Machines in the namespace (500)
  --times T     how often each request is sent (200)
  --json        ends with one line of JSON

The columns of memory sizes say what the middle request would take there: processor time grows as the function's share of a
processor shrinks. This machine's processors are not Lambda's: believe the ratios.`;

const { values } = parseArgs({
  options: {
    objects: { type: 'string', default: '500' },
    times: { type: 'string', default: '200' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

const path = '/v1/apis/cluster.k8s.io/v1alpha1/namespaces/default/machines';
const admin = 'arn:aws:iam::000000000000:role/admin';

const machine = (i: number) => ({
  apiVersion: 'cluster.k8s.io/v1alpha1',
  kind: 'Machine',
  metadata: { name: `machine-${i}`, labels: { 'cluster.k8s.io/cluster-name': 'nowhere' } },
  spec: {
    providerSpec: {
      value: {
        apiVersion: 'talosproviderconfig/v1alpha1',
        kind: 'TalosMachineProviderSpec',
        platform: { type: 'aws', config: 'region: us-west-2\ninstances:\n  type: t2.micro\n  ami: ami-09d6bf816f2ebdfe1\n' },
      },
    },
  },
});

function loadsOf(objects: number, times: number): readonly Load[] {
  const authorization = `Bearer ${presignedToken('ADMIN', new Date())}`;
  const ask = (method: string, at: string, headers: Record<string, string> = {}, body?: unknown): Request =>
    new Request(`https://plane${at}`, {
      method,
      headers: { authorization, accept: 'application/json', 'content-type': 'application/json', ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  const asTable = { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json', 'accept-encoding': 'gzip' };
  const merge = { 'content-type': 'application/merge-patch+json' };
  return [
    { name: 'create', times: objects, request: (i) => ask('POST', path, {}, machine(i)) },
    { name: 'get', times, request: (i) => ask('GET', `${path}/machine-${i % objects}`) },
    {
      name: 'patch',
      times,
      request: (i) => ask('PATCH', `${path}/machine-${i % objects}`, merge, { metadata: { labels: { round: `${i}` } } }),
    },
    { name: `list ${objects} as Table`, times: Math.ceil(times / 10), request: () => ask('GET', `${path}?limit=500`, asTable) },
  ];
}

async function main(): Promise<void> {
  const bundles = 'dist/lambda';
  if (!existsSync(bundles)) throw new Error('there are no bundles: npm run bundle');
  const folder = mkdtempSync(join(tmpdir(), 'plastron-bench-'));
  createApp({ outdir: folder, bundles }).synth();
  const template = JSON.parse(readFileSync(join(folder, 'Plastron.template.json'), 'utf8')) as Template;
  const account = await openAccount({
    template,
    parameters: { Admins: admin },
    bundles,
    identityOf: () => 'arn:aws:sts::000000000000:assumed-role/admin/bench',
  });
  try {
    await account.tick();
    const taken = [];
    for (const load of loadsOf(Number(values.objects), Number(values.times))) taken.push(await run(account, 'Plastron-api-machine', load));
    const functions = [...account.functions.measured].map(([name, { loaded, rss }]) => ({
      name,
      loaded: Math.max(...loaded),
      rss: Math.max(...rss),
    }));
    (values.json ? process.stderr : process.stdout).write(`${table(taken, functions)}\n`);
    const result = taken.map(({ name, ms, cpuMs }) => [
      name,
      {
        p50: quantile(ms, 0.5),
        p99: quantile(ms, 0.99),
        cpuP50: quantile(cpuMs, 0.5),
        at: Object.fromEntries(sizes.map((size) => [size, expectedMs(quantile(ms, 0.5), quantile(cpuMs, 0.5), size)])),
      },
    ]);
    if (values.json) process.stdout.write(`${JSON.stringify({ requests: Object.fromEntries(result), functions })}\n`);
  } finally {
    await account.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

if (values.help) process.stdout.write(`${help}\n`);
else await main();
