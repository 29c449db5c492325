import type { Bootstrap } from '../bootstrap/bootstrap.ts';
import type { StepOutcome } from '../kinds/workflow.ts';
import type { Nodes } from '../nodes/nodes.ts';
import type { Random } from '../ports.ts';
import type { Cloud } from '../provisioners/provisioner.ts';
import type { Cadence } from '../reconcile/observe.ts';
import type { ReconcilePorts } from '../reconcile/reconcile.ts';

/**
 * A step is what a Task state calls. It is safe to call again, does one thing to the world, writes down what it
 * observed, and says how far it is. It never sleeps: the state machine does.
 */
export type Step<Ports = StepPorts> = (input: StepInput, ports: Ports) => Promise<StepOutcome>;

/** The input of the execution (what it is about), and which execution it is. */
export interface StepInput {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly platform?: string;
  /** Name of the execution. */
  readonly execution: string;
  /** Only for RecordFailure. */
  readonly failure?: { readonly Error?: string; readonly Cause?: string };
}

export interface StepPorts extends ReconcilePorts {
  readonly random: Random;
  readonly bootstrap: Bootstrap;
  readonly nodes: Nodes;
  readonly settings: Settings;
}

/** The steps that touch a cloud: an entry hands in the one cloud that it may touch. */
export interface CloudStepPorts extends StepPorts {
  readonly clouds: readonly Cloud[];
  /** Base URL of a cloud's API where it is not the public one. */
  endpointOf(platform: string): string | undefined;
}

/** What differs between a real cloud and a laptop, in seconds where nothing else is said. */
export interface Settings {
  /** How long a running instance may take to join its cluster. */
  readonly joinTimeout: number;
  /** No machine joins sooner than this after it began to run: it is not asked for before. 0 if absent. */
  readonly quickestBoot?: number;
  /** A wait lasts a share of the time waited so far (4: a quarter), between these bounds. */
  readonly pace: { readonly share: number; readonly atLeast: number; readonly atMost: number };
  /** After which empty answers of a cloud are believed; undefined: as long as each cloud says. */
  readonly settling?: number;
  /** Which sweep looks at what, in minutes; absent: each looks at every cluster, and every tenth minute's at everything. */
  readonly cadence?: Cadence;
}

export const settled = (says: string): StepOutcome => ({ settled: true, says });
export const waiting = (says: string, checkAgainIn: number): StepOutcome => ({ settled: false, says, checkAgainIn });
export const superseded = (says: string): StepOutcome => ({ settled: false, says, superseded: true });

/** Seconds to wait after having waited `ms` already: a boot of two minutes is not asked after every second. */
export function pace(ms: number, { pace: { share, atLeast, atMost } }: Settings): number {
  return Math.min(atMost, Math.max(atLeast, ms / 1000 / share));
}

/** Seconds after which to ask again what did not answer, and did not say when it will. */
export const soon = ({ pace: { atLeast } }: Settings): number => 2 * atLeast;
