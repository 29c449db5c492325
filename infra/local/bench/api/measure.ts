import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import type { Clock, Random } from '../../../../shared/ports.ts';
import type { ApiClient } from '../api-client.ts';
import { createApiClient } from '../api-client.ts';
import { percentile } from '../api-user.ts';
import { machinesPath } from '../manifests.ts';
import { nameOf, newMachine } from './machines.ts';
import { type MeasuredServer, startMeasuredServer } from './server-process.ts';
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
  readonly screen: {
    begin(title: string): void;
    progress(share: number, says: string): void;
    holds(says: string): void;
  };
}

/** As kubectl lists. */
const pageSize = 500;
const asTable = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json';

/** Measures the API on a server of its own. */
export async function measureApi(options: ApiOptions): Promise<ApiMeasurement> {
  options.screen.begin('the API, in a process of its own');
  const server = await startMeasuredServer(join(options.directory, 'api'));
  const client = createApiClient(server.kubeconfig);
  try {
    options.screen.holds(machinesPath);
    return await measureOn(server, client, options);
  } finally {
    client.close();
    await server.stop();
  }
}

async function measureOn(server: MeasuredServer, client: ApiClient, options: ApiOptions): Promise<ApiMeasurement> {
  const { sizes, clock, random, screen } = options;
  const { requests, lists, watches, changes } = sizes;
  const most = sizes.objects[2];
  const anyOf = (objects: number): string => `${machinesPath}/${nameOf(Buffer.from(random.bytes(4)).readUInt32LE() % objects)}`;
  const bytesOf = async (answer: Promise<Buffer>): Promise<number> => (await answer).length;
  const repeat = repeater(screen);
  const taken: Taken[] = [];

  let filled = 0;
  for (const objects of sizes.objects) {
    const before = filled;
    screen.begin(`${objects} machines`);
    await server.fill(before, objects, (to) => screen.progress((to - before) / (objects - before), `${to} are stored`));
    screen.holds('are stored');
    filled = objects;
    taken.push({ is: 'get', objects, ...(await repeat(`get of ${objects}`, requests, () => bytesOf(client.ask('GET', anyOf(objects))))) });
    if (objects > sizes.objects[0])
      taken.push({ is: 'list', objects, ...(await repeat(`list of ${objects} as Table`, lists, () => listAll(client, objects))) });
  }
  const create = (i: number) => bytesOf(client.ask('POST', machinesPath, { body: newMachine(`new-${i}`) }));
  const patch = (i: number) => bytesOf(client.ask('PATCH', anyOf(most), { body: { metadata: { labels: { patched: `${i}` } } } }));
  taken.push({ is: 'create', objects: most, ...(await repeat('create', requests, create)) });
  taken.push({ is: 'patch', objects: most, ...(await repeat('patch', requests, patch)) });

  screen.begin(`${watches} watches, ${changes} changes`);
  const progress = (heard: number) => screen.progress(heard / changes, `${heard} were heard of`);
  const heard = await fanOut({ client, clock, watches, changes, progress });
  screen.holds(`half of the events within ${percentile(heard.took, 0.5).toFixed(1)} ms`);
  taken.push({ is: 'watch', objects: most, ...heard });
  return { taken, result: resultOf(taken, await server.peakRssMb()) };
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
