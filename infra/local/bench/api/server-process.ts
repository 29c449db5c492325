import { fork } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * The heap that Lambda gives a function of 256 MB, which those of the API have: without a limit it is not collected before it has grown to
 * several times of what is needed, and its size says little.
 */
const heap = ['--max-semi-space-size=13', '--max-old-space-size=230'] as const;

export type ToServer =
  | { readonly is: 'fill'; readonly from: number; readonly to: number }
  | { readonly is: 'usage?' }
  | { readonly is: 'stop' };
export type FromServer =
  | { readonly is: 'ready'; readonly kubeconfig: string }
  | { readonly is: 'filled'; readonly to: number }
  | { readonly is: 'full' }
  | { readonly is: 'usage'; readonly peakRssMb: number };

export interface MeasuredServer {
  /** Path. */
  readonly kubeconfig: string;
  /** Stores ready Machines of these numbers, without the API; `filled` is told how far it is. */
  fill(from: number, to: number, filled: (to: number) => void): Promise<void>;
  /** The most memory that the process has had since it began, its embedded DynamoDB included, MB. */
  peakRssMb(): Promise<number>;
  stop(): Promise<void>;
}

/** Starts the API over an embedded DynamoDB in a process of its own, over an empty data directory. */
export async function startMeasuredServer(data: string): Promise<MeasuredServer> {
  mkdirSync(data, { recursive: true });
  const child = fork(fileURLToPath(new URL('./server.ts', import.meta.url)), [data], { execArgv: [...heap] });
  const gone = new Promise<never>((_, reject) => {
    child.once('exit', (code) => reject(new Error(`the API's process ended (code ${code})`)));
  });
  gone.catch(() => {});
  const heard = <K extends FromServer['is']>(is: K): Promise<Extract<FromServer, { is: K }>> =>
    new Promise((resolve) => {
      child.on('message', function listen(message: FromServer) {
        if (message.is !== is) return;
        child.off('message', listen);
        resolve(message as Extract<FromServer, { is: K }>);
      });
    });
  const ask = <K extends FromServer['is']>(message: ToServer, answer: K) => {
    const answered = heard(answer);
    child.send(message);
    return Promise.race([answered, gone]);
  };

  const { kubeconfig } = await Promise.race([heard('ready'), gone]);
  return {
    kubeconfig,
    async fill(from, to, filled) {
      const listen = (message: FromServer): void => void (message.is === 'filled' && filled(message.to));
      child.on('message', listen);
      await ask({ is: 'fill', from, to }, 'full').finally(() => child.off('message', listen));
    },
    peakRssMb: async () => (await ask({ is: 'usage?' }, 'usage')).peakRssMb,
    async stop() {
      if (child.exitCode !== null) return;
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.send({ is: 'stop' } satisfies ToServer);
      await ended;
    },
  };
}
