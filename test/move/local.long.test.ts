import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { lookIntoClouds, must } from '../../infra/local/demo/observe.ts';
import { type PlaneProcess, startPlaneProcess } from '../../infra/local/demo/plane-process.ts';
import { kubectl } from '../../infra/local/kubectl/kubectl.ts';
import { decode } from '../../infra/move/file/format.ts';
import { goodSecrets } from '../host/credentials.ts';
import { creationsByMachine } from '../host/fleet.ts';
import { conditionOf, eventually } from '../host/host.ts';
import { cluster, deployment, machine, platforms, secret, yamlOf } from '../host/manifests.ts';

const main = fileURLToPath(new URL('../../infra/move/main.ts', import.meta.url));

/** `npm run plastron --`, as a user runs it. */
async function plastron(...args: string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, [main, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const closed = new Promise<number | null>((resolve) => child.once('close', resolve));
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { stdout, stderr, code: await closed };
}

/** Planes on this machine: one is left, the other goes on, with the same clouds. */
describe('from one directory to another', () => {
  const directory = mkdtempSync(join(tmpdir(), 'plastron-moves-'));
  const [from, to, file, locked] = ['from', 'to', 'plane.jsonl', 'plane.locked'].map((name) => join(directory, name)) as [
    string,
    string,
    string,
    string,
  ];
  const canary = 'canary-5b1f0a';
  const planted = [canary, Buffer.from(canary).toString('base64')];
  const told: string[] = [];
  let plane: PlaneProcess;
  let uids: string[];

  const run = (...args: string[]) => must(kubectl({ kubeconfig: plane.kubeconfig }), args);
  const machines = async () => JSON.parse(await run('get', 'machines', '-o', 'json')).items as { metadata: { uid: string } }[];
  const ready = (count: number) =>
    eventually(async () => {
      const all = await machines();
      const some = all.filter((one) => conditionOf(one as never, 'Ready')?.status === 'True');
      return all.length === count && some.length === count ? undefined : `${some.length} of ${all.length} machines are ready`;
    });
  async function tell(...args: string[]) {
    const said = await plastron(...args);
    told.push(said.stdout, said.stderr);
    return said;
  }

  beforeAll(async () => {
    plane = await startPlaneProcess(from, ['--boot-seconds', '0.3', '--verbose']);
    const objects = [
      ...goodSecrets(plane.endpoints),
      secret('planted', { key: canary }, 'default'),
      cluster('c', plane.endpoints.reservedAddresses.gce.slice(0, 1)),
      machine('c-master-0', { cluster: 'c', platform: platforms.gce, set: 'master' }),
      deployment('workers', 1, { cluster: 'c', platform: platforms.gce }),
    ];
    await must(kubectl({ kubeconfig: plane.kubeconfig }), ['apply', '-f', '-'], yamlOf(objects));
    await ready(2);
    uids = (await machines()).map(({ metadata }) => metadata.uid);
  });
  afterAll(async () => {
    await plane.kill();
    rmSync(directory, { recursive: true, force: true });
  });

  it('a running plane is paused and written to a file that its owner alone may read', async () => {
    const { code, stdout, stderr } = await tell('export', '--data', from, '--out', file, '--json');
    expect({ code, stderr }).toMatchObject({ code: 0, stderr: expect.stringContaining('pauses Cluster default/c') });
    expect(stderr).toContain('it holds keys and credentials in clear');
    const { header } = decode(readFileSync(file));
    expect(JSON.parse(stdout)).toMatchObject({ file, sha256: header.sha256, counts: { Cluster: 1, Machine: 2 } });
    expect((statSync(file).mode & 0o777).toString(8)).toBe('600');
    expect(await run('get', 'cluster', 'c', '-o', 'jsonpath={.metadata.annotations}')).toContain(
      '"cluster.k8s.io/paused":"plastron-export"',
    );
  });

  it('no export is written over another', async () => {
    const before = readFileSync(file);
    expect(await tell('export', '--data', from, '--out', file)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('is there already'),
    });
    expect(readFileSync(file)).toEqual(before);
  });

  it('nothing is imported into a plane that runs', async () => {
    const said = await tell('import', file, '--data', from);
    expect(said).toMatchObject({ code: 1, stderr: expect.stringContaining('is in use by another plastron process: stop that one') });
  });

  it('a stopped plane is exported as well, under a passphrase', async () => {
    await plane.stop();
    writeFileSync(join(directory, 'passphrase'), 'correct horse\n');
    const said = await tell('export', '--data', from, '--out', locked, '--passphrase-file', join(directory, 'passphrase'));
    expect(said).toMatchObject({ code: 0, stdout: '', stderr: expect.stringContaining('it opens with the passphrase') });
    writeFileSync(join(directory, 'wrong'), 'wrong horse\n');
    const wrong = await tell('import', locked, '--data', to, '--passphrase-file', join(directory, 'wrong'));
    expect(wrong).toMatchObject({ code: 1, stderr: expect.stringMatching(/^the export does not open: the passphrase is another/) });
    expect(existsSync(to)).toBe(false);
  });

  it('what was cut short is refused before a plane is made of it', async () => {
    const cut = join(directory, 'cut.jsonl');
    writeFileSync(cut, readFileSync(file).subarray(0, -200));
    expect(await tell('import', cut, '--data', to)).toMatchObject({ code: 1, stderr: expect.stringMatching(/^the export is not whole/) });
    expect(existsSync(to)).toBe(false);
  });

  it('the other plane goes on with the same machines, and scales', async () => {
    mkdirSync(to);
    for (const name of ['world', 'endpoints.json']) cpSync(join(from, name), join(to, name), { recursive: true });
    const said = await tell('import', locked, '--data', to, '--passphrase-file', join(directory, 'passphrase'), '--json');
    expect(said.code).toBe(0);
    expect(JSON.parse(said.stdout)).toMatchObject({ goneOn: [], resumed: ['Cluster default/c'] });
    plane = await startPlaneProcess(to, ['--boot-seconds', '0.3', '--verbose']);
    await ready(2);
    await run('scale', 'machinedeployment', 'workers', '--replicas=2');
    await ready(3);
    const all = (await machines()).map(({ metadata }) => metadata.uid);
    expect(all).toEqual(expect.arrayContaining(uids));
    const creations = creationsByMachine(await lookIntoClouds(plane.endpoints));
    expect([...creations.keys()].sort()).toEqual(all.sort());
    expect([...creations.values()].map((ids) => ids.length)).toEqual([1, 1, 1]);
  });

  it('secrets stand in the export alone: in no line that was told, in no log, in no file of a plane', () => {
    const files = (path: string): string[] =>
      readdirSync(path, { recursive: true, withFileTypes: true }).flatMap((one) => (one.isFile() ? [join(one.parentPath, one.name)] : []));
    const holds = (bytes: Buffer | string): boolean => planted.some((secretText) => bytes.includes(secretText));
    // The export that was cut short, too, is one.
    expect(
      files(directory)
        .filter((path) => holds(readFileSync(path)))
        .sort(),
    ).toEqual([join(directory, 'cut.jsonl'), file].sort());
    expect(told.filter(holds)).toEqual([]);
  });
});
