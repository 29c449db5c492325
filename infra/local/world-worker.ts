import { parentPort, workerData } from 'node:worker_threads';
import type { Log } from '../../shared/ports.ts';
import { systemClock as clock, systemRandom as random } from '../system.ts';
import { createWorld } from './world.ts';
import type { FromWorld, WorldSettings } from './world-thread.ts';

/** The thread of the clouds and their machines: runs until its parent says 'close'. */

const tell = (message: FromWorld): void => parentPort?.postMessage(message);
const write =
  (log: keyof Log) =>
  (sentence: string, fields?: Record<string, unknown>): void =>
    tell({ log, sentence, ...(fields !== undefined && { fields }) });
const log: Log = { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };

try {
  const world = await createWorld({ ...(workerData as WorldSettings), clock, random, log });
  parentPort?.once('message', () => void world.close().then(() => tell({ closed: true })));
  tell({ started: world.endpoints });
} catch (error) {
  tell({ failed: error instanceof Error ? error.message : String(error) });
}
