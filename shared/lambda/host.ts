import type { Authenticate, Authorize, RulesOf } from '../api/call.ts';
import type { Collect } from '../collect/collector.ts';
import type { Gauge, WakeQueue } from '../ports.ts';
import type { Invoke } from '../reconcile/observe.ts';
import type { StepPorts } from '../steps/step.ts';
import type { Sealer } from '../store/seal.ts';

/** All that a host offers. An entry takes from it only the ports that its door needs. */
export interface Host extends StepPorts {
  readonly queue: WakeQueue;
  readonly sealer: Sealer;
  readonly authenticate: Authenticate;
  readonly authorize?: Authorize;
  readonly rulesOf?: RulesOf;
  /** Absent where nobody reads it. */
  readonly gauge?: Gauge;
  /** No watch lives longer than so many seconds. */
  readonly longestWatch?: number;
  /** Calls a step's Lambda outside of any execution. */
  readonly invoke: Invoke;
  /** Calls the collector's Lambda. */
  readonly collect: Collect;
  /** Base URL of a cloud's API where it is not the public one. */
  endpointOf(platform: string): string | undefined;
}

let current: Host | undefined;

/** Says on which host the functions of this process run. A function cannot tell which it is. */
export function useHost(next: Host): void {
  current = next;
}

export function host(): Host {
  if (current === undefined) throw new Error('no host: start the plane with "npm start", or deploy it');
  return current;
}
