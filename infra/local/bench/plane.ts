/** The plane that is measured, in a process of its own, on a leash: it ends with the benchmark. Its store goes through the benchmark's counter. */
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../../system.ts';
import { localClient } from '../dynamodb/client.ts';
import { sweepAt } from '../functions.ts';
import { jsonLog } from '../log.ts';
import { useMeter } from '../meter.ts';
import { startPlane } from '../plane.ts';
import { askForTheBill } from './counting-proxy.ts';
import type { Calls, FromPlane, MeasuredOptions, ToPlane, Usage } from './plane-process.ts';

const [data = '', options = '{}'] = process.argv.slice(2);
const { logFrom, ...pace } = JSON.parse(options) as MeasuredOptions;

const say = (message: FromPlane): void => void process.send?.(message);
const hear = <K extends ToPlane['is']>(is: K, act: (message: Extract<ToPlane, { is: K }>) => void): void => {
  process.on('message', (message: ToPlane) => message.is === is && act(message as Extract<ToPlane, { is: K }>));
};
process.on('disconnect', () => process.exit(1));

const calls = new Map<string, Calls>();
let sends = 0;
let wakes = 0;
useMeter({
  called(name, ms) {
    const { calls: before, ms: took } = calls.get(name) ?? { calls: 0, ms: 0 };
    calls.set(name, { calls: before + 1, ms: took + ms });
  },
  sent(count) {
    // SQS takes ten messages at a time.
    sends += Math.ceil(count / 10);
    wakes += count;
  },
});

const file = createWriteStream(join(data, 'plane.log'), { flags: 'a', mode: 0o600 });
let logBytes = 0;
const counted = {
  write(line: string): boolean {
    logBytes += Buffer.byteLength(line);
    return file.write(line);
  },
};

const plane = await startPlane({
  data,
  ...pace,
  log: jsonLog(counted, systemClock, logFrom),
  clientOf(endpoint) {
    say({ is: 'dynamodb', endpoint });
    return new Promise((resolve) => hear('counter', (counter) => resolve(askForTheBill(localClient(counter.endpoint)))));
  },
});
hear('usage?', () => say({ is: 'usage', ...usage() }));
hear('sweep', ({ at }) => void sweepAt(at).then(() => say({ is: 'swept' })));
hear('stop', () => void plane.close().then(() => process.exit(0)));
say({ is: 'ready', endpoints: plane.endpoints, kubeconfig: plane.kubeconfig });

function usage(): Usage {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  const thread = process.threadCpuUsage();
  return {
    // CPU in microseconds, all threads together; maxRSS in kilobytes.
    cpuMs: (userCPUTime + systemCPUTime) / 1000,
    threadCpuMs: (thread.user + thread.system) / 1000,
    peakRssMb: maxRSS / 1024,
    transitions: plane.transitions(),
    functions: Object.fromEntries(calls),
    sends,
    wakes,
    logBytes,
  };
}
