import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SFNClient } from '@aws-sdk/client-sfn';
import { Conflict, NotFound } from '../../shared/errors.ts';
import type { Clock, Random } from '../../shared/ports.ts';
import { createDynamoStore, ensureNamespaces, ensureTable } from '../../shared/store/dynamodb.ts';
import { aesSealer } from '../../shared/store/seal.ts';
import { localClient } from '../local/dynamodb/client.ts';
import { type DynamoDb, startDynamoDb } from '../local/dynamodb/host.ts';
import { localKeyRing } from '../local/dynamodb/key-file.ts';
import type { Endpoints } from '../local/files.ts';
import { restore } from '../local/stepfunctions/executions/restore.ts';
import type { Place } from './place.ts';
import { runningExecutions } from './running-executions.ts';

interface OpenPorts {
  readonly clock: Clock;
  readonly random: Random;
}

/** For how long a plane on this machine must be quiet, ms: here a reconcile takes some tens of milliseconds. */
const quietMs = 2_000;

/** A plane on this machine that is left. If it runs it goes on running: its executions must come to their end. */
export async function openLocalSource(data: string, ports: OpenPorts): Promise<Place> {
  if (!existsSync(join(data, 'dynamodb')))
    throw new NotFound(`${data} has no plane: name the directory that "npm start" was given (--data)`);
  const dynamodb = await startDynamoDb({ path: join(data, 'dynamodb') }).catch((error: unknown) => {
    if (error instanceof Error && error.message.includes('is in use by another plastron process')) return undefined;
    throw error;
  });
  if (dynamodb === undefined) return openRunning(data, ports);
  return openStopped(data, dynamodb, ports, async () => {});
}

/**
 * A plane on this machine that is moved to, made if there is none. It must not run: its watches would miss what is written past it, and
 * when it starts it looks at everything anyway.
 */
export async function openLocalTarget(data: string, ports: OpenPorts): Promise<Place> {
  const dynamodb = await startDynamoDb({ path: join(data, 'dynamodb') });
  return openStopped(data, dynamodb, ports, async ({ client, table, store }) => {
    await ensureTable({ client, table });
    await ensureNamespaces(store);
  });
}

type OpenStore = ReturnType<typeof openStore>;

async function openStopped(
  data: string,
  dynamodb: DynamoDb,
  ports: OpenPorts,
  prepare: (opened: OpenStore) => Promise<void>,
): Promise<Place> {
  try {
    const opened = openStore(data, dynamodb.endpoint, ports);
    await prepare(opened);
    return {
      describe: `the plane in ${data}`,
      store: opened.store,
      quietMs: 0,
      running: async () => unfinished(join(data, 'executions', 'executions.jsonl')),
      async close() {
        opened.client.destroy();
        await dynamodb.close();
      },
    };
  } catch (error) {
    // Its thread would keep the process alive.
    await dynamodb.close();
    throw error;
  }
}

/** Its directory is locked by the process that runs it, which says where it listens. */
function openRunning(data: string, ports: OpenPorts): Place {
  const path = join(data, 'endpoints.json');
  if (!existsSync(path)) throw new Conflict(`the plane in ${data} is just starting: wait until it says "ready"`);
  const endpoints = JSON.parse(readFileSync(path, 'utf8')) as Endpoints;
  const { client, store } = openStore(data, endpoints.dynamodb, ports);
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const stepFunctions = new SFNClient({ endpoint: endpoints.stepFunctions, region: 'us-east-1', credentials });
  return {
    describe: `the running plane in ${data}`,
    store,
    quietMs,
    running: () => runningExecutions(stepFunctions, ''),
    async close() {
      stepFunctions.destroy();
      client.destroy();
    },
  };
}

function openStore(data: string, endpoint: string, { clock, random }: OpenPorts) {
  const client = localClient(endpoint);
  const table = 'plastron';
  const sealer = aesSealer(localKeyRing(join(data, 'sealing-keys.json')), random);
  const store = createDynamoStore({ client, table, clock, random, sealer, overlapMs: 10_000, pollMs: 1_000 });
  return { client, table, store };
}

/** What the journal of a stopped plane leaves open. It is only read: whoever opened it as its owner would have to go on with it. */
function unfinished(journal: string): string[] {
  if (!existsSync(journal)) return [];
  const lines = readFileSync(journal, 'utf8').split('\n').slice(0, -1);
  return restore(lines)
    .entries.filter(({ ended }) => ended === undefined)
    .map(({ start }) => start.name);
}
