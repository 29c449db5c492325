import { Worker } from 'node:worker_threads';
import type { Log } from '../../shared/ports.ts';
import type { Level } from './log.ts';
import type { World, WorldOptions } from './world.ts';

export type WorldSettings = Pick<WorldOptions, 'bootSeconds' | 'cloudSeconds' | 'dataDir' | 'ports' | 'oneAddress'>;

export type FromWorld =
  | { readonly started: World['endpoints'] }
  | { readonly failed: string }
  | { readonly log: Level; readonly sentence: string; readonly fields?: Record<string, unknown> }
  | { readonly closed: true };

/** The world as the plane sees it: by its endpoints. */
export type DistantWorld = Pick<World, 'endpoints' | 'endpointOf' | 'close'>;

/** Starts the clouds and their machines in a thread of its own: what is not ours should not take our time. */
export async function startWorld(settings: WorldSettings, log: Log): Promise<DistantWorld> {
  const worker = new Worker(new URL('./world-worker.ts', import.meta.url), {
    workerData: settings,
    execArgv: ['--disable-warning=ExperimentalWarning'],
  });
  worker.on('message', (message: FromWorld) => {
    if ('log' in message) log[message.log](message.sentence, message.fields);
  });
  const endpoints = await new Promise<World['endpoints']>((resolve, reject) => {
    worker.once('error', reject);
    worker.on('message', (message: FromWorld) => {
      if ('started' in message) resolve(message.started);
      if ('failed' in message) reject(new Error(message.failed));
    });
  });
  const urls: Readonly<Record<string, string>> = endpoints.clouds;
  return {
    endpoints,
    endpointOf: (platform) => urls[platform],
    async close() {
      const closed = new Promise<void>((resolve) => worker.on('message', (message: FromWorld) => 'closed' in message && resolve()));
      worker.postMessage('close');
      await closed;
      await worker.terminate();
    },
  };
}
