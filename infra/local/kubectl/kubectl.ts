import { type ChildProcess, spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { ensureKubectl } from './ensure-kubectl.ts';

export interface Output {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly process: ChildProcess;
  /** What it has printed so far. */
  stdout(): string;
  /** When it has ended, whatever its exit code. */
  readonly output: Promise<Output>;
}

export interface Kubectl {
  /** Runs a command to its end; `stdin` for `-f -`. Does not throw for an exit code. */
  run(args: readonly string[], stdin?: string): Promise<Output>;
  /** Starts a command that goes on, such as `get -w`. The caller ends it. */
  start(args: readonly string[]): Promise<Running>;
}

/** The real kubectl with this kubeconfig, and a cache beside it: what another server at this address once said is not believed. */
export function kubectl({ kubeconfig }: { readonly kubeconfig: string }): Kubectl {
  const cache = join(dirname(kubeconfig), 'kubectl-cache');

  async function start(args: readonly string[], stdin?: string): Promise<Running> {
    const { path } = await ensureKubectl();
    const child = spawn(path, ['--kubeconfig', kubeconfig, '--cache-dir', cache, ...args], {
      stdio: [stdin === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    });
    child.stdin?.on('error', () => {});
    child.stdin?.end(stdin);
    const stdout = collect(child.stdout!);
    const stderr = collect(child.stderr!);
    const output = ended(child).then((code) => ({ code, stdout: stdout(), stderr: stderr() }));
    return { process: child, stdout, output };
  }

  return {
    start: (args) => start(args),
    run: async (args, stdin) => (await start(args, stdin)).output,
  };
}

function collect(stream: Readable): () => string {
  let text = '';
  stream.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  return () => text;
}

function ended(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? 1));
  });
}
