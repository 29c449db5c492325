import type { Clock, Random } from '../../../../shared/ports.ts';
import { type Call, type FakeServer, json, type ListenOptions, type Reply, serveFake } from '../fake-server.ts';
import type { Fault } from '../faults.ts';
import type { NodeHost } from '../node-host.ts';
import { ApiError, errorReply } from './errors.ts';
import { handle } from './handlers.ts';
import { powerOn, removeInstance } from './instances.ts';
import { type KnownKey, type OAuth, openOAuth } from './oauth.ts';
import { openWorld } from './open-world.ts';
import { nameOfCall, readRequest } from './routes.ts';
import { makeServiceAccountKey } from './service-account.ts';
import { describeWorld, type GceState } from './state.ts';
import type { World } from './world.ts';

export interface GceFakeOptions extends ListenOptions {
  readonly clock: Clock;
  readonly random: Random;
  /** Boots the instances. */
  readonly nodes: NodeHost;
  /** Keeps its state in `<dataDir>/gce.jsonl`; in memory if absent. */
  readonly dataDir?: string;
  /** How long an operation takes; a second if absent. */
  readonly operationMs?: number;
  /** A /16 of loopback for external addresses: two fakes of one machine need two. */
  readonly network?: string;
  /** How many addresses the user has reserved beforehand; 3 if absent. */
  readonly reservedAddresses?: number;
  /** Where those are; us-central1 if absent. */
  readonly region?: string;
  /** Service accounts whose keys are known from the start, beside those that are made here. */
  readonly keys?: readonly KnownKey[];
  /** Lets service accounts in that it does not know, so that a user's own key file opens it. If absent: while it knows none. */
  readonly acceptUnknownKeys?: boolean;
  /** How long an access token is good; an hour if absent. */
  readonly tokenSeconds?: number;
  /** Most resources on a page of a list; 500 if absent. */
  readonly pageSize?: number;
}

/** Compute Engine on loopback: the wire protocol of what we use of it, over state that survives the process. */
export interface GceFake extends FakeServer {
  /** What `GET /_state` answers. */
  state(): GceState;
  readonly reservedAddresses: readonly string[];
  /** Makes a service account, and answers its key file: the JSON that goes into the Secret. */
  createServiceAccount(name?: string, project?: string): Promise<string>;
  /** Ends an instance as if somebody had done it in the console, at once. */
  terminate(name: string): void;
}

export async function createGceFake(options: GceFakeOptions): Promise<GceFake> {
  const { clock, random, nodes, tokenSeconds = 3600 } = options;
  const { world, reservedAddresses } = openWorld(options);
  const keys = world.state.table<KnownKey>('keys');
  for (const key of options.keys ?? []) keys.put(key.publicKey, key);
  let url = '';
  const tokenUri = (): string => `${url}/token`;
  const acceptsUnknown = (): boolean => options.acceptUnknownKeys ?? keys.all().length === 0;
  const oauth = openOAuth({ clock, random, keys: keys.all, acceptsUnknown, tokenUri, tokenSeconds });
  const state = (): GceState => {
    world.operations.finish();
    return describeWorld(world);
  };
  const server = await serveFake(
    { nameOf: nameOfCall, answer: (call, fault) => answer(world, oauth, call, fault), errorReply, state: () => ({ ...state() }) },
    clock,
    options,
  );
  url = server.url;
  for (const instance of world.instances.all()) if (!instance.deleting) powerOn(world, instance);
  return {
    ...server,
    state,
    reservedAddresses,
    async createServiceAccount(name = 'plastron', project = 'talos-testbed') {
      const { file, known } = await makeServiceAccountKey(random, { name, project, tokenUri: tokenUri() });
      keys.put(known.publicKey, known);
      return file;
    },
    terminate(name) {
      const instance = world.instances.all().find((row) => row.name === name);
      if (instance === undefined) return;
      nodes.powerOff(instance.id);
      world.state.atomically(() => removeInstance(world, instance.path));
    },
    async close() {
      await server.close();
      world.state.close();
    },
  };
}

function answer(world: World, oauth: OAuth, call: Call, fault: Fault | undefined): Reply {
  if (call.method === 'POST' && call.url.pathname === '/token') return oauth.token(call);
  const request = readRequest(call);
  if (request === undefined) return errorReply(404, 'notFound', 'Not Found');
  if (!oauth.admits(call)) return errorReply(401, 'authError', 'Request had invalid authentication credentials.');
  world.operations.finish();
  try {
    return json(200, handle(world, request, fault));
  } catch (error) {
    if (error instanceof ApiError) return errorReply(error.status, error.reason, error.message);
    throw error;
  }
}
