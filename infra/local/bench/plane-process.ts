import { type ChildProcess, fork } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Endpoints } from '../files.ts';
import type { Level } from '../log.ts';
import type { PlaneOptions } from '../plane.ts';
import { type Bill, openBill } from './bill.ts';
import { type CountingProxy, createCountingProxy } from './counting-proxy.ts';

export interface MeasuredOptions extends Pick<PlaneOptions, 'bootSeconds' | 'cloudSeconds' | 'paceOf'> {
  /** What is logged; 'warn' if absent. */
  readonly logFrom?: Level;
}

/** Of one function. */
export interface Calls {
  readonly calls: number;
  /** How long they took, all together. */
  readonly ms: number;
}

/** What the plane has used since it started. */
export interface Usage {
  /** User and system time of all its threads, the embedded DynamoDB's included. */
  readonly cpuMs: number;
  /** Of the thread of the plane alone: without the DynamoDB, the clouds and the nodes. */
  readonly threadCpuMs: number;
  readonly peakRssMb: number;
  /** State transitions that AWS would bill. */
  readonly transitions: number;
  /** By the function's name; of a function with steps, each by its own: `steps DrainNode`, `clouds-aws EnsureInstance`. */
  readonly functions: Readonly<Record<string, Calls>>;
  /** Requests to queues that sent wakes, and the wakes in them. */
  readonly sends: number;
  readonly wakes: number;
  readonly logBytes: number;
}

export type ToPlane =
  | { readonly is: 'counter'; readonly endpoint: string }
  | { readonly is: 'usage?' }
  | { readonly is: 'sweep'; readonly at: number }
  | { readonly is: 'stop' };
export type FromPlane =
  | { readonly is: 'dynamodb'; readonly endpoint: string }
  | { readonly is: 'ready'; readonly endpoints: Endpoints; readonly kubeconfig: string }
  | { readonly is: 'swept' }
  | ({ readonly is: 'usage' } & Usage);

export interface MeasuredPlane {
  readonly endpoints: Endpoints;
  /** Path. */
  readonly kubeconfig: string;
  readonly bill: Omit<Bill, 'add'>;
  usage(): Promise<Usage>;
  /** Sends what the schedule would send at this time (ms since 1970), and waits until it was done. */
  sweep(at: number): Promise<void>;
  stop(): Promise<void>;
}

/** Starts a plane in a process of its own, over an empty data directory, with a counter between its store and its DynamoDB. */
export async function startMeasuredPlane(data: string, options: MeasuredOptions): Promise<MeasuredPlane> {
  mkdirSync(data, { recursive: true });
  const child = fork(fileURLToPath(new URL('./plane.ts', import.meta.url)), [data, JSON.stringify({ logFrom: 'warn', ...options })]);
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
    bill: upToDate(bill, counter),
    usage() {
      const answer = next('usage');
      say({ is: 'usage?' });
      return answer;
    },
    sweep(at) {
      const answer = next('swept');
      say({ is: 'sweep', at });
      return answer.then(() => {});
    },
    stop: () => stop(child, counter),
  };
}

/** Whatever is asked of the bill, the counter tells first what it has heard. */
function upToDate({ lines, writes, byFunction, bytes }: Bill, { tell }: CountingProxy): MeasuredPlane['bill'] {
  const first =
    <A extends unknown[], R>(ask: (...args: A) => R) =>
    (...args: A): R => {
      tell();
      return ask(...args);
    };
  return { lines: first(lines), writes: first(writes), byFunction: first(byFunction), bytes: first(bytes) };
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
