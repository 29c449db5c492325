import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { staticTokens } from '../../shared/api/authenticate/static.ts';
import { ensureDefaultRoles } from '../../shared/api/authorize/ensure-default-roles.ts';
import { rbac } from '../../shared/api/authorize/rbac.ts';
import { createTalosBootstrap } from '../../shared/bootstrap/talos/talos-bootstrap.ts';
import { kinds } from '../../shared/kinds/index.ts';
import { useHost } from '../../shared/lambda/host.ts';
import { createNodes } from '../../shared/nodes/create-nodes.ts';
import type { Settings } from '../../shared/steps/step.ts';
import { ensureNamespaces } from '../../shared/store/dynamodb.ts';
import { systemClock as clock, systemRandom as random } from '../system.ts';
import { openAccess } from './access.ts';
import { routeTo } from './api-router.ts';
import { every } from './every.ts';
import { type Endpoints, writeEndpoints, writeKubeconfig } from './files.ts';
import { formerPorts } from './former-ports.ts';
import { apis, collectNow, consumers, discovery, functionNamed, sweepAt } from './functions.ts';
import { serveHttps } from './https/serve-https.ts';
import { type OpenStoreOptions, openStore } from './open-store.ts';
import { openWorkflows } from './open-workflows.ts';
import { reachBy } from './port-map.ts';
import { createWakeQueue } from './wake-queue.ts';
import type { WorldOptions } from './world.ts';
import { startWorld } from './world-thread.ts';

export interface PlaneOptions
  extends Pick<WorldOptions, 'bootSeconds' | 'cloudSeconds' | 'oneAddress' | 'log'>,
    Pick<OpenStoreOptions, 'clientOf'> {
  /** Where everything is kept: objects, executions, and the state of the fake clouds and nodes. */
  readonly data: string;
  /** Port of the Kubernetes API; 0: any free one; absent: the one it had before, if it is free. */
  readonly port?: number;
  /** Seconds that a running instance may take to join its cluster. */
  readonly joinTimeoutSeconds?: number;
  /** Those of another host, and how often that sweeps, seconds: what it would take there is measured here. */
  readonly paceOf?: { readonly settings: Settings; readonly sweepSeconds: number };
}

export interface Plane {
  readonly endpoints: Endpoints;
  readonly kubeconfig: string;
  /** State transitions that AWS would bill, since the start. */
  transitions(): number;
  /** Ends what runs, writes what must be kept, and closes all. */
  close(): Promise<void>;
}

/** AWS schedules nothing more often than once a minute; a person at a laptop waits less gladly. */
const localPace = ({ bootSeconds, joinTimeoutSeconds = 1200 }: PlaneOptions): Required<PlaneOptions>['paceOf'] => ({
  sweepSeconds: 15,
  settings: {
    joinTimeout: joinTimeoutSeconds,
    quickestBoot: bootSeconds,
    pace: { share: 5, atLeast: 0.5, atMost: 15 },
    settling: 2,
  },
});

/** The whole plane in one process: the same handlers and state machines as on AWS, over an embedded DynamoDB and fake clouds. */
export async function startPlane(options: PlaneOptions): Promise<Plane> {
  const { data, log, bootSeconds, cloudSeconds, oneAddress = false, paceOf: { settings, sweepSeconds } = localPace(options) } = options;
  mkdirSync(data, { recursive: true });
  const ports = await formerPorts(data);
  const table = await openStore({ ...options, port: ports.dynamodb });
  const world = await startWorld(
    { bootSeconds, ...(cloudSeconds !== undefined && { cloudSeconds }), oneAddress, dataDir: join(data, 'world'), ports },
    log,
  );
  const access = await openAccess(data, clock, random);
  const queue = createWakeQueue({ consumers, clock, log });
  const executions = await openWorkflows({ data, port: ports.stepFunctions, log });
  useHost({
    store: table.store,
    sealer: table.sealer,
    workflows: executions.workflows,
    queue,
    nodes: createNodes({ clock, reach: reachBy(world.endpoints.portMap) }),
    bootstrap: createTalosBootstrap({ clock, random, serviceAccountKey: 'rsa2048' }),
    authenticate: staticTokens([access.admin]),
    ...rbac(table.store, { clock }),
    invoke: async (lambda, calls) => functionNamed(lambda === 'steps' ? 'steps' : `clouds-${lambda}`)(calls),
    collect: collectNow,
    endpointOf: world.endpointOf,
    settings,
    clock,
    random,
    log,
  });
  await ensureNamespaces(table.store);
  await ensureDefaultRoles(table.store);
  const handler = routeTo(apis, discovery);
  const server = await serveHttps({ handler, host: '127.0.0.1', port: options.port ?? ports.api, log, ...access.serving });

  // Whatever a former process was in the middle of is looked at before anything else.
  await sweepAt('everything');
  const tidy = async (): Promise<void> => {
    await sweepAt(clock.now());
    await table.store.removeExpired(kinds);
  };
  const sweeper = every(sweepSeconds * 1000, clock, tidy, log);

  const endpoints: Endpoints = { api: server.url, stepFunctions: executions.endpoint, dynamodb: table.endpoint, ...world.endpoints };
  writeEndpoints(data, endpoints);
  return {
    endpoints,
    kubeconfig: writeKubeconfig(data, server.url, access),
    transitions: executions.transitions,
    async close() {
      for (const part of [sweeper, server, queue, executions, table, world]) await part.close();
    },
  };
}
