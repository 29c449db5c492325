import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock, Log, Random } from '../../shared/ports.ts';
import { type AwsFake, createAwsFake, demoKeyPair } from './clouds/aws/aws-fake.ts';
import { createGceFake, type GceFake } from './clouds/gce/gce-fake.ts';
import type { Endpoints } from './files.ts';
import { claimNetworks, type Networks, reclaimNetworks } from './networks.ts';
import { createNodeHost, type FakeNodes } from './nodes/host.ts';

export interface WorldOptions {
  /** From the making of an instance until it reads its user data. */
  readonly bootSeconds: number;
  readonly dataDir: string;
  readonly ports: { readonly aws: number; readonly gce: number };
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

/** What is outside of the plane: clouds, and the machines in them. */
export interface World {
  readonly nodes: FakeNodes;
  readonly aws: AwsFake;
  readonly gce: GceFake;
  readonly endpoints: Pick<Endpoints, 'clouds' | 'reservedAddresses' | 'keyPairs'>;
  endpointOf(platform: string): string | undefined;
  close(): Promise<void>;
}

/** Starts the fake clouds over the state that they left, and boots the machines that were running. */
export async function createWorld({ bootSeconds, dataDir, ports, clock, random, log }: WorldOptions): Promise<World> {
  mkdirSync(dataDir, { recursive: true });
  const networks = await ownNetworks(dataDir);
  const nodes = createNodeHost({ clock, random, log, bootMs: bootSeconds * 1000, dataDir });
  const common = { clock, random, nodes, dataDir, acceptUnknownKeys: true };
  const aws = await createAwsFake({ ...common, network: networks.aws, port: ports.aws });
  const gce = await createGceFake({ ...common, operationMs: 300, network: networks.gce, port: ports.gce });
  const urls: Readonly<Record<string, string>> = { aws: aws.url, gce: gce.url };
  return {
    nodes,
    aws,
    gce,
    endpoints: {
      clouds: { aws: aws.url, gce: gce.url },
      reservedAddresses: { aws: aws.state().addresses.map(({ address }) => address), gce: gce.reservedAddresses },
      keyPairs: { aws: [demoKeyPair] },
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
async function ownNetworks(dataDir: string): Promise<Networks> {
  const path = join(dataDir, 'networks.json');
  if (existsSync(path)) return reclaimNetworks(JSON.parse(readFileSync(path, 'utf8')));
  const networks = await claimNetworks(dataDir);
  writeFileSync(path, JSON.stringify({ aws: networks.aws, gce: networks.gce }));
  return networks;
}
