import { percentile } from '../api-user.ts';
import type { ApiMeasurement, Taken } from './measure.ts';

/** What is promised of lists of ten thousand in pages of 500, and of watches. */
const bounds = { list: { objects: 10_000, ms: 2_500 }, watch: { ms: 250 }, memoryMb: 300 };

const titles: Readonly<Record<Taken['is'], string>> = {
  get: 'get',
  list: 'list as Table',
  create: 'create',
  patch: 'patch',
  watch: 'change to event',
};

const cell = (text: string): string => text.padStart(12);

/** The table that a person reads. */
export function apiTable({ taken, result: { peakRssMb } }: ApiMeasurement): string {
  const head = `${'with so many machines stored'.padEnd(34)}${['half, ms', '99 of 100', 'bytes'].map(cell).join('')}`;
  const memory = `${'memory at its peak'.padEnd(34)}${cell(`${peakRssMb} MB`)}${verdict(`at most ${bounds.memoryMb}`, peakRssMb <= bounds.memoryMb)}`;
  return [head, ...taken.map(lineOf), '', growthOf(taken), memory].join('\n');
}

function lineOf(one: Taken): string {
  const [half, most] = [percentile(one.took, 0.5), percentile(one.took, 0.99)];
  const figures = [half.toFixed(1), most.toFixed(1), String(one.bytes)].map(cell).join('');
  return `${titles[one.is].padEnd(20)}${String(one.objects).padStart(8).padEnd(14)}${figures}${boundOf(one, half, most)}`;
}

function boundOf({ is, objects }: Taken, half: number, most: number): string {
  if (is === 'watch') return verdict(`99 of 100 at most ${bounds.watch.ms}`, most <= bounds.watch.ms);
  if (is === 'list' && objects === bounds.list.objects) return verdict(`half at most ${bounds.list.ms}`, half <= bounds.list.ms);
  return '';
}

const verdict = (bound: string, holds: boolean): string => `   ${bound}${holds ? '' : '  MISSED'}`;

/** A get reads one object, however many there are. */
function growthOf(taken: readonly Taken[]): string {
  const gets = taken.filter(({ is }) => is === 'get');
  const [fewest, most] = [gets[0], gets.at(-1)];
  if (fewest === undefined || most === undefined) return '';
  const times = percentile(most.took, 0.5) / percentile(fewest.took, 0.5);
  return `${`get, ${most.objects} against ${fewest.objects} machines`.padEnd(34)}${cell(`x ${times.toFixed(2)}`)}`;
}
