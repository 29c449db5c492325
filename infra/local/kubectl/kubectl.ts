import { type ChildProcess, spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { ensureKubectl } from './ensure-kubectl.ts';

export interface Output {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly process: ChildProcess;
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
    return { process: child, output: outputOf(child) };
  }

  return {
    start: (args) => start(args),
    run: async (args, stdin) => (await start(args, stdin)).output,
  };
}

async function outputOf(child: ChildProcess): Promise<Output> {
  const ended = new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? 1));
  });
  const [code, stdout, stderr] = await Promise.all([ended, text(child.stdout!), text(child.stderr!)]);
  return { code, stdout, stderr };
}
