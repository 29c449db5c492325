import { type ChildProcess, fork } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Endpoints } from '../files.ts';
import { type Bill, openBill } from './bill.ts';
import { type CountingProxy, createCountingProxy } from './counting-proxy.ts';

/** What the plane has used since it started. */
export interface Usage {
  /** User and system time of all its threads, the embedded DynamoDB's included. */
  readonly cpuMs: number;
  readonly peakRssMb: number;
  /** State transitions that AWS would bill. */
  readonly transitions: number;
}

export type ToPlane = { readonly is: 'counter'; readonly endpoint: string } | { readonly is: 'usage?' } | { readonly is: 'stop' };
export type FromPlane =
  | { readonly is: 'dynamodb'; readonly endpoint: string }
  | { readonly is: 'ready'; readonly endpoints: Endpoints; readonly kubeconfig: string }
  | ({ readonly is: 'usage' } & Usage);

export interface MeasuredPlane {
  readonly endpoints: Endpoints;
  /** Path. */
  readonly kubeconfig: string;
  readonly bill: Pick<Bill, 'lines' | 'writes'>;
  usage(): Promise<Usage>;
  stop(): Promise<void>;
}

/** Starts a plane in a process of its own, over an empty data directory, with a counter between its store and its DynamoDB. */
export async function startMeasuredPlane(data: string, bootSeconds: number): Promise<MeasuredPlane> {
  mkdirSync(data, { recursive: true });
  const child = fork(fileURLToPath(new URL('./plane.ts', import.meta.url)), [data, String(bootSeconds)]);
  const gone = new Promise<never>((_, reject) => {
    child.once('exit', (code) => reject(new Error(`the plane ended (code ${code}); its log is ${data}/plane.log`)));
  });
  gone.catch(() => {});
  const next = <K extends FromPlane['is']>(is: K) => Promise.race([heard(child, is), gone]);
  const say = (message: ToPlane): void => void child.send(message);

  const bill = openBill();
  const { endpoint } = await next('dynamodb');
  const counter = await createCountingProxy(endpoint, bill.add);
  say({ is: 'counter', endpoint: counter.endpoint });
  const { endpoints, kubeconfig } = await next('ready');
  return {
    endpoints,
    kubeconfig,
    bill: {
      lines(since) {
        counter.tell();
        return bill.lines(since);
      },
      writes() {
        counter.tell();
        return bill.writes();
      },
    },
    usage() {
      const answer = next('usage');
      say({ is: 'usage?' });
      return answer;
    },
    stop: () => stop(child, counter),
  };
}

const heard = <K extends FromPlane['is']>(child: ChildProcess, is: K): Promise<Extract<FromPlane, { is: K }>> =>
  new Promise((resolve) => {
    child.on('message', function listen(message: FromPlane) {
      if (message.is !== is) return;
      child.off('message', listen);
      resolve(message as Extract<FromPlane, { is: K }>);
    });
  });

async function stop(child: ChildProcess, counter: CountingProxy): Promise<void> {
  if (child.exitCode === null) {
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.send({ is: 'stop' } satisfies ToPlane);
    await ended;
  }
  await counter.close();
}
