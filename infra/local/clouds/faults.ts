/** What goes wrong in a fake cloud, on order: tests and `POST /_faults` add faults, calls use them up. */
export interface Fault {
  /** Hits calls whose name contains this (`RunInstances`, `POST instances`); absent: every call. */
  readonly match?: string;
  /** How many calls it hits; 1 if absent. */
  readonly times?: number;
  /** How many matching calls it lets pass first; 0 if absent. */
  readonly after?: number;
  /** Answers this HTTP status with this code and message instead of carrying the call out. */
  readonly status?: number;
  readonly code?: string;
  readonly message?: string;
  /** Seconds, sent as `Retry-After`. */
  readonly retryAfter?: number;
  /** The connection breaks: `before` the call is carried out, or `after`, so that only the reply is lost. */
  readonly cut?: 'before' | 'after';
  /** The reply comes this much later. */
  readonly delayMs?: number;
  /** What the call makes is not seen by this many reads: eventual consistency. */
  readonly hideFor?: number;
  /** Throttles: hits only what comes on top of this many calls in the window. */
  readonly above?: { readonly calls: number; readonly windowMs: number };
}

export interface Faults {
  add(...faults: readonly Fault[]): void;
  clear(): void;
  /** What hits a call of this name now, put together from all faults that match, each used up once. */
  strike(name: string, now: number): Fault | undefined;
}

interface Armed {
  readonly fault: Fault;
  skip: number;
  left: number;
  passed: number[];
}

export function createFaults(): Faults {
  let armed: Armed[] = [];
  return {
    add: (...faults) => void armed.push(...faults.map((fault) => ({ fault, skip: fault.after ?? 0, left: fault.times ?? 1, passed: [] }))),
    clear: () => {
      armed = [];
    },
    strike(name, now) {
      const hits = armed.filter((one) => name.includes(one.fault.match ?? '') && !letsPass(one, now));
      for (const hit of hits) hit.left -= 1;
      armed = armed.filter((one) => one.left > 0);
      return hits.length === 0 ? undefined : Object.assign({}, ...hits.map((hit) => hit.fault));
    },
  };
}

function letsPass(one: Armed, now: number): boolean {
  if (one.skip > 0) {
    one.skip -= 1;
    return true;
  }
  const { above } = one.fault;
  if (above === undefined) return false;
  one.passed = one.passed.filter((at) => now - at < above.windowMs);
  if (one.passed.length >= above.calls) return false;
  one.passed.push(now);
  return true;
}
