import { parseArgs } from 'node:util';
import type { AwsPlace } from './open-aws.ts';

/** Where a plane is. */
export type Where = { readonly data: string } | AwsPlace;

interface Common {
  readonly where: Where;
  readonly passphraseFile?: string;
  readonly json: boolean;
}

export interface ExportCommand extends Common {
  readonly command: 'export';
  readonly out: string;
  readonly pause: boolean;
  readonly waitSeconds: number;
}

export interface ImportCommand extends Common {
  readonly command: 'import';
  readonly file: string;
  readonly keepPaused: boolean;
}

export type Command = ExportCommand | ImportCommand | { readonly command: 'help' };

/** What was written on the command line is not understood. */
export class UsageError extends Error {}

const known = {
  data: { type: 'string' },
  table: { type: 'string' },
  region: { type: 'string' },
  prefix: { type: 'string' },
  key: { type: 'string' },
  out: { type: 'string' },
  wait: { type: 'string' },
  'no-pause': { type: 'boolean' },
  'keep-paused': { type: 'boolean' },
  'passphrase-file': { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean' },
} as const;

type Values = { readonly [Name in keyof typeof known]?: (typeof known)[Name]['type'] extends 'string' ? string : boolean };

const only = { export: ['out', 'wait', 'no-pause'], import: ['keep-paused'] } as const;

/** Throws UsageError with one sentence. */
export function parseCommand(args: readonly string[], environment: Readonly<Record<string, string | undefined>>): Command {
  const { values, positionals } = parsed(args);
  const [command, ...rest] = positionals;
  if (values.help || (command === undefined && args.length === 0)) return { command: 'help' };
  if (command !== 'export' && command !== 'import')
    throw new UsageError(`say "export" or "import" first${command === undefined ? '' : `, not "${command}"`}`);
  const other = command === 'export' ? 'import' : 'export';
  for (const name of only[other]) if (values[name] !== undefined) throw new UsageError(`--${name} is for ${other}, not for ${command}`);
  const common: Common = {
    where: whereOf(values, environment),
    json: values.json === true,
    ...(values['passphrase-file'] !== undefined && { passphraseFile: values['passphrase-file'] }),
  };
  return command === 'export' ? exportOf(values, rest, common) : importOf(values, rest, common);
}

function parsed(args: readonly string[]): { values: Values; positionals: string[] } {
  try {
    return parseArgs({ args: [...args], options: known, allowPositionals: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function exportOf(values: Values, rest: readonly string[], common: Common): ExportCommand {
  if (rest.length > 0) throw new UsageError(`export takes no "${rest[0]}": name the file with --out`);
  if (values.out === undefined) throw new UsageError('say where to: --out FILE, or --out - for a pipe');
  if (values.out === '-' && common.json) throw new UsageError('--json needs standard output for itself: write the export to a file');
  const waitSeconds = Number(values.wait?.trim() || (values.wait === undefined ? '1800' : Number.NaN));
  if (!Number.isFinite(waitSeconds) || waitSeconds < 0) throw new UsageError(`--wait takes a number of seconds, not "${values.wait}"`);
  return { command: 'export', ...common, out: values.out, pause: values['no-pause'] !== true, waitSeconds };
}

function importOf(values: Values, [file, ...rest]: readonly string[], common: Common): ImportCommand {
  if (file === undefined) throw new UsageError('say what to import: the file that export wrote, or - for standard input');
  if (rest.length > 0) throw new UsageError(`import takes one file, not "${rest[0]}" as well`);
  return { command: 'import', ...common, file, keepPaused: values['keep-paused'] === true };
}

function whereOf({ data, table, region, prefix, key }: Values, environment: Readonly<Record<string, string | undefined>>): Where {
  if (data !== undefined && table !== undefined) throw new UsageError('--data and --table are two planes: name one');
  if (data !== undefined) {
    if (region ?? prefix ?? key) throw new UsageError('--region, --prefix and --key go with --table');
    return { data };
  }
  if (table === undefined) throw new UsageError('say which plane: --data DIR, or --table NAME --region R');
  const at = region ?? environment.AWS_REGION ?? environment.AWS_DEFAULT_REGION;
  if (at === undefined) throw new UsageError(`say in which region table ${table} is: --region R`);
  return { table, region: at, prefix: prefix ?? 'Plastron', ...(key !== undefined && { key }) };
}
