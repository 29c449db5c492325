import { createServer, type Server } from 'node:net';
import { fnv1a } from '../../shared/kinds/names.ts';

/** The /16s of loopback in which a plane's instances have their external addresses. */
export interface Networks {
  readonly aws: string;
  readonly gce: string;
  /** The first of 63 ports of 127.0.0.1 that are kept for this plane, where only that answers. */
  readonly firstPort: number;
  /** Lets another process have them. */
  release(): Promise<void>;
}

/** Nothing else listens here; whoever holds it on x.y.0.1 has the network x.y. Where only 127.0.0.1 answers, each has its last port. */
const claimPort = 47_016;
/** Below those that systems give out by themselves; 95 times 64 follow. */
const lowestPort = 26_000;
const portsEach = 64;

/** The second numbers of the networks for AWS, each followed by the one for GCE: 64, 66, ... 252. */
const seconds = Array.from({ length: 95 }, (_, i) => 64 + 2 * i);

/**
 * Claims two networks of 127.0.0.0/8 for this process, so that planes side by side do not meet. Where the search begins
 * follows from `seed`: planes with different seeds seldom want the same, even while one of them is down for a moment.
 */
export async function claimNetworks(seed: string, oneAddress: boolean): Promise<Networks> {
  const first = fnv1a(seed) % seconds.length;
  for (const second of [...seconds.slice(first), ...seconds.slice(0, first)]) {
    const networks = await claim(second, oneAddress);
    if (networks !== undefined) return networks;
  }
  throw new Error('no network of 127.0.0.0/8 is free: other planes have them all');
}

/** Claims those that it had before: stored instances have addresses in them. Throws when somebody else has them now. */
export async function reclaimNetworks({ aws }: Pick<Networks, 'aws'>, oneAddress: boolean): Promise<Networks> {
  const networks = await claim(Number(aws.split('.')[1]), oneAddress);
  if (networks === undefined) throw new Error(`the addresses of ${aws} are in use by another plastron process: stop it first`);
  return networks;
}

/** Undefined: somebody has them. */
async function claim(second: number, oneAddress: boolean): Promise<Networks | undefined> {
  const firstPort = lowestPort + (portsEach * (second - 64)) / 2;
  const server = oneAddress ? await listen('127.0.0.1', firstPort + portsEach - 1) : await listen(`127.${second}.0.1`, claimPort);
  if (server === undefined) return undefined;
  return {
    firstPort,
    aws: `127.${second}.0.0/16`,
    gce: `127.${second + 1}.0.0/16`,
    release: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

function listen(address: string, port: number): Promise<Server | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen(port, address, () => {
      server.unref();
      resolve(server);
    });
  });
}
