/** What AWS asks, in us-east-1, by its list, with no free tier taken off. */
export const pricesOf = '2026-11-22';

export interface Price {
  readonly usd: number;
  /** What is paid for with it. */
  readonly per: string;
  /** The page that says so. */
  readonly page: string;
  /** Where it was checked on the day above; absent: unverified, carried over from the project's notes. */
  readonly checked?: 'on the page' | 'in guides of 2026 that cite the page';
}

const million = 1_000_000;
const aws = (page: string): string => `https://aws.amazon.com/${page}/pricing/`;

const lambda = aws('lambda');
const dynamodb = `${aws('dynamodb')}on-demand/`;
const cloudwatch = aws('cloudwatch');
const guides = { checked: 'in guides of 2026 that cite the page' } as const;

export const prices = {
  lambdaRequest: { usd: 0.2 / million, per: 'invocation', page: lambda, ...guides },
  lambdaGbSecond: { usd: 0.000_013_333_4, per: 'GB-s on arm64', page: lambda },
  dynamodbRead: { usd: 0.125 / million, per: 'read unit', page: dynamodb },
  dynamodbWrite: { usd: 0.625 / million, per: 'write unit', page: dynamodb },
  dynamodbStorage: { usd: 0.25, per: 'GB-month', page: dynamodb },
  dynamodbBackup: { usd: 0.2, per: 'GB-month of point-in-time recovery', page: dynamodb },
  // Lambda's own reads of a stream are free.
  dynamodbStream: { usd: 0, per: "read of a stream by Lambda's pollers", page: dynamodb },
  transition: { usd: 0.025 / 1000, per: 'state transition, a retry being one', page: aws('step-functions'), checked: 'on the page' },
  sqsRequest: { usd: 0.5 / million, per: 'request to a FIFO queue, 64 KB each', page: aws('sqs'), ...guides },
  schedule: { usd: 1 / million, per: 'invocation by EventBridge Scheduler', page: aws('eventbridge'), ...guides },
  kmsKey: { usd: 1, per: 'customer key and month', page: aws('kms'), checked: 'on the page' },
  kmsRequest: { usd: 0.03 / 10_000, per: 'request', page: aws('kms'), ...guides },
  logIngestion: { usd: 0.5, per: 'GB', page: cloudwatch, ...guides },
  logStorage: { usd: 0.03, per: 'GB-month', page: cloudwatch },
  alarmMetric: { usd: 0.1, per: 'metric that an alarm looks at, and month', page: cloudwatch, ...guides },
  customMetric: { usd: 0.3, per: 'metric and month', page: cloudwatch, ...guides },
  dashboard: { usd: 3, per: 'dashboard and month', page: cloudwatch, ...guides },
  apiRequest: { usd: 3.5 / million, per: 'request to a REST API', page: aws('api-gateway') },
  natHour: { usd: 0.045, per: 'hour of a NAT gateway', page: aws('vpc'), ...guides },
  natGb: { usd: 0.045, per: 'GB through a NAT gateway', page: aws('vpc'), ...guides },
  publicIpHour: { usd: 0.005, per: 'hour of a public IPv4 address', page: aws('vpc') },
  // For comparison only.
  eksHour: { usd: 0.1, per: 'hour of an EKS control plane', page: aws('eks'), ...guides },
  t3MediumHour: { usd: 0.0416, per: 'hour of a t3.medium', page: `${aws('ec2')}on-demand/` },
} as const satisfies Readonly<Record<string, Price>>;

export type Paid = keyof typeof prices;
