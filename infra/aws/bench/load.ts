import { performance } from 'node:perf_hooks';
import type { Account } from '../account/account.ts';

/** One sort of request, sent so often, one after the other. */
export interface Load {
  readonly name: string;
  readonly times: number;
  request(i: number): Request;
}

export interface Taken {
  readonly name: string;
  readonly functionName: string;
  /** ms from the request to the end of its answer, ascending. */
  readonly ms: readonly number[];
  /** ms of processor time, ascending. */
  readonly cpuMs: readonly number[];
  readonly bytes: number;
}

const ascending = (values: readonly number[]): number[] => [...values].sort((a, b) => a - b);

/** Of ascending values, the one below which this share of them lies. */
export const quantile = (values: readonly number[], share: number): number =>
  values[Math.min(values.length - 1, Math.floor(values.length * share))] ?? 0;

/** Sends a load to one instance of its function, which is warm. Throws when a request is not answered well. */
export async function run(account: Account, functionName: string, { name, times, request }: Load): Promise<Taken> {
  const ms: number[] = [];
  let bytes = 0;
  const figures = () => account.functions.measured.get(functionName)?.cpuMs ?? [];
  const before = figures().length;
  for (let i = 0; i < times; i++) {
    const began = performance.now();
    const response = await account.api(request(i));
    const body = await response.arrayBuffer();
    ms.push(performance.now() - began);
    bytes = body.byteLength;
    if (!response.ok) throw new Error(`${name}: ${response.status} ${Buffer.from(body).toString().slice(0, 200)}`);
  }
  return { name, functionName, ms: ascending(ms), cpuMs: ascending(figures().slice(before)), bytes };
}
