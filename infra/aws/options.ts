import * as z from 'zod';
import { platforms } from './entries.ts';
import { arn, flag, json, listOf, parsedJson, region, wholeNumber } from './option-types.ts';

/** Days that CloudWatch can be told to keep logs. */
const retentions = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653];

/** What an option takes, what it is when nobody says, and what it is for; the command line's help is made of these words. */
const option = <T extends z.ZodType>(schema: T, byDefault: string, takes: string, says: string): T =>
  schema.meta({ says, takes, byDefault });

/** Everything that can be said about a plane when it is deployed. */
const shape = {
  prefix: option(
    z
      .string()
      .regex(/^[A-Za-z][A-Za-z0-9-]{0,23}$/)
      .default('Plastron'),
    'Plastron',
    'a letter, then at most 23 letters, digits and hyphens',
    'name of the plane: of its stack, before the names of its functions, and the cluster name in its tokens; one account can hold several',
  ),
  account: option(
    z
      .string()
      .regex(/^\d{12}$/)
      .optional(),
    'that of the credentials',
    '12 digits',
    'account to deploy into',
  ),
  region: option(region().optional(), 'that of the credentials', 'a region such as eu-central-1', 'region to deploy into'),
  clouds: option(
    listOf(z.enum(platforms() as [string, ...string[]])).default([...platforms()]),
    'all of them',
    `a comma-separated list of: ${platforms().join(', ')}`,
    'clouds in which machines can be made',
  ),
  admins: option(
    listOf(arn('(iam|sts)', '.+')).optional(),
    'whoever deploys',
    'a comma-separated list of ARNs of users and roles',
    'who may do everything; all others need an IAMIdentityMapping',
  ),
  regions: option(
    listOf(region()).optional(),
    "the stack's region and us-east-1",
    'a comma-separated list of regions',
    'regions whose STS is asked who somebody is',
  ),
  oidc: option(
    json({
      issuer: z.url({ protocol: /^https$/ }),
      audience: z.string().min(1),
      algorithms: z.array(z.string()).min(1).optional(),
      usernameClaim: z.string().min(1).optional(),
      usernamePrefix: z.string().optional(),
      groupsClaim: z.string().min(1).optional(),
      groupsPrefix: z.string().optional(),
    }).optional(),
    'none',
    'JSON: {"issuer": "https://...", "audience": "..."}, and if wanted algorithms, usernameClaim, usernamePrefix, groupsClaim, groupsPrefix',
    'issuer whose tokens are taken beside those of AWS',
  ),
  domain: option(
    json({
      name: z.hostname(),
      certificateArn: arn('acm', 'certificate/.+'),
      hostedZoneId: z
        .string()
        .regex(/^Z[A-Z0-9]+$/)
        .optional(),
    }).optional(),
    'the name that API Gateway gives',
    'JSON: {"name": "plane.example.com", "certificateArn": "arn:aws:acm:..."}, and for a DNS record "hostedZoneId": "Z..."',
    'name of its own for the API; the certificate is one of the same region',
  ),
  vpc: option(
    json({
      subnetIds: z.array(z.string().regex(/^subnet-([0-9a-f]{8}|[0-9a-f]{17})$/)).min(1),
      securityGroupIds: z.array(z.string().regex(/^sg-([0-9a-f]{8}|[0-9a-f]{17})$/)).min(1),
    }).optional(),
    'none',
    'JSON: {"subnetIds": ["subnet-..."], "securityGroupIds": ["sg-..."]}',
    'puts all functions into subnets, which need a way (NAT or endpoints) to AWS, to the clouds and to the machines',
  ),
  kmsKeyArn: option(
    arn('kms', 'key/.+').optional(),
    'a key of its own',
    'the ARN of a symmetric KMS key whose policy lets IAM of this account decide',
    'customer key that encrypts the table and seals secrets',
  ),
  removalPolicy: option(
    z.enum(['retain', 'destroy']).default('retain'),
    'retain',
    'retain or destroy',
    'what becomes of the table and its key when the stack is deleted',
  ),
  pointInTimeRecovery: option(
    flag().default(true),
    'true',
    'true or false',
    'keeps the table restorable to any second of the last 35 days',
  ),
  retentionDays: option(
    wholeNumber(1, 3653)
      .refine((days) => retentions.includes(days))
      .default(30),
    '30',
    `one of ${retentions.join(', ')}`,
    'days for which logs are kept',
  ),
  logLevel: option(z.enum(['DEBUG', 'INFO', 'WARN', 'ERROR']).default('INFO'), 'INFO', 'DEBUG, INFO, WARN or ERROR', 'what is logged'),
  longestWatch: option(
    wholeNumber(30, 840).default(300),
    '300',
    'seconds, 30 to 840',
    'after which a watch ends and its client comes back; a watch occupies one Lambda',
  ),
  requestsPerSecond: option(
    wholeNumber(1, 10_000).default(100),
    '100',
    'a number, 1 to 10000',
    'requests beyond which API Gateway answers 429',
  ),
  burst: option(wholeNumber(1, 5_000).default(200), '200', 'a number, 1 to 5000', 'requests that may come at once'),
  reconcilesAtOnce: option(
    wholeNumber(2, 1000).optional(),
    'as many as the account allows',
    'a number, 2 to 1000',
    'most Lambdas that reconcile one kind at the same time',
  ),
  dispatchersAtOnce: option(
    wholeNumber(1, 10).default(10),
    '10',
    'a number, 1 to 10',
    'most Lambdas that read one shard of the stream at the same time',
  ),
  alarmTopicArn: option(arn('sns', '.+').optional(), 'none', 'the ARN of an SNS topic', 'who is told of alarms'),
  dashboard: option(flag().default(false), 'false', 'true or false', 'makes a CloudWatch dashboard (3 USD a month)'),
} as const;

const schema = z.strictObject(shape).refine(({ account, region }) => (account === undefined) === (region === undefined), {
  path: ['region'],
  error: 'account and region go together',
});

export type Options = Readonly<z.output<typeof schema>>;

/** An option that was not understood: the message is one sentence for whoever wrote it. */
export class OptionRefused extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'OptionRefused';
  }
}

const mark = 'plastron:';

/**
 * The options in a CDK context: `plastron` in cdk.json holds an object of them, and `-c plastron:NAME=VALUE` goes before it. A value
 * from the command line is text: a list has commas, an object is JSON.
 * @throws OptionRefused naming the option, what it got and what it takes.
 */
export function readOptions(context: Readonly<Record<string, unknown>>): Options {
  const given = parsedJson(context.plastron ?? {});
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    throw new OptionRefused(`"plastron" in the context got ${shown(given)}, and takes an object of options`);
  const marked = Object.entries(context).filter(([key]) => key.startsWith(mark));
  const options: Record<string, unknown> = {
    ...given,
    ...Object.fromEntries(marked.map(([key, value]) => [key.slice(mark.length), value])),
  };
  const { success, data, error } = schema.safeParse(options);
  if (success) return Object.freeze(data);
  throw new OptionRefused(refusal(error.issues[0]!, options));
}

function refusal(issue: z.core.$ZodIssue, options: Readonly<Record<string, unknown>>): string {
  if (issue.code === 'unrecognized_keys' && issue.path.length === 0)
    return `there is no option ${mark}${issue.keys[0]}; there are ${Object.keys(shape).join(', ')}`;
  const name = String(issue.path[0]) as keyof typeof shape;
  if (issue.code === 'custom' && issue.path[0] === 'region' && issue.path.length === 1)
    return `option ${mark}account goes with ${mark}region: give both, or neither`;
  return `option ${mark}${name} got ${shown(options[name])}, and takes ${wordsOf(name).takes}`;
}

const shown = (value: unknown): string => (value === undefined ? 'nothing' : JSON.stringify(value));

export interface OptionWords {
  readonly name: string;
  readonly says: string;
  readonly takes: string;
  readonly byDefault: string;
}

function wordsOf(name: keyof typeof shape): OptionWords {
  const { says, takes, byDefault } = shape[name].meta() ?? {};
  return { name, says: String(says), takes: String(takes), byDefault: String(byDefault) };
}

/** Every option in words. */
export const optionHelp = (): readonly OptionWords[] => (Object.keys(shape) as (keyof typeof shape)[]).map(wordsOf);
