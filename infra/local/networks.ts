import { createServer, type Server } from 'node:net';

/** The /16s of loopback in which a plane's instances have their external addresses. */
export interface Networks {
  readonly aws: string;
  readonly gce: string;
  /** Lets another process have them. */
  release(): Promise<void>;
}

/** Nothing else listens here; whoever holds it on x.y.0.1 has the network x.y. */
const claimPort = 47_016;

/**
 * Claims two networks of 127.0.0.0/8 for this process, so that planes side by side do not meet. `wanted`: those that the
 * stored instances have; a claim that fails then is an error.
 */
export async function claimNetworks(wanted?: { readonly aws: string; readonly gce: string }): Promise<Networks> {
  for (let second = wanted === undefined ? 64 : octetOf(wanted.aws); second < 254; second += 2) {
    const claim = await listen(`127.${second}.0.1`);
    if (claim !== undefined)
      return {
        aws: `127.${second}.0.0/16`,
        gce: `127.${second + 1}.0.0/16`,
        release: () => new Promise((resolve) => claim.close(() => resolve())),
      };
    if (wanted !== undefined) throw new Error(`the addresses of ${wanted.aws} are in use by another plastron process: stop it first`);
  }
  throw new Error(
    'no network of 127.0.0.0/8 is free: is this Linux? Elsewhere only 127.0.0.1 answers; add the addresses to the loopback interface first',
  );
}

const octetOf = (network: string): number => Number(network.split('.')[1]);

function listen(address: string): Promise<Server | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen(claimPort, address, () => {
      server.unref();
      resolve(server);
    });
  });
}
