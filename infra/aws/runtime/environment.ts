import type { Settings } from '../../../shared/steps/step.ts';
import { settings } from '../settings.ts';

/** What the stack tells a function of its plane. A function that lacks what it needs does not start. */
const read = (name: string): string => {
  const value = process.env[name];
  if (value === undefined || value === '') throw new Error(`this function has no ${name}: deploy the plane again`);
  return value;
};

const list = (name: string): readonly string[] => (process.env[name] ?? '').split(',').filter((one) => one !== '');

export const environment = {
  /** Name of the plane: the stack's name, and the cluster id of its tokens. */
  plane: () => read('PLASTRON_PREFIX'),
  region: () => read('AWS_REGION'),
  table: () => read('PLASTRON_TABLE'),
  /** ARN of the key under which secrets are sealed; undefined: this function may not open them. */
  sealingKey: () => process.env.PLASTRON_SEALING_KEY || undefined,
  /** `https://sqs.us-east-1.amazonaws.com/123456789012/Plastron-`: a queue's URL without the name of its kind. */
  queues: () => read('PLASTRON_QUEUES'),
  /** `arn:aws:states:us-east-1:123456789012:stateMachine:Plastron-`: a state machine's ARN without the name of its workflow. */
  stateMachines: () => read('PLASTRON_STATE_MACHINES'),
  /** Name of the Lambda of the steps that need no cloud; a platform's is called `<this>-<platform>`. */
  steps: () => read('PLASTRON_STEPS'),
  /** Name of the collector's Lambda. */
  collect: () => read('PLASTRON_COLLECT'),
  /** ARNs of those who may do everything. */
  admins: () => list('PLASTRON_ADMINS'),
  /** Regions whose STS may say who somebody is. */
  regions: () => list('PLASTRON_REGIONS'),
  /** JSON: the OIDC issuer whose tokens are taken, if any. */
  oidc: () => process.env.PLASTRON_OIDC || undefined,
  /** What the plane waits for, where the clouds and their machines are quicker than real ones. */
  settings: (): Settings => ({ ...settings, ...(JSON.parse(process.env.PLASTRON_SETTINGS || '{}') as Partial<Settings>) }),
  /** Base URL of a cloud's API where it is not the public one: a private endpoint, or a fake. */
  endpointOf: (platform: string) => process.env[`PLASTRON_ENDPOINT_${platform.toUpperCase()}`] || undefined,
  /** Seconds. */
  longestWatch: () => Number(read('PLASTRON_LONGEST_WATCH')),
};
