import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock, Log, Random } from '../../shared/ports.ts';
import { type AwsFake, createAwsFake, demoKeyPair } from './clouds/aws/aws-fake.ts';
import { createGceFake, type GceFake } from './clouds/gce/gce-fake.ts';
import { externalAddresses } from './clouds/loopback.ts';
import type { Endpoints } from './files.ts';
import { claimNetworks, type Networks, reclaimNetworks } from './networks.ts';
import { createNodeHost, type FakeNodes } from './nodes/host.ts';
import { everyAddressAnswers, portMapOf, reachBy } from './port-map.ts';

export interface WorldOptions {
  /** From the making of an instance until it reads its user data. */
  readonly bootSeconds: number;
  /** How long a cloud takes to make or to remove an instance; absent: a moment. */
  readonly cloudSeconds?: number;
  readonly dataDir: string;
  readonly ports: { readonly aws: number; readonly gce: number };
  /** Masters are reached by ports of 127.0.0.1, as they must be where nothing else answers. */
  readonly oneAddress?: boolean;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

/** What is outside of the plane: clouds, and the machines in them. */
export interface World {
  readonly nodes: FakeNodes;
  readonly aws: AwsFake;
  readonly gce: GceFake;
  readonly endpoints: Pick<Endpoints, 'clouds' | 'reservedAddresses' | 'keyPairs' | 'portMap'>;
  endpointOf(platform: string): string | undefined;
  close(): Promise<void>;
}

/** In each cloud. */
const reservedAddresses = 3;

/** Starts the fake clouds over the state that they left, and boots the machines that were running. */
export async function createWorld(options: WorldOptions): Promise<World> {
  const { bootSeconds, dataDir, ports, clock, random, log } = options;
  mkdirSync(dataDir, { recursive: true });
  const oneAddress = options.oneAddress || !(await everyAddressAnswers());
  const networks = await ownNetworks(dataDir, oneAddress);
  const reserved = [networks.aws, networks.gce].flatMap((network) => externalAddresses(network, reservedAddresses).reserved);
  const portMap = oneAddress ? portMapOf(reserved, networks.firstPort) : undefined;
  const nodes = createNodeHost({ clock, random, log, bootMs: bootSeconds * 1000, dataDir, reach: reachBy(portMap) });
  const common = { clock, random, nodes, dataDir, reservedAddresses, acceptUnknownKeys: true };
  const { cloudSeconds = 0.3 } = options;
  const timing = { pendingMs: cloudSeconds * 1000, shuttingDownMs: cloudSeconds * 1000 };
  const aws = await createAwsFake({ ...common, timing, network: networks.aws, port: ports.aws });
  const gce = await createGceFake({ ...common, operationMs: cloudSeconds * 1000, network: networks.gce, port: ports.gce });
  const urls: Readonly<Record<string, string>> = { aws: aws.url, gce: gce.url };
  return {
    nodes,
    aws,
    gce,
    endpoints: {
      clouds: { aws: aws.url, gce: gce.url },
      reservedAddresses: { aws: aws.state().addresses.map(({ address }) => address), gce: gce.reservedAddresses },
      keyPairs: { aws: [demoKeyPair] },
      ...(portMap !== undefined && { portMap }),
    },
    endpointOf: (platform) => urls[platform],
    async close() {
      await Promise.all([aws.close(), gce.close()]);
      await nodes.close();
      await networks.release();
    },
  };
}

/** A data directory keeps its networks. */
async function ownNetworks(dataDir: string, oneAddress: boolean): Promise<Networks> {
  const path = join(dataDir, 'networks.json');
  if (existsSync(path)) return reclaimNetworks(JSON.parse(readFileSync(path, 'utf8')), oneAddress);
  const networks = await claimNetworks(dataDir, oneAddress);
  writeFileSync(path, JSON.stringify({ aws: networks.aws, gce: networks.gce }));
  return networks;
}
