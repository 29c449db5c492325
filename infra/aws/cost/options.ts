import { parseArgs } from 'node:util';
import type { Question } from './month.ts';

export const help = `What a plane costs on AWS in a month, part by part, without any free tier.

  npm run cost -- [--clusters N] [--machines M] [--changes-per-day C] [--dashboard] [--vpc] [--json]
  npm run cost -- --measure

  --clusters N          clusters that the plane manages (10)
  --machines M          machines of each of them (10)
  --changes-per-day C   in the whole plane; a change is one machine made and one deleted (0)
  --dashboard           with the dashboard
  --vpc                 with the functions in a VPC, behind a NAT gateway
  --json                one line of JSON: {totalUsd, parts}
  --measure             measures anew what a machine takes, and writes it down, before it counts (ten minutes, on a machine that does nothing else)

Operations are measured on the local host, run at the pace of the AWS host (infra/aws/settings.ts); how AWS runs them is written down
in infra/aws/cost/assumptions.ts, and what it asks for them in prices.ts.`;

export interface Options extends Question {
  readonly json: boolean;
  readonly measure: boolean;
  readonly help: boolean;
}

/** An option that cannot be read; the message is one sentence. */
export class BadOption extends Error {}

/** Throws BadOption. */
export function readOptions(args: readonly string[]): Options {
  const { clusters, machines, 'changes-per-day': changes, ...flags } = parsed(args);
  return {
    ...flags,
    clusters: countOf('clusters', clusters),
    machines: countOf('machines', machines),
    changesPerDay: numberOf('changes-per-day', changes, 'a number that is not negative'),
  };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        clusters: { type: 'string', default: '10' },
        machines: { type: 'string', default: '10' },
        'changes-per-day': { type: 'string', default: '0' },
        dashboard: { type: 'boolean', default: false },
        vpc: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        measure: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    throw new BadOption(`${error instanceof Error ? error.message : error}; --help explains the options`);
  }
}

function numberOf(option: string, text: string, what: string): number {
  const value = Number(text.trim() || Number.NaN);
  if (!Number.isFinite(value) || value < 0) throw new BadOption(`--${option} takes ${what}, not "${text}"`);
  return value;
}

function countOf(option: string, text: string): number {
  const what = 'a whole number from 0 on';
  const value = numberOf(option, text, what);
  if (!Number.isInteger(value)) throw new BadOption(`--${option} takes ${what}, not "${text}"`);
  return value;
}
