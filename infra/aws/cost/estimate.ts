import { daysOfMonth, deployed, hoursOfMonth, storageOverhead } from './assumptions.ts';
import { billOf, gigabyte, type Item, item, type Part, parts, pollsOfMonth } from './bill.ts';
import type { Measured } from './measured.ts';
import { type Question, storedBytes, usageOfChanges, usageOfHours } from './month.ts';
import { prices } from './prices.ts';
import { tableKeyRequests } from './table-key.ts';
import { sumOf } from './usage.ts';

export interface Estimate {
  readonly items: readonly Item[];
  readonly parts: Readonly<Partial<Record<Part, number>>>;
  readonly totalUsd: number;
}

/** What a plane costs in a month. */
export function estimate(question: Question, measured: Measured): Estimate {
  const changes = usageOfChanges(question, measured);
  const usage = sumOf([usageOfHours(question, measured), changes]);
  const tableKey = item('kms', "the table's key", tableKeyRequests(changes, measured), 'kmsRequest');
  return sumUp([...billOf(usage, measured.cpuShare), tableKey, ...standing(question, measured)]);
}

/** What so many changes add in a month: a change is one machine made and one deleted. */
export function costOfChanges(changes: number, measured: Measured): number {
  const none = { clusters: 0, machines: 0, changesPerDay: 0, dashboard: false, vpc: false };
  return estimate({ ...none, changesPerDay: changes / daysOfMonth }, measured).totalUsd - estimate(none, measured).totalUsd;
}

/** What is paid because it is there. */
function standing(question: Question, measured: Measured): Item[] {
  const storedGb = (storedBytes(question, measured) * storageOverhead) / gigabyte;
  return [
    item('dynamodb', 'storage', storedGb, 'dynamodbStorage'),
    item('dynamodb', 'point-in-time recovery', storedGb, 'dynamodbBackup'),
    item('dynamodb', 'stream', 0, 'dynamodbStream'),
    item('sqs', 'long polls of Lambda', deployed.queues * pollsOfMonth, 'sqsRequest'),
    item('scheduler', 'every minute', hoursOfMonth * 60, 'schedule'),
    item('kms', 'key', 1, 'kmsKey'),
    item('alarms', 'metrics of six alarms', deployed.alarmMetrics, 'alarmMetric'),
    item('metrics', 'of our own', deployed.customMetrics, 'customMetric'),
    ...(question.dashboard ? [item('dashboard', 'one', 1, 'dashboard')] : []),
    ...(question.vpc ? nat : []),
  ];
}

/** A gigabyte a month is more than the clouds and clusters of a hundred machines answer. */
const nat: readonly Item[] = [
  item('vpc', 'NAT gateway', hoursOfMonth, 'natHour'),
  item('vpc', 'its public address', hoursOfMonth, 'publicIpHour'),
  item('vpc', 'what passes it', 1, 'natGb'),
];

function sumUp(items: readonly Item[]): Estimate {
  const cents = (usd: number): number => Math.round(usd * 10_000) / 10_000;
  const sums = parts.map((part) => [part, items.filter((one) => one.part === part)] as const).filter(([, of]) => of.length > 0);
  return {
    items,
    parts: Object.fromEntries(sums.map(([part, of]) => [part, cents(total(of))])),
    totalUsd: cents(total(items)),
  };
}

const total = (items: readonly Item[]): number => items.reduce((sum, { usd }) => sum + usd, 0);

/** A management cluster on EKS: its control plane, two small nodes, and the NAT gateway that such clusters mostly have. */
export function managementCluster(): { readonly least: number; readonly most: number } {
  const least = hoursOfMonth * (prices.eksHour.usd + 2 * prices.t3MediumHour.usd);
  return { least, most: least + hoursOfMonth * prices.natHour.usd };
}
