import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { layersRunHere } from '../../../infra/local/kubectl/layer-program.ts';
import { type Plane, startPlane } from '../plane.ts';
import { parseTranscript } from './parse.ts';
import { isSameOutput } from './same-output.ts';
import { openShell, type Shell } from './shell.ts';

/** Plays a transcript with the kubectl and helm of a layer, each command against the plane that the former left. */
export function playTranscript(name: string, layer: string): void {
  const text = readFileSync(join(import.meta.dirname, name), 'utf8');
  const steps = parseTranscript(name, text, Number(layer.slice(1)));
  const onlyHere = layersRunHere ? describe : describe.skip;
  const title = layersRunHere ? '' : ' (skipped: its programs are for Linux on x86-64)';
  onlyHere(`kubectl 1.${layer.slice(1)}, ${name}${title}`, () => {
    let plane: Plane;
    let shell: Shell;
    beforeAll(async () => {
      plane = await startPlane();
      shell = await openShell({ layer, kubeconfig: plane.kubeconfig, files: join(import.meta.dirname, 'files') });
    });
    afterAll(async () => {
      shell.close();
      await plane.close();
    });

    it.each(steps.map((step) => [step.command, step] as const))('%s', async (_, { at, command, code, requests, ...expected }) => {
      plane.requests();
      const ended = await shell.run(command);
      const printed = { stdout: linesOf(ended.stdout), stderr: linesOf(ended.stderr) };
      const isSame = isSameOutput(printed.stdout, expected.stdout) && isSameOutput(printed.stderr, expected.stderr);
      // Compared as they are only to show what differs.
      if (!isSame || ended.code !== code) expect({ at, ...printed, code: ended.code }).toEqual({ at, ...expected, code });
      const asked = plane.requests();
      if (requests !== undefined && !isSameOutput(asked, requests)) expect({ at, asked }).toEqual({ at, asked: requests });
    });
  });
}

const linesOf = (text: string): string[] => (text.trim() === '' ? [] : text.trimEnd().split('\n'));
