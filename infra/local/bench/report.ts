import type { Line } from './bill.ts';
import type { Measurement, Result } from './measure.ts';

interface Row {
  readonly what: string;
  readonly value: string;
  /** What it should be, where something is said of it. */
  readonly bound?: string;
  readonly holds?: boolean;
}

/** At 100 machines and 10 s of boot, from apply to all Ready. */
const mostBoots = { machines: 100, bootSeconds: 10, multiple: 1.5 };
/** By how much the cost of one machine may grow from 100 machines to 1,000. */
const mostGrowth = 1.3;

/** The table that a person reads; with a second measurement of fewer machines, by how much the cost of one has grown. */
export function table(measured: Measurement, smaller?: Measurement): string {
  const rows = [...rowsOf(measured.result), ...(smaller === undefined ? [] : growth(smaller.result, measured.result))];
  const lines = rows.map(
    ({ what, value, bound = '', holds }) => `${what.padEnd(46)}${value.padStart(12)}   ${bound}${holds === false ? '  MISSED' : ''}`,
  );
  return [...lines.map((line) => line.trimEnd()), '', ...whereTo(measured)].join('\n');
}

function rowsOf(result: Result): Row[] {
  const { machines, bootSeconds, multiple } = result;
  const bounded = machines === mostBoots.machines && bootSeconds === mostBoots.bootSeconds;
  return [
    {
      what: 'apply to all Ready, in boot times',
      value: multiple.toFixed(2),
      ...(bounded && { bound: `at most ${mostBoots.multiple}`, holds: multiple <= mostBoots.multiple }),
    },
    { what: 'store reads per machine (units)', value: String(result.storeReadsPerMachine) },
    { what: 'store writes per machine (units)', value: String(result.storeWritesPerMachine) },
    { what: 'workflow transitions per machine', value: String(result.transitionsPerMachine) },
    { what: 'CPU per machine', value: `${result.cpuMsPerMachine} ms` },
    { what: 'API, half of the requests within', value: `${result.apiP50Ms} ms` },
    { what: 'API, 99 of 100 requests within', value: `${result.apiP99Ms} ms` },
    { what: 'memory at its peak', value: `${result.peakRssMb} MB` },
  ];
}

function growth(smaller: Result, larger: Result): Row[] {
  const row = (what: string, of: (result: Result) => number): Row => {
    const times = of(larger) / of(smaller);
    return {
      what: `${what}, ${larger.machines} against ${smaller.machines} machines`,
      value: `x ${times.toFixed(2)}`,
      bound: `at most x ${mostGrowth}`,
      holds: times <= mostGrowth,
    };
  };
  return [
    row('store units per machine', ({ storeReadsPerMachine, storeWritesPerMachine }) => storeReadsPerMachine + storeWritesPerMachine),
    row('CPU per machine', ({ cpuMsPerMachine }) => cpuMsPerMachine),
  ];
}

/** The requests to the store that cost most, for each machine. */
function whereTo({ bill, result: { machines } }: Measurement, most = 12): string[] {
  const each = (amount: number): string => (amount / machines).toFixed(2).padStart(12);
  const line = ({ what, requests, reads, writes }: Line): string => `${what.padEnd(46)}${each(requests)}${each(reads)}${each(writes)}`;
  const head = `${'for each machine, to DynamoDB'.padEnd(46)}${['requests', 'reads', 'writes'].map((title) => title.padStart(12)).join('')}`;
  return [head, ...bill.slice(0, most).map(line)];
}
