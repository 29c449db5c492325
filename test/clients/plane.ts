import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Context, DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';
import { admit, unknownFields } from '../../functions/platforms.ts';
import { serveHttps } from '../../infra/local/https/serve-https.ts';
import { kubeconfigText } from '../../infra/local/kubectl/kubeconfig.ts';
import { type Kubectl, kubectl } from '../../infra/local/kubectl/kubectl.ts';
import { createTableStream } from '../../infra/local/table-stream.ts';
import { createApi } from '../../shared/api/api.ts';
import { staticTokens } from '../../shared/api/authenticate/static.ts';
import { ensureDefaultRoles } from '../../shared/api/authorize/ensure-default-roles.ts';
import { rbac } from '../../shared/api/authorize/rbac.ts';
import { generatedFor } from '../../shared/api/generated.ts';
import { kindNamed, kinds } from '../../shared/kinds/index.ts';
import { collectDoor } from '../../shared/lambda/collect.ts';
import { type Host, useHost } from '../../shared/lambda/host.ts';
import type { Clock, Log, Random } from '../../shared/ports.ts';
import { createMemoryStore } from '../../shared/store/memory.ts';
import { ensureNamespaces } from '../../shared/store/namespaces.ts';
import { concernsCollector, type StreamRecord } from '../../shared/store/record.ts';
import { aesSealer, type Key, type Sealer } from '../../shared/store/seal.ts';
import type { Store } from '../../shared/store/store.ts';
import { seededRandom } from '../clock.ts';
import { createAuthority } from '../local/https/certificates.ts';
import { isKept, lineOf } from './request-line.ts';

export interface Plane {
  readonly kubectl: Kubectl;
  /** Runs a command that has to succeed; says what it printed. Arguments are separated by blanks. */
  succeed(args: string, stdin?: string): Promise<string>;
  /** The status of a Machine in `default`, as the reconciler would write it. */
  writeStatus(name: string, status: Record<string, unknown>): Promise<void>;
  readonly store: Store;
  /** Opens the plane for any client. */
  readonly kubeconfig: string;
  /** `https://127.0.0.1:40123` */
  readonly server: string;
  /** What was asked since the last call of this: discovery and OpenAPI left out, since clients keep them. */
  requests(): string[];
  close(): Promise<void>;
}

const realClock: Clock = {
  now: Date.now,
  sleep: async (ms, signal) => {
    // An abort ends the sleep; it does not reject.
    await sleep(ms, undefined, { signal }).catch(() => {});
  },
};

const errorsOnly: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: (sentence, fields) => console.error(sentence, fields) };

const collect = collectDoor();

function sealerOf(random: Random): Sealer {
  const key: Key = { id: 'test', bytes: random.bytes(32) };
  return aesSealer({ current: () => key, byId: () => key }, random);
}

export interface PlaneOptions {
  /** Seconds after which every watch ends. */
  readonly longestWatch?: number;
  /** ms for which deletions can be heard of. */
  readonly tombstoneMs?: number;
}

/** The API over HTTPS with the memory store and the collector, and a real kubectl that opens it. No reconciler runs. */
export async function startPlane({ longestWatch, tombstoneMs }: PlaneOptions = {}): Promise<Plane> {
  const clock = realClock;
  const random = seededRandom(Date.now());
  const sealer = sealerOf(random);
  const deliver = async (records: DynamoDBStreamEvent): Promise<DynamoDBBatchResponse> => {
    // A test may have several planes.
    useHost({ store, clock, sealer, log: errorsOnly } as unknown as Host);
    return (await collect(records, {} as Context)) ?? { batchItemFailures: [] };
  };
  const ends = createTableStream(deliver, clock, errorsOnly);
  const committed = (record: StreamRecord): void => {
    if (concernsCollector(record)) ends.append(record);
  };
  const store = createMemoryStore({ clock, random, sealer, committed, ...(tombstoneMs && { tombstoneMs }) });
  await ensureNamespaces(store);
  await ensureDefaultRoles(store);
  const token = 'a-token-for-this-test';
  const authenticate = staticTokens([{ token, user: 'tester', groups: ['system:masters'] }]);
  const ports = { clock, random, log: errorsOnly, authenticate, ...rbac(store, { clock }) };
  const api = createApi({
    kinds,
    store,
    ...ports,
    admit,
    unknownFields,
    generated: generatedFor(kinds, ports),
    ...(longestWatch && { longestWatch }),
  });
  const asked: string[] = [];
  const handler = (request: Request): Promise<Response> => {
    if (!isKept(request)) asked.push(lineOf(request));
    return api(request);
  };
  const authority = await createAuthority('plastron test');
  const server = await serveHttps({
    ...(await authority.server()),
    host: '127.0.0.1',
    port: 0,
    log: errorsOnly,
    handler,
  });
  const folder = mkdtempSync(join(tmpdir(), 'plastron-clients-'));
  const kubeconfig = join(folder, 'kubeconfig');
  writeFileSync(kubeconfig, kubeconfigText({ name: 'test', server: server.url, certificateAuthority: authority.cert, token }));
  const client = kubectl({ kubeconfig });
  return {
    kubectl: client,
    store,
    kubeconfig,
    server: server.url,
    requests: () => asked.splice(0),
    async succeed(args, stdin) {
      const { code, stdout, stderr } = await client.run(args.split(' '), stdin);
      if (code !== 0) throw new Error(`kubectl ${args} ended with ${code}: ${stderr}`);
      return stdout + stderr;
    },
    async writeStatus(name, status) {
      const kind = kindNamed('cluster.k8s.io', 'Machine')!;
      const live = await store.get(kind, { namespace: 'default', name });
      await store.update(kind, { ...live!, status });
    },
    async close() {
      await server.close();
      await ends.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
