import { performance } from 'node:perf_hooks';
import type { Clock, Random } from '../../../../shared/ports.ts';
import type { Screen } from '../../demo/screen.ts';
import type { ApiClient } from '../api-client.ts';
import { createApiClient } from '../api-client.ts';
import { percentile } from '../api-user.ts';
import { machinesPath } from '../manifests.ts';
import { nameOf, newMachine } from './machines.ts';
import { fill, startMeasuredServer } from './server-process.ts';
import { fanOut } from './watchers.ts';

/** What others script against: the keys and units of `--api --json`. */
export interface ApiResult {
  readonly getP50Ms: number;
  readonly getP99Ms: number;
  readonly createP50Ms: number;
  readonly patchP50Ms: number;
  /** All pages of a list together: the middle one of several lists. */
  readonly list1000TableMs: number;
  readonly list10000TableMs: number;
  /** From the request of a change to the event, at each of 100 watches. */
  readonly watchP50Ms: number;
  readonly watchP99Ms: number;
  /** Of the server's process, the embedded DynamoDB included, from its start to the end of the benchmark. */
  readonly peakRssMb: number;
}

/** One sort of request. */
export interface Taken {
  readonly is: 'get' | 'list' | 'create' | 'patch' | 'watch';
  /** Machines in the store. */
  readonly objects: number;
  /** ms, in no order. */
  readonly took: readonly number[];
  /** Of one answer, or of all pages of one list. */
  readonly bytes: number;
}

export interface ApiMeasurement {
  readonly result: ApiResult;
  readonly taken: readonly Taken[];
}

/** How much is measured. */
export interface Sizes {
  /** Machines in the store, growing: gets are measured at each, lists at the last two. */
  readonly objects: readonly [number, number, number];
  readonly requests: number;
  readonly lists: number;
  readonly watches: number;
  readonly changes: number;
}

export const sizes: Sizes = { objects: [100, 1_000, 10_000], requests: 400, lists: 7, watches: 100, changes: 40 };

export interface ApiOptions {
  readonly sizes: Sizes;
  /** An empty one. */
  readonly directory: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly screen: Pick<Screen, 'begin' | 'progress' | 'holds'>;
}

/** As kubectl lists. */
const pageSize = 500;
const asTable = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json';

/** Measures the API at each number of machines, each time on a server that has just started. */
export async function measureApi(options: ApiOptions): Promise<ApiMeasurement> {
  const { sizes, directory, screen } = options;
  const taken: Taken[] = [];
  let stored = 0;
  let peakRssMb = 0;
  for (const objects of sizes.objects) {
    const before = stored;
    screen.begin(`${objects} machines`);
    await fill(directory, before, objects, (to) => screen.progress((to - before) / (objects - before), `${to} are stored`));
    screen.holds('are stored');
    stored = objects;
    const server = await startMeasuredServer(directory);
    const client = createApiClient(server.kubeconfig);
    try {
      taken.push(...(await measureReads(client, objects, options)));
      if (objects === sizes.objects.at(-1)) taken.push(...(await measureChanges(client, objects, options)));
      peakRssMb = Math.max(peakRssMb, await server.peakRssMb());
    } finally {
      client.close();
      await server.stop();
    }
  }
  return { taken, result: resultOf(taken, peakRssMb) };
}

const bytesOf = async (answer: Promise<Buffer>): Promise<number> => (await answer).length;

const anyOf = (objects: number, random: Random): string =>
  `${machinesPath}/${nameOf(Buffer.from(random.bytes(4)).readUInt32LE() % objects)}`;

async function measureReads(client: ApiClient, objects: number, { sizes, random, screen }: ApiOptions): Promise<Taken[]> {
  const repeat = repeater(screen);
  const get = await repeat(`get of ${objects}`, sizes.requests, () => bytesOf(client.ask('GET', anyOf(objects, random))));
  if (objects === sizes.objects[0]) return [{ is: 'get', objects, ...get }];
  const list = await repeat(`list of ${objects} as Table`, sizes.lists, () => listAll(client, objects));
  return [
    { is: 'get', objects, ...get },
    { is: 'list', objects, ...list },
  ];
}

async function measureChanges(client: ApiClient, objects: number, { sizes, clock, random, screen }: ApiOptions): Promise<Taken[]> {
  const { requests, watches, changes } = sizes;
  const repeat = repeater(screen);
  const create = await repeat('create', requests, (i) => bytesOf(client.ask('POST', machinesPath, { body: newMachine(`new-${i}`) })));
  const label = (i: number) => ({ metadata: { labels: { patched: `${i}` } } });
  const patch = await repeat('patch', requests, (i) => bytesOf(client.ask('PATCH', anyOf(objects, random), { body: label(i) })));

  screen.begin(`${watches} watches, ${changes} changes`);
  const progress = (heard: number) => screen.progress(heard / changes, `${heard} were heard of`);
  const watch = await fanOut({ client, clock, watches, changes, progress });
  screen.holds(`half of the events within ${percentile(watch.took, 0.5).toFixed(1)} ms`);
  return [
    { is: 'create', objects, ...create },
    { is: 'patch', objects, ...patch },
    { is: 'watch', objects, ...watch },
  ];
}

/** Sends a request so often, one after the other, and first a tenth of that to warm up. `send` returns the bytes of the answer. */
const repeater =
  (screen: ApiOptions['screen']) =>
  async (title: string, times: number, send: (i: number) => Promise<number>): Promise<Pick<Taken, 'took' | 'bytes'>> => {
    screen.begin(title);
    const took: number[] = [];
    let bytes = 0;
    const warmUp = Math.ceil(times / 10);
    for (let i = 0; i < times + warmUp; i++) {
      const began = performance.now();
      bytes = await send(i);
      if (i >= warmUp) took.push(performance.now() - began);
      screen.progress((i + 1) / (times + warmUp), `${i + 1} of ${times + warmUp}`);
    }
    screen.holds(`half of them within ${percentile(took, 0.5).toFixed(1)} ms`);
    return { took, bytes };
  };

/** Follows `continue` as kubectl does. Returns the bytes of all pages. Throws when there are not so many. */
async function listAll(client: ApiClient, count: number): Promise<number> {
  let bytes = 0;
  let rows = 0;
  let next = '';
  do {
    const from = next === '' ? '' : `&continue=${encodeURIComponent(next)}`;
    const body = await client.ask('GET', `${machinesPath}?limit=${pageSize}${from}`, { accept: asTable });
    const page = JSON.parse(body.toString()) as { readonly metadata: { readonly continue?: string }; readonly rows: readonly unknown[] };
    bytes += body.length;
    rows += page.rows.length;
    next = page.metadata.continue ?? '';
  } while (next !== '');
  if (rows !== count) throw new Error(`a list of ${count} machines has ${rows} rows`);
  return bytes;
}

function resultOf(taken: readonly Taken[], peakRssMb: number): ApiResult {
  const of = (is: Taken['is'], share: number, which = -1): number => {
    const { took = [] } = taken.filter((one) => one.is === is).at(which) ?? {};
    return Math.round(percentile(took, share) * 100) / 100;
  };
  return {
    getP50Ms: of('get', 0.5),
    getP99Ms: of('get', 0.99),
    createP50Ms: of('create', 0.5),
    patchP50Ms: of('patch', 0.5),
    list1000TableMs: of('list', 0.5, 0),
    list10000TableMs: of('list', 0.5, 1),
    watchP50Ms: of('watch', 0.5),
    watchP99Ms: of('watch', 0.99),
    peakRssMb: Math.round(peakRssMb),
  };
}
