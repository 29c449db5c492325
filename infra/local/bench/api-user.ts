import { performance } from 'node:perf_hooks';
import type { Clock, Random } from '../../../shared/ports.ts';
import type { ApiClient } from './api-client.ts';
import { machinesPath } from './manifests.ts';

/** How many Machines the user lists at a time; nobody else lists by this number, so the bill can tell who read. */
export const pageSize = 50;

/** Time between two requests, ms. */
const pace = 100;

export interface ApiUse {
  /** How long each request took, ms, in no order. */
  readonly took: readonly number[];
  /** Of them, those that got one Machine. */
  readonly gets: number;
}

interface ApiUserOptions {
  readonly client: ApiClient;
  readonly clock: Clock;
  readonly random: Random;
  /** The Machines that are known so far. */
  names(): readonly string[];
}

/**
 * Asks ten times a second, however long the answers take: gets a Machine by chance, lists a page of them, and so on in turn, until
 * `signal` aborts.
 * Throws when one of the requests was not answered well.
 */
export async function useApi({ client, clock, random, names }: ApiUserOptions, signal: AbortSignal): Promise<ApiUse> {
  const asked: Promise<number>[] = [];
  let gets = 0;

  async function ask(path: string): Promise<number> {
    const began = performance.now();
    await client.get(path);
    return performance.now() - began;
  }

  while (!signal.aborted) {
    const known = names();
    if (known.length > 0) {
      const get = asked.length % 2 === 0;
      if (get) gets++;
      const answer = ask(get ? `${machinesPath}/${anyOf(known, random)}` : `${machinesPath}?limit=${pageSize}`);
      // Whoever fails is thrown at the end.
      answer.catch(() => {});
      asked.push(answer);
    }
    await clock.sleep(pace, signal);
  }
  return { took: await Promise.all(asked), gets };
}

const anyOf = <T>(list: readonly T[], random: Random): T | undefined => list[Buffer.from(random.bytes(4)).readUInt32LE() % list.length];

/** The value that this share of the values does not exceed (nearest rank); NaN of none. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}
