import type { AddressInfo } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';
import dynalite from 'dynalite';
import { makeWritesAtomic } from './atomic-writes.ts';
import { readDirectly } from './direct-reads.ts';
import type { FromWorker, WorkerData } from './host.ts';

/** The thread of the embedded DynamoDB: answers HTTP until its parent says 'close'. */

const { path, port } = workerData as WorkerData;
const say = (message: FromWorker): void => parentPort?.postMessage(message);

const opened = makeWritesAtomic();
const server = dynalite({ createTableMs: 1, ...(path !== undefined && { path }) });
// A client's idle connection must not end just as the client uses it again: it would not know whether its write was done.
server.keepAliveTimeout = 0;

try {
  const { db } = opened();
  await db.open();
  readDirectly(db);
  server.on('error', (error: NodeJS.ErrnoException) => say({ failed: error.code ?? 'ERROR', message: error.message }));
  server.listen(port, '127.0.0.1', () => say({ listening: (server.address() as AddressInfo).port }));
} catch (error) {
  const reason = (error as Error).cause as NodeJS.ErrnoException | undefined;
  say({ failed: reason?.code ?? 'ERROR', message: reason?.message ?? (error as Error).message });
}

parentPort?.once('message', () => {
  server.close(() => say({ closed: true }));
  server.closeAllConnections();
});
