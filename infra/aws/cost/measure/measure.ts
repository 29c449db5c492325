import { join } from 'node:path';
import type { Clock } from '../../../../shared/ports.ts';
import type { Settings } from '../../../../shared/steps/step.ts';
import { type ApiClient, createApiClient } from '../../../local/bench/api-client.ts';
import { clusterOf, credentials, machinesPath, pathOf } from '../../../local/bench/manifests.ts';
import { type MeasuredPlane, startMeasuredPlane } from '../../../local/bench/plane-process.ts';
import type { Measured } from '../measured.ts';
import { less, rounded, sumOf, times, type Usage } from '../usage.ts';
import { type Snapshot, snapshotOf } from './snapshot.ts';

export interface MeasureOptions {
  readonly settings: Settings;
  readonly bootSeconds: number;
  /** How long the clouds take to make and to remove an instance. */
  readonly cloudSeconds: number;
  /** Machines of the cluster: one master, the workers half on Google Cloud and half on AWS. */
  readonly few: number;
  /** Workers that are made and removed again, one after the other. */
  readonly more: number;
  /** Seconds from one to the next. */
  readonly apart: number;
  /** An empty one. */
  readonly directory: string;
  readonly clock: Clock;
  say(sentence: string): void;
}

/** AWS schedules nothing more often. */
const sweepSeconds = 60;

type Figures = Omit<Measured, 'measured' | 'command'>;

/** Runs a plane as it would run on AWS, over fake clouds, and counts what a machine takes, and what an hour takes in which nothing changes. */
export async function measure(options: MeasureOptions): Promise<Figures> {
  const { settings, bootSeconds, cloudSeconds, directory } = options;
  const pace = { bootSeconds, cloudSeconds, paceOf: { settings, sweepSeconds }, logFrom: 'info' } as const;
  const plane = await startMeasuredPlane(join(directory, 'plane'), pace);
  const client = createApiClient(plane.kubeconfig);
  try {
    return await measureOn(plane, client, options);
  } finally {
    client.close();
    await plane.stop();
  }
}

async function measureOn(plane: MeasuredPlane, client: ApiClient, options: MeasureOptions): Promise<Figures> {
  const { settings, bootSeconds, cloudSeconds, few, more, apart, clock, say } = options;
  const fleet = { client, clock, patience: bootSeconds + cloudSeconds + 180 };
  for (const object of credentials(plane.endpoints)) await client.post(pathOf(object), object);
  say('an hour without a cluster');
  const empty = await idleHour(plane, clock);

  say(`a cluster of ${few} machines, each of ${bootSeconds} s`);
  const objects = clusterOf(few, plane.endpoints);
  for (const object of objects) await client.post(pathOf(object), object);
  await untilReady(few, fleet);
  await untilStill(plane, clock);
  say('an hour of it');
  const small = await idleHour(plane, clock);

  const deployments = objects
    .filter(({ kind }) => kind === 'MachineDeployment')
    .map((object) => `${pathOf(object)}/${object.metadata.name}`);
  const scale = (to: number) => scaleTo(to, deployments, client);
  say(`${more} more, one every ${apart} s`);
  const made = await during(plane, clock, async () => {
    for (let count = few + 1; count <= few + more; count++) {
      await scale(count);
      await clock.sleep(apart * 1000);
    }
    await untilReady(few + more, fleet);
  });
  say('an hour of all');
  const large = await idleHour(plane, clock);

  say(`${more} fewer`);
  const removed = await during(plane, clock, async () => {
    for (let count = few + more - 1; count >= few; count--) {
      await scale(count);
      await clock.sleep(apart * 1000);
    }
    await untilReady(few, fleet);
  });

  const { threadCpuMs, functions } = await plane.usage();
  const ms = Object.values(functions).reduce((sum, each) => sum + each.ms, 0);
  const machine = times(less(large.usage, small.usage), 1 / more);
  const machineBytes = (large.bytes - small.bytes) / more;
  return {
    under: { settings, sweepSeconds, bootSeconds, cloudSeconds, machines: [few, few + more], apart },
    cpuShare: Math.min(1, Math.round((threadCpuMs / ms) * 100) / 100),
    make: rounded(times(made, 1 / more)),
    remove: rounded(times(removed, 1 / more)),
    hour: {
      plane: rounded(empty.usage),
      cluster: rounded(less(less(small.usage, empty.usage), times(machine, few))),
      machine: rounded(machine),
    },
    bytes: {
      plane: Math.round(empty.bytes),
      cluster: Math.max(0, Math.round(small.bytes - empty.bytes - few * machineBytes)),
      machine: Math.round(machineBytes),
    },
  };
}

/** What was asked for in the meantime, and whatever followed from it. */
async function during(plane: MeasuredPlane, clock: Clock, act: () => Promise<void>): Promise<Usage> {
  const before = await snapshotOf(plane);
  await act();
  await untilStill(plane, clock);
  return less((await snapshotOf(plane)).foreground, before.foreground);
}

const hour = 3_600_000;

/** The sweeps of an hour, one after the other: what nothing changes for sixty minutes takes ten seconds. */
async function idleHour(plane: MeasuredPlane, clock: Clock): Promise<{ readonly usage: Usage; readonly bytes: number }> {
  const all = ({ background, foreground }: Snapshot): Usage => sumOf([background, foreground]);
  const before = await snapshotOf(plane);
  const from = Math.ceil(clock.now() / hour) * hour;
  for (let at = from; at < from + hour; at += sweepSeconds * 1000) await plane.sweep(at);
  await untilStill(plane, clock);
  const after = await snapshotOf(plane);
  return { usage: less(all(after), all(before)), bytes: after.bytes };
}

/** Spreads the workers over the deployments: as many in the first as in the second, or one more. */
async function scaleTo(machines: number, deployments: readonly string[], client: ApiClient): Promise<void> {
  const workers = machines - 1;
  for (const [i, path] of deployments.entries()) {
    const replicas = Math.ceil((workers - i) / deployments.length);
    const { spec } = await client.get<{ spec: { replicas: number } }>(path);
    if (spec.replicas !== replicas) await client.patch(path, { spec: { replicas } });
  }
}

interface Fleet {
  readonly client: ApiClient;
  readonly clock: Clock;
  /** Seconds. */
  readonly patience: number;
}

interface Machine {
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

/** Until there are so many Machines, and all are ready. Throws when it takes too long. */
async function untilReady(wanted: number, { client, clock, patience }: Fleet): Promise<void> {
  const deadline = clock.now() + patience * 1000;
  for (;;) {
    const { items } = await client.get<{ items: readonly Machine[] }>(machinesPath);
    const ready = items.filter(({ status }) => status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True'));
    if (items.length === wanted && ready.length === wanted) return;
    if (clock.now() > deadline)
      throw new Error(`after ${patience} s there are ${items.length} Machines, ${ready.length} of them ready: ${wanted} should be`);
    await clock.sleep(1_000);
  }
}

/** Work that is put off is work too: until no function has been called for five seconds, but a minute at most. */
async function untilStill(plane: MeasuredPlane, clock: Clock): Promise<void> {
  const deadline = clock.now() + 60_000;
  const calls = async (): Promise<number> =>
    Object.entries((await plane.usage()).functions).reduce((sum, [name, { calls }]) => sum + (name === 'sweep' ? 0 : calls), 0);
  for (let before = -1, now = await calls(); before !== now && clock.now() < deadline; now = await calls()) {
    before = now;
    await clock.sleep(5_000);
  }
}
