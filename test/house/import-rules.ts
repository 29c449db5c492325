/**
 * Who may import whom, as design keeps it: plans touch nothing, provisioners do not know each other, and only a door
 * (a file in functions/, or the local host) names an implementation of a port.
 */
export interface Rule {
  /** Files that the rule is about. */
  readonly of: RegExp;
  /** What they may import: paths from the root of the repository, or packages. */
  readonly may: readonly RegExp[];
  readonly because: string;
}

const kinds = /^shared\/kinds\//;
const base = [/^shared\/errors\.ts$/, /^shared\/ports\.ts$/];
const contracts = [
  /^shared\/store\/store\.ts$/,
  /^shared\/provisioners\/provisioner\.ts$/,
  /^shared\/bootstrap\/bootstrap\.ts$/,
  /^shared\/nodes\/nodes\.ts$/,
];
const purePackages = [/^zod$/, /^yaml$/];

/** The first rule that is about a file counts. */
export const rules: readonly Rule[] = [
  { of: /^shared\/errors\.ts$/, may: [], because: 'errors are words' },
  { of: /^shared\/ports\.ts$/, may: [], because: 'ports are interfaces' },
  {
    of: kinds,
    may: [kinds, /^shared\/errors\.ts$/, ...purePackages],
    because: 'a kind decides and touches nothing: only zod, yaml and errors',
  },
  {
    of: /^shared\/store\//,
    may: [/^shared\/store\//, kinds, ...base, /^node:(crypto|zlib|util)$/, /^@aws-sdk\/client-dynamodb$/],
    because: 'a store knows kinds and DynamoDB, nothing of what they mean',
  },
  {
    of: /^shared\/api\//,
    may: [/^shared\/api\//, kinds, ...base, ...contracts, ...purePackages, /^jose$/, /^node:crypto$/],
    because: 'the API loads no SDK',
  },
  {
    of: /^shared\/collect\//,
    may: [/^shared\/collect\//, /^shared\/reconcile\/deletion\.ts$/, kinds, ...base, ...contracts],
    because: 'the collector knows kinds and a store, and nothing of what they stand for',
  },
  {
    of: /^shared\/reconcile\//,
    may: [/^shared\/reconcile\//, kinds, ...base, ...contracts],
    because: 'the engine knows interfaces, not implementations',
  },
  ...['aws', 'gce', 'azure', 'packet'].map((cloud) => ({
    of: new RegExp(`^shared/provisioners/${cloud}/`),
    may: [
      new RegExp(`^shared/provisioners/${cloud}/`),
      /^shared\/provisioners\/[a-z-]+\.ts$/,
      ...base,
      ...purePackages,
      /^node:(crypto|module)$/,
      /^@aws-sdk\//,
      /^@smithy\//,
      /^@google-cloud\/compute/,
      /^google-(gax|auth-library)/,
      /^@azure\//,
    ],
    because: 'a cloud is one folder, and clouds do not know each other',
  })),
  {
    of: /^shared\/provisioners\//,
    may: [/^shared\/provisioners\/[a-z-]+\.ts$/, kinds, ...base, ...purePackages],
    because: 'what all clouds share names none of them',
  },
  {
    of: /^shared\/bootstrap\//,
    may: [/^shared\/bootstrap\//, ...base, ...purePackages, /^node:(crypto|net|util|buffer)$/],
    because: 'a bootstrap knows nothing of clouds',
  },
  {
    of: /^shared\/nodes\//,
    may: [/^shared\/nodes\//, kinds, ...base, ...purePackages, /^node:/, /^@connectrpc\//, /^@bufbuild\//],
    because: 'the ways to reach a node know nothing of who asks',
  },
  {
    of: /^shared\/steps\//,
    may: [
      /^shared\/steps\//,
      /^shared\/reconcile\//,
      kinds,
      ...base,
      ...contracts,
      /^shared\/provisioners\/read-config\.ts$/,
      ...purePackages,
    ],
    because: 'steps touch the world through interfaces',
  },
  {
    of: /^shared\/lambda\//,
    may: [
      /^shared\/(lambda|api|collect|reconcile|steps|store|provisioners)\//,
      kinds,
      ...base,
      /^@middy\/core/,
      /^aws-lambda$/,
      /^@aws-sdk\/client-sfn$/,
      /^node:(stream|zlib)$/,
    ],
    because: 'doors translate what AWS sends, and name no cloud',
  },
  { of: /^functions\//, may: [/^functions\//, /^shared\//], because: 'a function composes what is in shared/' },
  { of: /^infra\//, may: [/./], because: 'a host may name anything' },
  { of: /^test\//, may: [/./], because: 'tests may look anywhere' },
];

/** Clock and randomness are ports: nobody but a host asks for them. */
export const forbiddenWords: readonly { readonly of: RegExp; readonly word: RegExp; readonly because: string }[] = [
  { of: /^(shared|functions)\//, word: /\bDate\.now\(|\bnew Date\(\)/, because: 'take a Clock' },
  { of: /^(shared|functions)\//, word: /\bMath\.random\(|\brandomUUID\(|\brandomBytes\(/, because: 'take a Random' },
  { of: /^(shared|functions)\//, word: /\bset(Timeout|Interval|Immediate)\(/, because: 'take a Clock' },
];
