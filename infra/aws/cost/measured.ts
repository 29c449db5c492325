import { readFileSync } from 'node:fs';
import type { Settings } from '../../../shared/steps/step.ts';
import type { Usage } from './usage.ts';

/** What the plane takes, as it was measured: `measured.json`, which `npm run cost -- --measure` writes. */
export interface Measured {
  /** Date. */
  readonly measured: string;
  /** What measured it. */
  readonly command: string;
  /** How it was measured. */
  readonly under: {
    readonly settings: Settings;
    readonly sweepSeconds: number;
    readonly bootSeconds: number;
    /** How long the clouds took to make and to remove an instance. */
    readonly cloudSeconds: number;
    /** Machines of the cluster before any were made and after. */
    readonly machines: readonly [number, number];
    /** Seconds from the making of one to that of the next: on AWS no two share what a process remembers. */
    readonly apart: number;
  };
  /** Of the time that the functions took, so much their thread worked; for the rest they waited for DynamoDB and others. */
  readonly cpuShare: number;
  /** Of one machine, without what is done every hour anyhow. */
  readonly make: Usage;
  readonly remove: Usage;
  /** Of one hour in which nothing changes: of a plane without clusters, and what each cluster and each of its machines adds. */
  readonly hour: { readonly plane: Usage; readonly cluster: Usage; readonly machine: Usage };
  /** What is stored, in the same way. */
  readonly bytes: { readonly plane: number; readonly cluster: number; readonly machine: number };
}

const path = new URL('./measured.json', import.meta.url);

export const readMeasured = (): Measured => JSON.parse(readFileSync(path, 'utf8')) as Measured;

export const measuredPath = path;
