import { Worker } from 'node:worker_threads';

export interface DynamoDbOptions {
  /** Directory of the data, made if absent; without one everything is in memory. */
  readonly path?: string;
  /** 0 or absent: any free one. */
  readonly port?: number;
}

export interface DynamoDb {
  /** `http://127.0.0.1:40123` */
  readonly endpoint: string;
  /** Answers what was asked, then closes the data. */
  close(): Promise<void>;
}

export interface WorkerData {
  readonly path: string | undefined;
  readonly port: number;
}

export type FromWorker = { readonly listening: number } | { readonly failed: string; readonly message: string } | { readonly closed: true };

/**
 * Starts the embedded DynamoDB (dynalite on LevelDB) in a thread of its own, on loopback. What it has answered is with the
 * operating system: it survives the end of this process by any signal, but not a loss of power in the same second.
 */
export async function startDynamoDb({ path, port = 0 }: DynamoDbOptions = {}): Promise<DynamoDb> {
  const workerData: WorkerData = { path, port };
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData, execArgv: ['--disable-warning=ExperimentalWarning'] });
  const first = await answer(worker);
  if ('listening' in first) return { endpoint: `http://127.0.0.1:${first.listening}`, close: () => close(worker) };
  await worker.terminate();
  throw new Error('failed' in first ? reasonOf(first, workerData) : 'the embedded DynamoDB ended before it began');
}

function reasonOf({ failed, message }: { readonly failed: string; readonly message: string }, { path, port }: WorkerData): string {
  if (failed === 'LEVEL_LOCKED') return `${path} is in use by another plastron process: stop that one, or choose another directory`;
  if (failed === 'EADDRINUSE') return `port ${port} of 127.0.0.1 is in use: choose another, or 0 for any`;
  return `the embedded DynamoDB cannot open ${path ?? 'its memory'} (${failed}): ${message}`;
}

const answer = (worker: Worker): Promise<FromWorker> =>
  new Promise((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });

async function close(worker: Worker): Promise<void> {
  const closed = answer(worker);
  worker.postMessage('close');
  await closed;
  await worker.terminate();
}
