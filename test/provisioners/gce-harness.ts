import { generateKeyPairSync } from 'node:crypto';
import { createGceFake, type GceFake, type GceFakeOptions } from '../../infra/local/clouds/gce/gce-fake.ts';
import type { KnownKey } from '../../infra/local/clouds/gce/oauth.ts';
import { noNodes } from '../../infra/local/clouds/node-host.ts';
import { gce } from '../../shared/provisioners/gce/cloud.ts';
import type { GceConfig } from '../../shared/provisioners/gce/config.ts';
import { seededRandom, type VirtualClock, virtualClock } from '../clock.ts';
import type { Harness } from './harness.ts';

const email = 'plastron@talos-testbed.iam.gserviceaccount.com';
const pem = { publicKeyEncoding: { type: 'spki', format: 'pem' }, privateKeyEncoding: { type: 'pkcs8', format: 'pem' } } as const;
const newKey = () => generateKeyPairSync('rsa', { modulusLength: 2048, ...pem });
/** Made once: each costs a tenth of a second. */
const [own, strangers] = [newKey(), newKey()];
export const knownKey: KnownKey = { email, publicKey: own.publicKey };

/** The key file of the account that the fake knows; `changes` are laid over it, undefined takes a field out. */
export const keyFile = (tokenUri: string, changes: Record<string, unknown> = {}): string =>
  JSON.stringify({
    type: 'service_account',
    project_id: 'talos-testbed',
    private_key_id: '0123abcd',
    private_key: own.privateKey,
    client_email: email,
    client_id: '1',
    token_uri: tokenUri,
    ...changes,
  });

export const config: GceConfig = {
  project: 'talos-testbed',
  zone: 'us-central1-c',
  instances: {
    type: 'n1-standard-2',
    image: 'https://www.googleapis.com/compute/v1/projects/talos-testbed/global/images/talos-e2e',
    disks: { size: 10 },
  },
};

export interface OpenFake {
  readonly fake: GceFake;
  readonly clock: VirtualClock;
}

export async function openFake(options: Partial<GceFakeOptions> = {}): Promise<OpenFake> {
  const clock = virtualClock();
  const random = seededRandom(7);
  return { fake: await createGceFake({ clock, random, nodes: noNodes, keys: [knownKey], operationMs: 2000, ...options }), clock };
}

export async function gceHarness(options: Partial<GceFakeOptions> = {}): Promise<Harness<GceConfig> & OpenFake> {
  const { fake, clock } = await openFake(options);
  const tokenUri = `${fake.url}/token`;
  const reserved = new Set(fake.reservedAddresses);
  return {
    fake,
    cloud: gce,
    config,
    impossible: { ...config, instances: { ...config.instances, type: 'z9-standard-2' } },
    credentials: keyFile(tokenUri),
    wrongCredentials: keyFile(tokenUri, { private_key: strangers.privateKey }),
    endpoint: fake.url,
    clock,
    faults: fake.faults,
    createCall: 'POST instances',
    capacity: { match: 'POST instances', code: 'ZONE_RESOURCE_POOL_EXHAUSTED', message: 'the zone has not enough resources' },
    quota: { match: 'POST instances', status: 403, code: 'quotaExceeded', message: "Quota 'CPUS' exceeded" },
    throttled: { status: 403, code: 'rateLimitExceeded', message: 'Rate Limit Exceeded' },
    reservedAddress: fake.reservedAddresses[0]!,
    creations: () => fake.state().creations,
    uidTag: 'plastron-machine',
    instances: () => fake.state().instances.map(({ id, tags, diskGb }) => ({ id, machineUid: tags['plastron-machine'], diskGb })),
    remains: () => remainsOf(fake, reserved),
    userOf(address) {
      const found = fake.state().addresses.find((candidate) => candidate.address === address);
      if (found === undefined) throw new Error(`${address} is no longer reserved`);
      return found.usedBy;
    },
    deleteBehindOurBack: fake.terminate,
    close: fake.close,
  };
}

function remainsOf(fake: GceFake, reserved: ReadonlySet<string>): string[] {
  const { instances, disks, addresses, firewalls } = fake.state();
  return [
    ...instances.map(({ name }) => `instance ${name}`),
    ...disks.map(({ name }) => `disk ${name}`),
    ...addresses.filter(({ address }) => !reserved.has(address)).map(({ name }) => `address ${name}`),
    ...firewalls.map(({ name }) => `rule ${name}`),
  ];
}
