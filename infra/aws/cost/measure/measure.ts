import { join } from 'node:path';
import type { Clock } from '../../../../shared/ports.ts';
import type { Settings } from '../../../../shared/steps/step.ts';
import { type ApiClient, createApiClient } from '../../../local/bench/api-client.ts';
import { clusterOf, credentials, pathOf } from '../../../local/bench/manifests.ts';
import { type MeasuredPlane, startMeasuredPlane } from '../../../local/bench/plane-process.ts';
import type { Measured } from '../measured.ts';
import { less, rounded, sumOf, times, type Usage } from '../usage.ts';
import { scaleTo, untilReady, untilStill } from './fleet.ts';
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
  const empty = await idleHour(plane, options);

  say(`a cluster of ${few} machines, each of ${bootSeconds} s`);
  const objects = clusterOf(few, plane.endpoints);
  for (const object of objects) await client.post(pathOf(object), object);
  await untilReady(few, fleet);
  await untilStill(plane, clock);
  say('an hour of it');
  const small = await idleHour(plane, options);

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
  const large = await idleHour(plane, options);

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

const minute = 60_000;

/** Of an hour, the mean of as many as it takes until everything has been looked at. Nothing changes for hours in a quarter of a minute. */
async function idleHour(
  plane: MeasuredPlane,
  { settings, clock }: MeasureOptions,
): Promise<{ readonly usage: Usage; readonly bytes: number }> {
  const all = ({ background, foreground }: Snapshot): Usage => sumOf([background, foreground]);
  const { everything = 10 } = settings.cadence ?? {};
  const period = Math.max(60, everything) * minute;
  const from = Math.ceil(clock.now() / period) * period;
  const sweeps = async (until: number): Promise<void> => {
    for (let at = from; at < until; at += sweepSeconds * 1000) await plane.sweep(at);
    await untilStill(plane, clock);
  };
  // What only the first look after a change finds is not what an hour takes.
  await sweeps(from + minute);
  const before = await snapshotOf(plane);
  await sweeps(from + period);
  const after = await snapshotOf(plane);
  return { usage: times(less(all(after), all(before)), (60 * minute) / period), bytes: after.bytes };
}
