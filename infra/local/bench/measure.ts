import { join } from 'node:path';
import type { Clock, Random } from '../../../shared/ports.ts';
import type { Screen } from '../demo/screen.ts';
import { type ApiClient, createApiClient } from './api-client.ts';
import { pageSize, percentile, useApi } from './api-user.ts';
import type { Line } from './bill.ts';
import { clusterOf, credentials, type Manifest, pathOf } from './manifests.ts';
import { type MeasuredPlane, startMeasuredPlane } from './plane-process.ts';
import { type SeenMachines, untilReady } from './ready-machines.ts';

/** What others script against: the keys and units of `--json`. */
export interface Result {
  readonly machines: number;
  readonly bootSeconds: number;
  /** From apply to all Ready, in boot times. */
  readonly multiple: number;
  /** Capacity units, as DynamoDB would bill them. */
  readonly storeReadsPerMachine: number;
  readonly storeWritesPerMachine: number;
  /** As Step Functions would bill them. */
  readonly transitionsPerMachine: number;
  readonly cpuMsPerMachine: number;
  readonly apiP50Ms: number;
  readonly apiP99Ms: number;
  readonly peakRssMb: number;
}

export interface Measurement {
  readonly result: Result;
  /** Where the units went, all machines together, the dearest first; without the lists of the user who measures. */
  readonly bill: readonly Line[];
}

export interface MeasureOptions {
  readonly machines: number;
  readonly bootSeconds: number;
  /** An empty one. */
  readonly directory: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly screen: Pick<Screen, 'begin' | 'progress' | 'holds'>;
}

/** Makes one cluster on a plane of its own and measures what it took. */
export async function measure(options: MeasureOptions): Promise<Measurement> {
  const { machines, bootSeconds, directory, screen } = options;
  screen.begin('the plane, in a process of its own');
  const plane = await startMeasuredPlane(join(directory, `plane-${machines}`), { bootSeconds });
  const client = createApiClient(plane.kubeconfig);
  try {
    await create(credentials(plane.endpoints), client);
    screen.holds(plane.endpoints.api);
    return await measureOn(plane, client, options);
  } finally {
    client.close();
    await plane.stop();
  }
}

async function measureOn(plane: MeasuredPlane, client: ApiClient, options: MeasureOptions): Promise<Measurement> {
  const { machines, bootSeconds, clock, random, screen } = options;
  screen.begin(`${machines} machines of ${bootSeconds} s`);
  const before = { bill: plane.bill.lines(), usage: await plane.usage() };
  const began = clock.now();
  await create(clusterOf(machines, plane.endpoints), client);

  let seen: SeenMachines = { all: [], ready: new Set() };
  const ready = new AbortController();
  const using = useApi({ client, clock, random, names: () => seen.all }, ready.signal);
  using.catch(() => {});
  await untilReady(machines, {
    client,
    clock,
    // Far beyond any result that would be worth a table.
    timeoutSeconds: 120 + 20 * bootSeconds + machines,
    show(now) {
      seen = now;
      screen.progress(now.ready.size / machines, `${now.ready.size} of ${machines} are ready, ${now.all.length} exist`);
    },
  }).finally(() => ready.abort());
  const seconds = (clock.now() - began) / 1000;
  const api = await using;
  screen.holds(`all are Ready after ${seconds.toFixed(1)} s`);

  screen.begin('what is left to be done after that');
  await untilStill(plane.bill, clock);
  const after = await plane.usage();
  screen.holds(`nothing more is written after ${((clock.now() - began) / 1000).toFixed(1)} s`);
  const bill = withoutLists(plane.bill.lines(before.bill));
  const perMachine = (amount: number): number => round(amount / machines);
  return {
    bill,
    result: {
      machines,
      bootSeconds,
      multiple: round(seconds / bootSeconds),
      storeReadsPerMachine: perMachine(sum(bill, ({ reads }) => reads) - api.gets),
      storeWritesPerMachine: perMachine(sum(bill, ({ writes }) => writes)),
      transitionsPerMachine: perMachine(after.transitions - before.usage.transitions),
      cpuMsPerMachine: perMachine(after.cpuMs - before.usage.cpuMs),
      apiP50Ms: round(percentile(api.took, 0.5)),
      apiP99Ms: round(percentile(api.took, 0.99)),
      peakRssMb: Math.round(after.peakRssMb),
    },
  };
}

async function create(objects: readonly Manifest[], client: ApiClient): Promise<void> {
  for (const object of objects) await client.post(pathOf(object), object);
}

/** Work that is put off is work too: the costs are taken when nothing has been written for two seconds, but after half a minute at the latest. */
async function untilStill(bill: MeasuredPlane['bill'], clock: Clock): Promise<void> {
  const deadline = clock.now() + 30_000;
  for (let before = -1; bill.writes() !== before && clock.now() < deadline; await clock.sleep(2_000)) before = bill.writes();
}

/** What measures is not what is measured: its lists have a limit of their own, and a Machine of less than 4 KB is one unit. */
const withoutLists = (lines: readonly Line[]): Line[] => lines.filter(({ what }) => what !== `Query machines limit ${pageSize}`);

const sum = (lines: readonly Line[], of: (line: Line) => number): number => lines.reduce((total, line) => total + of(line), 0);

const round = (value: number): number => Math.round(value * 100) / 100;
