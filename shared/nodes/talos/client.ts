import { checkServerIdentity, connect, type TLSSocket } from 'node:tls';
import { type CallOptions, type Client, createClient } from '@connectrpc/connect';
import { createGrpcTransport, Http2SessionManager } from '@connectrpc/connect-node';
import { AlreadyExists, NotFound, type PlastronError, RetryLater } from '../../errors.ts';
import type { Reach, TalosApi } from '../nodes.ts';
import { fromStatus } from './errors.ts';
import { MachineService } from './gen/machine/machine_pb.js';
import type { TalosCredentials } from './talosconfig.ts';

/** The port of apid, where an endpoint names none. */
const apidPort = 50_000;
const etcdData = '/var/lib/etcd/member';

/** A node answers at once or not at all; leaving etcd waits for the other members. */
const deadlines = { usual: 5_000, leave: 30_000 } as const;

export interface TalosTarget {
  readonly credentials: TalosCredentials;
  readonly endpoint: string;
}

/** Connects to the node at `endpoint` (host, or host:port) when the first call is made. */
export function connectTalos({ credentials, endpoint }: TalosTarget, reach: Reach): TalosApi {
  const baseUrl = `https://${authority(endpoint)}`;
  // Pings tell a machine that vanished without a word from one that is idle.
  const sessionManager = new Http2SessionManager(
    baseUrl,
    { pingIntervalMs: 10_000, pingTimeoutMs: 3_000, idleConnectionTimeoutMs: 60_000 },
    { createConnection: (url) => dial(url, credentials, reach) },
  );
  const machine = createClient(MachineService, createGrpcTransport({ baseUrl, sessionManager, readMaxBytes: 32 * 1024 * 1024 }));
  return talosApi(machine, endpoint, () => sessionManager.abort());
}

/** TLS to where the node is reached, with the certificate of where it is. */
function dial({ hostname, port }: URL, credentials: TalosCredentials, reach: Reach): TLSSocket {
  const address = hostname.replace(/^\[|\]$/g, '');
  return connect({
    ...credentials,
    ...reach(address, Number(port) || 443),
    ALPNProtocols: ['h2'],
    checkServerIdentity: (_, certificate) => checkServerIdentity(address, certificate),
  });
}

function authority(endpoint: string): string {
  const bare = endpoint.includes(':') && !endpoint.startsWith('[') && endpoint.indexOf(':') !== endpoint.lastIndexOf(':');
  if (bare) return `[${endpoint}]:${apidPort}`;
  return /\]$|^[^:]*$/.test(endpoint) ? `${endpoint}:${apidPort}` : endpoint;
}

/** The calls that we make, over a client of the generated service. */
function talosApi(machine: Client<typeof MachineService>, endpoint: string, close: () => void): TalosApi {
  /** Runs one call with its deadline; a status becomes one of our errors. */
  const ask = async <T>(
    call: string,
    run: (options: CallOptions) => Promise<T>,
    node?: string,
    timeoutMs: number = deadlines.usual,
  ): Promise<T> => {
    try {
      return await run({ timeoutMs, headers: node === undefined ? {} : { node } });
    } catch (error) {
      throw fromStatus(error, `${call} at ${node === undefined ? endpoint : `${node} through ${endpoint}`}`);
    }
  };
  /** One node answers with one message. */
  const askOne = async <T>(call: string, run: (options: CallOptions) => Promise<{ messages: T[] }>, node?: string): Promise<T> => {
    const [message] = (await ask(call, run, node)).messages;
    if (message === undefined) throw new RetryLater(`Talos API: ${call} at ${node ?? endpoint}: the answer is empty`);
    return message;
  };

  const services: TalosApi['services'] = async (node) => {
    const { services } = await askOne('ServiceList', (options) => machine.serviceList({}, options), node);
    return services.map(({ id, state, health }) => ({
      id,
      state,
      healthy: health === undefined || health.unknown ? undefined : health.healthy,
      message: health?.lastMessage ?? '',
    }));
  };

  return {
    async version(node) {
      const { version, platform } = await askOne('Version', (options) => machine.version({}, options), node);
      return { tag: version?.tag ?? '', platform: platform?.name ?? '' };
    },
    services,
    hasEtcdData: (node) =>
      ask('List', (options) => holdsAnything(machine.list({ root: etcdData }, options)), node).catch((error: PlastronError) => {
        // A missing path is no status of its own: UNKNOWN, and these words.
        if (error.message.includes('no such file or directory')) return false;
        throw error;
      }),
    bootstrap: () =>
      ask('Bootstrap', (options) => machine.bootstrap({}, options)).then(() => 'done' as const, unless(AlreadyExists, 'already' as const)),
    async etcdMembers() {
      const { members } = await askOne('EtcdMemberList', (options) => machine.etcdMemberList({}, options));
      return members.map(({ id, hostname, isLearner }) => ({ id, hostname, isLearner }));
    },
    async etcdForfeitLeadership(node) {
      await ask('EtcdForfeitLeadership', (options) => machine.etcdForfeitLeadership({}, options), node);
    },
    async etcdLeave(node) {
      const etcd = (await services(node)).find((service) => service.id === 'etcd');
      // Leaving stops etcd for good: a node that has left cannot be asked to leave again.
      if (etcd?.state === 'Finished') return;
      await ask('EtcdLeaveCluster', (options) => machine.etcdLeaveCluster({}, options), node, deadlines.leave);
    },
    etcdRemoveMember: (id) =>
      ask('EtcdRemoveMemberByID', (options) => machine.etcdRemoveMemberByID({ memberId: id }, options)).then(
        () => undefined,
        unless(NotFound, undefined),
      ),
    close,
  };
}

/** A rejection handler: an error of this class means the answer, any other stays an error. */
function unless<T>(kind: typeof AlreadyExists | typeof NotFound, answer: T): (error: unknown) => T {
  return (error) => {
    if (error instanceof kind) return answer;
    throw error;
  };
}

/** Reads to the end: a stream that is left half way keeps its deadline running. */
async function holdsAnything(files: AsyncIterable<unknown>): Promise<boolean> {
  let found = false;
  for await (const _ of files) found = true;
  return found;
}
