/** What AWS bills, counted. Usage can be added, taken away and multiplied: a month is a sum of hours and changes. */

/** Sorts of functions: those of one sort do much the same. */
export const sorts = ['api', 'reconcile', 'dispatch', 'executions', 'collect', 'sweep', 'steps', 'cloudSteps'] as const;
export type Sort = (typeof sorts)[number];

/** What the functions of one sort did. */
export interface Work {
  /** Invocations. */
  readonly calls: number;
  /** How long they took, all together, on the machine that measured. */
  readonly ms: number;
  /** Capacity units of DynamoDB. */
  readonly reads: number;
  readonly writes: number;
}

export interface Usage {
  readonly functions: Readonly<Record<Sort, Work>>;
  /** Of workflows. */
  readonly transitions: number;
  /** Requests that sent wakes to queues, and the wakes that they sent. */
  readonly sends: number;
  readonly wakes: number;
  readonly logBytes: number;
}

type Amounts = readonly number[];

const nothing: Work = { calls: 0, ms: 0, reads: 0, writes: 0 };
const amountsOf = ({ calls, ms, reads, writes }: Work): Amounts => [calls, ms, reads, writes];
const workOf = ([calls = 0, ms = 0, reads = 0, writes = 0]: Amounts): Work => ({ calls, ms, reads, writes });

/** Each amount of one and the same of the other, made one. */
function combine(a: Usage, b: Usage, make: (a: number, b: number) => number): Usage {
  const works = sorts.map((sort) => {
    const others = amountsOf(b.functions[sort]);
    return [sort, workOf(amountsOf(a.functions[sort]).map((amount, i) => make(amount, others[i] ?? 0)))];
  });
  return {
    functions: Object.fromEntries(works) as Record<Sort, Work>,
    transitions: make(a.transitions, b.transitions),
    sends: make(a.sends, b.sends),
    wakes: make(a.wakes, b.wakes),
    logBytes: make(a.logBytes, b.logBytes),
  };
}

export const noUsage: Usage = {
  functions: Object.fromEntries(sorts.map((sort) => [sort, nothing])) as Record<Sort, Work>,
  transitions: 0,
  sends: 0,
  wakes: 0,
  logBytes: 0,
};

export const sumOf = (usages: readonly Usage[]): Usage => usages.reduce((a, b) => combine(a, b, (x, y) => x + y), noUsage);

export const times = (usage: Usage, factor: number): Usage => combine(usage, noUsage, (amount) => amount * factor);

/** Never below zero: what was measured twice differs by chance. */
export const less = (usage: Usage, former: Usage): Usage => combine(usage, former, (a, b) => Math.max(0, a - b));

/** To three decimals, as it is written down. */
export const rounded = (usage: Usage): Usage => combine(usage, noUsage, (amount) => Math.round(amount * 1000) / 1000);
