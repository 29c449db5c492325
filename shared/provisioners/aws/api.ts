import { EC2Client } from '@aws-sdk/client-ec2';
import type { Clock } from '../../ports.ts';
import type { OpenOptions } from '../provisioner.ts';
import { atMost } from './at-most.ts';
import { type AwsCredentials, parseCredentials } from './credentials.ts';
import { classify, codeOf } from './errors.ts';

/** EC2 as one user sees it. */
export interface Api {
  readonly clock: Clock;
  /** How long EC2 may hide what it made, ms. */
  readonly settlingMs: number;
  /**
   * Sends one request to the region and answers its reply, or throws what `errors.ts` knows. `doing` completes the
   * sentence "EC2 could not ...".
   */
  ask<T>(doing: string, region: string, send: (ec2: EC2Client) => Promise<T>): Promise<T>;
  /** Root devices of images by region and id, once asked for: images never change. */
  readonly rootDevices: Map<string, Promise<string>>;
  close(): void;
}

/** Below the 50 sockets that the SDK keeps to one host. */
const requestsAtOnce = 32;

/** One client per region, made when it is first needed. Throws Refused when the credentials cannot be read. */
export function openApi(options: OpenOptions & { readonly settlingSeconds: number }): Api {
  const credentials = parseCredentials(options.credentials);
  // The SDK reads this variable itself only if it is given no endpoint, and ours would win: so it is decided here.
  const endpoint = process.env.AWS_ENDPOINT_URL_EC2 || options.endpoint;
  const regions = new Map<string, Region>();
  const regionOf = (region: string): Region => {
    const opened = regions.get(region) ?? { ec2: openClient(region, credentials, endpoint), inTurn: atMost(requestsAtOnce) };
    regions.set(region, opened);
    return opened;
  };
  return {
    clock: options.clock,
    settlingMs: options.settlingSeconds * 1000,
    rootDevices: new Map(),
    async ask(doing, region, send) {
      const { ec2, inTurn } = regionOf(region);
      try {
        return await inTurn(() => send(ec2));
      } catch (error) {
        throw classify(error, doing);
      }
    },
    close() {
      for (const { ec2 } of regions.values()) ec2.destroy();
    },
  };
}

interface Region {
  readonly ec2: EC2Client;
  readonly inTurn: ReturnType<typeof atMost>;
}

const openClient = (region: string, credentials: AwsCredentials, endpoint: string | undefined): EC2Client =>
  new EC2Client({
    region,
    credentials,
    ...(endpoint !== undefined && { endpoint }),
    // Workflows retry; the SDK would also retry InsufficientInstanceCapacity, which is a 500.
    maxAttempts: 1,
    requestHandler: { connectionTimeout: 3_000, requestTimeout: 10_000, throwOnRequestTimeout: true },
  });

/** The answer, or undefined when EC2 says one of these codes: it is not there (any more), or was done before. */
export async function unless<T>(expected: readonly string[], asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (expected.includes(codeOf(error) ?? '')) return undefined;
    throw error;
  }
}
