import { isAnnotatedPaused } from './annotations.ts';
import type { MachineSet, Member } from './model.ts';

/** What is known when a MachineSet is looked at. */
export interface MachineSetFacts {
  /** ms since 1970. */
  readonly now: number;
  /** The turn that this plan would be; no two plans that are carried out have the same. */
  readonly turn: number;
  readonly machineSet: MachineSet;
  /** The Machines that it controls, those that are being deleted too. */
  readonly machines: readonly Member[];
  readonly clusterPaused: boolean;
  /** Its Cluster is there and has no secrets yet: a Machine could do nothing but wait for them. */
  readonly clusterStarts?: boolean;
}

export const isPaused = ({ machineSet, clusterPaused }: MachineSetFacts): boolean =>
  clusterPaused || isAnnotatedPaused(machineSet.annotations);
