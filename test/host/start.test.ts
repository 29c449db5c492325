import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import type { Endpoints } from '../../infra/local/files.ts';
import { kubectl } from '../../infra/local/kubectl/kubectl.ts';
import { listenersOf } from './listeners.ts';

const main = fileURLToPath(new URL('../../infra/local/main.ts', import.meta.url));

function start(...args: string[]) {
  const child = spawn(process.execPath, [main, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  let printed = '';
  const ready = new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (chunk) => {
      printed += chunk;
      if (printed.endsWith('\nready\n')) resolve(printed);
    });
    ended.then((code) => reject(new Error(`it ended with code ${code}`)));
  });
  ready.catch(() => {});
  return { child, ended, ready, printed: () => printed };
}

async function run(...args: string[]) {
  const { child, ended, printed } = start(...args);
  const [code, stderr] = await Promise.all([ended, text(child.stderr)]);
  return { code, stdout: printed(), stderr };
}

describe('npm start', () => {
  const directory = mkdtempSync(join(tmpdir(), 'plastron-start-'));
  const data = join(directory, 'data');
  let plane: ReturnType<typeof start>;
  let printed: string;

  beforeAll(async () => {
    plane = start('--data', data);
    printed = await plane.ready;
  });
  afterAll(async () => {
    plane.child.kill('SIGKILL');
    await plane.ended;
    rmSync(directory, { recursive: true });
  });

  const endpoints = (): Endpoints => JSON.parse(readFileSync(join(data, 'endpoints.json'), 'utf8'));

  it('writes endpoints.json in the shape that scripts rely on', () => {
    const url = expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/);
    const address = expect.stringMatching(/^127\.\d+\.\d+\.\d+$/);
    expect(endpoints()).toEqual({
      api: expect.stringMatching(/^https:\/\/127\.0\.0\.1:\d+$/),
      stepFunctions: url,
      dynamodb: url,
      clouds: { aws: url, gce: url },
      reservedAddresses: { aws: [address, address, address], gce: [address, address, address] },
      keyPairs: { aws: ['plastron-demo'] },
    });
  });

  it('prints where everything is, and ready as its last line', () => {
    const { api, stepFunctions, dynamodb, clouds, reservedAddresses } = endpoints();
    const places = [join(data, 'kubeconfig'), api, stepFunctions, dynamodb, clouds.aws, clouds.gce, ...reservedAddresses.gce];
    for (const place of places) expect(printed).toContain(place);
    expect(printed.split('\n').slice(-2)).toEqual(['ready', '']);
  });

  it('writes a kubeconfig that only its owner can read, and that kubectl opens the API with', async () => {
    const path = join(data, 'kubeconfig');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(parse(readFileSync(path, 'utf8')).clusters[0].cluster.server).toBe(endpoints().api);
    const { code, stdout } = await kubectl({ kubeconfig: path }).run(['api-resources', '--api-group=cluster.k8s.io', '-o', 'name']);
    expect([code, stdout.trim().split('\n')]).toEqual([
      0,
      expect.arrayContaining(['clusters.cluster.k8s.io', 'machines.cluster.k8s.io', 'machinedeployments.cluster.k8s.io']),
    ]);
  });

  const onLinux = process.platform === 'linux' ? it : it.skip;
  onLinux('listens on loopback only', () => {
    const addresses = listenersOf(plane.child.pid!);
    expect(addresses.length).toBeGreaterThanOrEqual(5);
    expect(addresses.filter((address) => !address.startsWith('127.'))).toEqual([]);
  });

  it('refuses to start a second time over the same data, and says so', async () => {
    const second = await run('--data', data);
    expect(second).toEqual({ code: 2, stdout: '', stderr: expect.stringMatching(/in use by another plastron process: stop/) });
    expect((await fetch(`${endpoints().clouds.gce}/_state`)).status).toBe(200);
  });

  it('stops on Ctrl-C with code 0, and the next start has the same endpoints', async () => {
    const before = endpoints();
    plane.child.kill('SIGINT');
    expect(await plane.ended).toBe(0);
    plane = start('--data', data);
    await plane.ready;
    expect(endpoints()).toEqual(before);
  });

  it('explains its options', async () => {
    const help = await run('--help');
    expect(help).toMatchObject({ code: 0, stderr: '' });
    for (const option of ['--port', '--data', '--boot-seconds', '--join-timeout', '--help']) expect(help.stdout).toContain(option);
  });

  const file = join(directory, 'a-file');
  writeFileSync(file, '');
  it.each([
    ['a port that is no number', ['--port', 'abc'], /--port takes a number, not "abc"/],
    ['a port that there is not', ['--port', '99999'], /--port .*65535/],
    ['a time before zero', ['--boot-seconds=-1'], /--boot-seconds takes a number/],
    ['an empty time', ['--boot-seconds='], /--boot-seconds takes a number/],
    ['an option that it does not know', ['--prot', '1'], /Unknown option '--prot'[\s\S]*--port N/],
    ['a data directory that is a file', ['--data', file], /--data .*a-file cannot be made a directory/],
  ])('refuses %s with code 2 and a sentence', async (_what, args, sentence) => {
    const { code, stdout, stderr } = await run('--data', join(directory, 'other'), ...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(sentence);
    expect(stderr).not.toContain('    at ');
  });
});
