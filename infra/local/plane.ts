import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { SFNClient } from '@aws-sdk/client-sfn';
import { staticTokens } from '../../shared/api/authenticate.ts';
import { createTalosBootstrap } from '../../shared/bootstrap/talos/talos-bootstrap.ts';
import { workflows as stateMachines } from '../../shared/kinds/workflows.ts';
import { useHost } from '../../shared/lambda/host.ts';
import { sfnWorkflows } from '../../shared/lambda/workflows.ts';
import { createNodes } from '../../shared/nodes/create-nodes.ts';
import { createDynamoStore, ensureNamespaces, ensureTable } from '../../shared/store/dynamodb.ts';
import { aesSealer } from '../../shared/store/seal.ts';
import { openAccess } from './access.ts';
import { routeTo } from './api-router.ts';
import { localClient } from './dynamodb/client.ts';
import { startDynamoDb } from './dynamodb/host.ts';
import { localKeyRing } from './dynamodb/key-file.ts';
import { every } from './every.ts';
import { type Endpoints, writeEndpoints, writeKubeconfig } from './files.ts';
import { formerPorts } from './former-ports.ts';
import { apis, consumers, discovery, dispatch, ended, functionNamed, sweepNow } from './functions.ts';
import { serveHttps } from './https/serve-https.ts';
import { createStepFunctions } from './stepfunctions/step-functions.ts';
import { systemClock as clock, systemRandom as random } from './system.ts';
import { createTableStream } from './table-stream.ts';
import { createWakeQueue } from './wake-queue.ts';
import { createWorld, type World, type WorldOptions } from './world.ts';

export interface PlaneOptions extends Pick<WorldOptions, 'bootSeconds' | 'log'> {
  /** Where everything is kept: objects, executions, and the state of the fake clouds and nodes. */
  readonly data: string;
  /** Port of the Kubernetes API; 0 or absent: any free one. */
  readonly port?: number;
  /** Seconds that a running instance may take to join its cluster. */
  readonly joinTimeoutSeconds?: number;
  readonly sweepSeconds?: number;
  /** Given where the embedded DynamoDB listens, says where the store reaches it: a measuring instrument may stand between them. */
  dynamoDbThrough?(endpoint: string): Promise<string>;
}

export interface Plane {
  readonly endpoints: Endpoints;
  readonly kubeconfig: string;
  readonly world: World;
  /** State transitions that AWS would bill, since the start. */
  transitions(): number;
  /** Ends what runs, writes what must be kept, and closes all. */
  close(): Promise<void>;
}

/** The name of the table, and the beginning of the names of functions. */
const name = 'plastron';

/** The whole plane in one process: the same handlers and state machines as on AWS, over an embedded DynamoDB and fake clouds. */
export async function startPlane(options: PlaneOptions): Promise<Plane> {
  const { data, log, joinTimeoutSeconds = 1200, sweepSeconds = 15, dynamoDbThrough = async (endpoint) => endpoint } = options;
  mkdirSync(data, { recursive: true });
  const ports = await formerPorts(data);
  const dynamodb = await startDynamoDb({ path: join(data, 'dynamodb'), port: ports.dynamodb });
  const client = localClient(await dynamoDbThrough(dynamodb.endpoint));
  await ensureTable({ client, table: name });
  const sealer = aesSealer(localKeyRing(join(data, 'sealing-keys.json')), random);
  const stream = createTableStream(dispatch, clock, log);
  const store = createDynamoStore({ client, table: name, clock, random, sealer, overlapMs: 0, pollMs: 1000, committed: stream.append });

  const world = await createWorld({ ...options, dataDir: join(data, 'world'), ports, clock, random });
  const access = await openAccess(data, clock, random);
  const queue = createWakeQueue({ consumers, clock, log });
  const stepFunctions = await createStepFunctions({
    machines: Object.fromEntries(stateMachines.map((workflow) => [workflow.name, workflow.definition])),
    substitutions: { Steps: 'steps', CloudSteps: 'clouds' },
    invoke: async (lambda, payload) => functionNamed(lambda)(payload),
    ended: (execution) =>
      void ended(execution).catch((error: unknown) =>
        log.error('could not tell of the end of an execution', { name: execution.name, error: String(error) }),
      ),
    clock,
    random,
    dataDir: join(data, 'executions'),
    port: ports.stepFunctions,
  });
  const sfn = new SFNClient({
    endpoint: stepFunctions.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  const nodes = createNodes({ clock });
  const bootstrap = createTalosBootstrap({ clock, random, serviceAccountKey: 'rsa2048' });
  useHost({
    store,
    sealer,
    queue,
    nodes,
    bootstrap,
    clock,
    random,
    log,
    workflows: sfnWorkflows({ client: sfn, arnOf: stepFunctions.arnOf }),
    authenticate: staticTokens([access.admin]),
    invoke: async (platform, call) => functionNamed(platform === 'steps' ? 'steps' : `clouds-${platform}`)(call),
    endpointOf: world.endpointOf,
    settings: { joinTimeout: joinTimeoutSeconds, pace: { share: 5, atLeast: 1, atMost: 15 }, settling: 2 },
  });
  await ensureNamespaces(store);
  const server = await serveHttps({
    handler: routeTo(apis, discovery),
    host: '127.0.0.1',
    port: options.port ?? ports.api,
    log,
    ...access.serving,
  });

  // Whatever a former process was in the middle of is looked at before anything else.
  await sweepNow('everything');
  const sweeper = every(sweepSeconds * 1000, clock, () => sweepNow('due'), log);

  const endpoints: Endpoints = { api: server.url, stepFunctions: stepFunctions.url, dynamodb: dynamodb.endpoint, ...world.endpoints };
  const kubeconfig = writeKubeconfig(data, server.url, access);
  writeEndpoints(data, endpoints);
  return {
    endpoints,
    kubeconfig,
    world,
    transitions: () => stepFunctions.transitions(),
    async close() {
      await sweeper.close();
      await server.close();
      await queue.close();
      await stepFunctions.close();
      await stream.close();
      await world.close();
      sfn.destroy();
      client.destroy();
      await dynamodb.close();
    },
  };
}
