import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Endpoints } from '../files.ts';

export interface PlaneProcess {
  readonly endpoints: Endpoints;
  readonly kubeconfig: string;
  readonly pid: number;
  /** Ctrl-C, and wait. Throws when it does not stop cleanly. */
  stop(): Promise<void>;
  /** kill -9, and wait. */
  kill(): Promise<void>;
}

/** Starts the plane as `npm start` does, in a process of its own, and waits until it is ready. */
export async function startPlaneProcess(data: string, args: readonly string[]): Promise<PlaneProcess> {
  const main = fileURLToPath(new URL('../main.ts', import.meta.url));
  const child = spawn(process.execPath, [main, '--data', data, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const gone = new Promise<number | null>((resolve) => child.once('close', resolve));
  await ready(child, gone);
  const endpoints = JSON.parse(readFileSync(join(data, 'endpoints.json'), 'utf8')) as Endpoints;
  return {
    endpoints,
    kubeconfig: join(data, 'kubeconfig'),
    pid: child.pid ?? 0,
    async stop() {
      child.kill('SIGINT');
      const code = await gone;
      if (code !== 0) throw new Error(`the plane ended with code ${code}`);
    },
    async kill() {
      child.kill('SIGKILL');
      await gone;
    },
  };
}

async function ready(child: ChildProcess, gone: Promise<number | null>): Promise<void> {
  let complaints = '';
  child.stderr?.on('data', (chunk) => {
    complaints += chunk;
  });
  const says = new Promise<true>((resolve) => {
    if (child.stdout !== null) createInterface(child.stdout).on('line', (line) => line === 'ready' && resolve(true));
  });
  const first = await Promise.race([says, gone]);
  if (first !== true) throw new Error(`the plane did not start (code ${first}): ${complaints.trim()}`);
}
