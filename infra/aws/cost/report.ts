import type { Item } from './bill.ts';
import { type Estimate, managementCluster } from './estimate.ts';
import type { Measured } from './measured.ts';
import type { Question } from './month.ts';
import { prices, pricesOf } from './prices.ts';

/** The table that a person reads. */
export function table(question: Question, { items, parts, totalUsd }: Estimate, measured: Measured): string {
  const { clusters, machines, changesPerDay } = question;
  const head = `A month of ${count(clusters, 'cluster')} of ${count(machines, 'machine')}, with ${count(changesPerDay, 'machine')} a day made and one deleted for each`;
  const lines = Object.entries(parts).flatMap(([part, usd]) => [
    row(part, '', usd),
    ...items.filter((one) => one.part === part && one.quantity > 0).map(detail),
  ]);
  const { least, most } = managementCluster();
  return [
    head,
    '',
    ...lines,
    '',
    row('in all', '', totalUsd),
    `${'a management cluster on EKS'.padEnd(labelWidth + countWidth)}${dollars(least)} to ${dollars(most).trim()}`,
    '',
    `USD by the list of us-east-1 of ${pricesOf}, no free tier taken off; operations as measured on ${measured.measured}, with machines that`,
    `boot in ${measured.under.bootSeconds} s. Each watch that is held open (kubectl get -w) costs up to 9 USD a month on top.`,
  ].join('\n');
}

const labelWidth = 30;
const countWidth = 58;

const row = (label: string, amount: string, usd: number): string =>
  `${label.padEnd(labelWidth)}${amount.padEnd(countWidth)}${dollars(usd)}`.trimEnd();

const detail = ({ what, quantity, paid, usd }: Item): string => {
  const { per } = prices[paid];
  return `  ${what.padEnd(labelWidth - 2)}${`${rounded(quantity)} x ${per}`.padEnd(countWidth)}${dollars(usd).padStart(10)}`;
};

const dollars = (usd: number): string => usd.toFixed(2).padStart(8);

const rounded = (quantity: number): string =>
  quantity >= 100 ? Math.round(quantity).toLocaleString('en-US') : String(Number(quantity.toPrecision(3)));

const count = (amount: number, what: string): string => `${amount} ${what}${amount === 1 ? '' : 's'}`;
