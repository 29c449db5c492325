import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export type ToServer = { readonly is: 'usage?' } | { readonly is: 'stop' };
export type FromServer = { readonly is: 'ready'; readonly kubeconfig: string } | { readonly is: 'usage'; readonly peakRssMb: number };

export interface MeasuredServer {
  /** Path. */
  readonly kubeconfig: string;
  /** The most memory that the process has had since it began, its embedded DynamoDB included, MB. */
  peakRssMb(): Promise<number>;
  stop(): Promise<void>;
}

/**
 * The heap that Lambda gives a function of 256 MB, which those of the API have: without a limit it is not collected before it has grown to
 * several times of what is needed, and its size says little.
 */
const heap = ['--max-semi-space-size=13', '--max-old-space-size=230'];

const pathOf = (script: string): string => fileURLToPath(new URL(script, import.meta.url));

/** Starts the API over an embedded DynamoDB in a process of its own. `data`: a directory. */
export async function startMeasuredServer(data: string): Promise<MeasuredServer> {
  const child = fork(pathOf('./server.ts'), [data], { execArgv: heap });
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const heard = <K extends FromServer['is']>(is: K): Promise<Extract<FromServer, { is: K }>> =>
    new Promise((resolve, reject) => {
      child.on('message', function listen(message: FromServer) {
        if (message.is !== is) return;
        child.off('message', listen);
        resolve(message as Extract<FromServer, { is: K }>);
      });
      void ended.then((code) => reject(new Error(`the API's process ended (code ${code})`)));
    });
  const say = (message: ToServer): void => void child.send(message);

  const { kubeconfig } = await heard('ready');
  return {
    kubeconfig,
    async peakRssMb() {
      const answer = heard('usage');
      say({ is: 'usage?' });
      return (await answer).peakRssMb;
    },
    async stop() {
      if (child.exitCode === null) say({ is: 'stop' });
      await ended;
    },
  };
}

/** Stores ready Machines of these numbers, by the store itself and in a process of its own; `filled` is told how far it is. */
export async function fill(data: string, from: number, to: number, filled: (to: number) => void): Promise<void> {
  const child = fork(pathOf('./fill.ts'), [data, String(from), String(to)]);
  child.on('message', filled);
  const code = await new Promise<number | null>((resolve) => child.once('exit', resolve));
  if (code !== 0) throw new Error(`storing ${to - from} machines ended with code ${code}`);
}
