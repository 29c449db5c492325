import { optionHelp } from '../options.ts';

export interface Arguments {
  readonly help: boolean;
  /** Changes that widen rights are not asked about. */
  readonly yes: boolean;
  /** Prints what would be done, and does nothing. */
  readonly dryRun: boolean;
  readonly profile: string | undefined;
  /** Where to; absent: where the AWS command line would. */
  readonly region: string | undefined;
  /** Options of the plane by name, as text. */
  readonly options: Readonly<Record<string, string>>;
}

/** What is wrong with the command line, in one sentence. */
export class WrongArguments extends Error {}

const flags = { '--help': 'help', '-h': 'help', '--yes': 'yes', '--dry-run': 'dryRun' } as const;

/** Reads `--name value` and `--name=value`. Throws WrongArguments. */
export function readArguments(argv: readonly string[]): Arguments {
  const said = {
    help: false,
    yes: false,
    dryRun: false,
    profile: undefined as string | undefined,
    region: undefined as string | undefined,
  };
  const options: Record<string, string> = {};
  const names = new Set(optionHelp().map(({ name }) => name));
  const rest = [...argv];
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word in flags) {
      said[flags[word as keyof typeof flags]] = true;
      continue;
    }
    const [, name = '', , joined] = /^--([A-Za-z]+)(=(.*))?$/s.exec(word) ?? [];
    if (name !== 'profile' && !names.has(name))
      throw new WrongArguments(`there is no option ${word}: "npm run deploy -- --help" explains those that there are`);
    const value = joined ?? rest.shift();
    if (value === undefined || value === '') throw new WrongArguments(`${word} wants a value: --${name} VALUE`);
    if (name === 'profile') said.profile = value;
    else if (name === 'region') said.region = value;
    else options[name] = value;
  }
  // A stack that is bound to an account is bound to a region; any other goes wherever it is sent.
  if (options.account !== undefined && said.region !== undefined) options.region = said.region;
  return { ...said, options };
}

/** The options as a CDK context holds them. */
export const asContext = (options: Arguments['options']): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(options).map(([name, value]) => [`plastron:${name}`, value]));

export function help(): string {
  const options = optionHelp().map(
    ({ name, says, takes, byDefault }) => `  --${name}\n      ${says}\n      takes ${takes}; by default ${byDefault}`,
  );
  return [
    'npm run deploy -- [options]: puts the plane into an AWS account, or brings the one that is there up to date.',
    '',
    'Takes the credentials and the region of the AWS command line (AWS_PROFILE, aws sso login, aws configure, ...). Prepares the',
    'account for CDK if nobody has, shows what rights change, and prints how kubectl gets to the plane.',
    '',
    '  --profile NAME  profile of the AWS command line',
    '  --yes           do not ask before rights are widened',
    '  --dry-run       only say what would be done',
    '',
    'About the plane (the same names in cdk.json under "context": {"plastron": {...}} are remembered with the repository):',
    '',
    ...options,
    '',
  ].join('\n');
}
