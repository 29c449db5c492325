import { parentPort } from 'node:worker_threads';
import { configMapNamed, machineNamed, openApi, paths } from './harness.ts';
import { largeBodies } from './large-bodies.ts';

/** In a thread of its own: its heap has a limit, and its time is its own. */
export interface Cost {
  readonly code: number;
  /** CPU time of the answer. */
  readonly ms: number;
  readonly failures: readonly string[];
  /** Characters. */
  readonly answer: number;
  readonly warnings: number;
}

parentPort?.on('message', async (index: number) => {
  const { method, path, body, headers } = largeBodies[index]!;
  const { send, failures } = await openApi();
  await send('POST', paths.configMaps, configMapNamed('there', { a: '1' }));
  await send('POST', paths.machines, machineNamed('m'));
  const { user, system } = process.threadCpuUsage();
  const answer = await send(method, path, body === '' ? undefined : body, headers);
  const spent = process.threadCpuUsage();
  const cost: Cost = {
    code: answer.code,
    ms: (spent.user - user + spent.system - system) / 1000,
    failures,
    answer: JSON.stringify(answer.body).length,
    warnings: (answer.headers.get('warning') ?? '').length,
  };
  parentPort?.postMessage(cost);
});
