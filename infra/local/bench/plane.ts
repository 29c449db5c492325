/** The plane that is measured, in a process of its own, on a leash: it ends with the benchmark. Its store goes through the benchmark's counter. */
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../../system.ts';
import { localClient } from '../dynamodb/client.ts';
import { jsonLog } from '../log.ts';
import { startPlane } from '../plane.ts';
import { askForTheBill } from './counting-proxy.ts';
import type { FromPlane, ToPlane, Usage } from './plane-process.ts';

const [data = '', bootSeconds = ''] = process.argv.slice(2);

const say = (message: FromPlane): void => void process.send?.(message);
const hear = <K extends ToPlane['is']>(is: K, act: (message: Extract<ToPlane, { is: K }>) => void): void => {
  process.on('message', (message: ToPlane) => message.is === is && act(message as Extract<ToPlane, { is: K }>));
};
process.on('disconnect', () => process.exit(1));

const plane = await startPlane({
  data,
  bootSeconds: Number(bootSeconds),
  log: jsonLog(createWriteStream(join(data, 'plane.log'), { flags: 'a', mode: 0o600 }), systemClock, 'warn'),
  clientOf(endpoint) {
    say({ is: 'dynamodb', endpoint });
    return new Promise((resolve) => hear('counter', (counter) => resolve(askForTheBill(localClient(counter.endpoint)))));
  },
});
hear('usage?', () => say({ is: 'usage', ...usage() }));
hear('stop', () => void plane.close().then(() => process.exit(0)));
say({ is: 'ready', endpoints: plane.endpoints, kubeconfig: plane.kubeconfig });

function usage(): Usage {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  // CPU in microseconds, all threads together; maxRSS in kilobytes.
  return { cpuMs: (userCPUTime + systemCPUTime) / 1000, peakRssMb: maxRSS / 1024, transitions: plane.transitions() };
}
