import { type Client, createClient } from '@connectrpc/connect';
import { createGrpcTransport, Http2SessionManager } from '@connectrpc/connect-node';
import type { PoweredMachine } from '../../../infra/local/clouds/node-host.ts';
import { silentLog } from '../../../infra/local/log.ts';
import { createNodeHost, type FakeNodes, type NodeHostOptions } from '../../../infra/local/nodes/host.ts';
import { systemClock } from '../../../infra/system.ts';
import type { BootstrapCluster, ClientConfig } from '../../../shared/bootstrap/bootstrap.ts';
import { createTalosBootstrap } from '../../../shared/bootstrap/talos/talos-bootstrap.ts';
import { createNodes } from '../../../shared/nodes/create-nodes.ts';
import type { KubernetesApi, TalosApi } from '../../../shared/nodes/nodes.ts';
import { MachineService } from '../../../shared/nodes/talos/gen/machine/machine_pb.js';
import { parseTalosconfig } from '../../../shared/nodes/talos/talosconfig.ts';
import { seededRandom } from '../../clock.ts';

/** Sockets do not wait for a virtual clock: these tests live in real time, and are quick. */
const random = seededRandom(process.pid);
const bootstrap = createTalosBootstrap({ clock: systemClock, random, serviceAccountKey: 'ec' });
const quick = { criMs: 5, etcdMs: 10, cniMs: 10, unreachableMs: 50, podStopMs: 10 };

/** No two tests that run at the same time share an address: each process has a /16 of loopback of its own. */
let addresses = 0;
export const nextAddress = (): string => {
  addresses += 1;
  return `127.${2 + (process.pid % 60)}.${Math.floor(process.pid / 60) % 250}.${addresses}`;
};

export const startHost = (options: Partial<NodeHostOptions> = {}): FakeNodes =>
  createNodeHost({ clock: systemClock, random, log: silentLog, bootMs: 5, paces: quick, ...options });

/** The files and machines of one Talos cluster. */
export interface TestCluster extends ClientConfig {
  readonly secrets: string;
  readonly addresses: readonly string[];
  master(index: number, patches?: readonly string[]): PoweredMachine;
  worker(name: string, patches?: readonly string[]): PoweredMachine;
}

let machines = 0;

export async function newCluster(masters = 1, name = 'talos-gce'): Promise<TestCluster> {
  const masterAddresses = Array.from({ length: masters }, nextAddress);
  const cluster: BootstrapCluster = {
    name,
    endpoint: `https://${masterAddresses[0]}:6443`,
    masterAddresses,
    podSubnets: ['10.244.0.0/16'],
    serviceSubnets: ['10.96.0.0/12'],
    dnsDomain: 'cluster.local',
  };
  const secrets = await bootstrap.createSecrets();
  const render = (role: 'master' | 'worker', machine: string, patches: readonly string[] = []) =>
    bootstrap.renderMachine(secrets, { cluster, role, name: machine, uid: `uid-of-${machine}`, kubernetesVersion: '1.35.2', patches });
  return {
    ...(await bootstrap.clientConfig(secrets, cluster)),
    secrets,
    addresses: masterAddresses,
    master(index, patches) {
      const instanceName = `${name}-master-${index}`;
      machines += 1;
      return {
        cloud: 'gce',
        id: String(7_000_000 + machines),
        instanceName,
        hostname: instanceName,
        privateAddress: `10.128.0.${10 + machines}`,
        externalAddress: masterAddresses[index]!,
        userData: render('master', instanceName, patches),
        bootedAt: systemClock.now(),
      };
    },
    worker(instanceName, patches) {
      machines += 1;
      return {
        cloud: 'aws',
        id: `i-${machines}`,
        instanceName,
        hostname: `ip-172-31-36-${machines}`,
        privateAddress: `172.31.36.${machines}`,
        userData: render('worker', instanceName, patches),
        bootedAt: systemClock.now(),
      };
    },
  };
}

const nodes = createNodes({ clock: systemClock });
export const closeClients = (): void => nodes.close();
export const talosOf = (cluster: TestCluster, index = 0): TalosApi => nodes.talos(cluster.talosconfig, cluster.addresses[index]!);
export const kubernetesOf = (cluster: TestCluster): KubernetesApi => nodes.kubernetes(cluster.kubeconfig);

/** Asks until the answer is true (what throws is not true yet); fails after five seconds with what it last saw. */
export async function eventually<T>(ask: () => Promise<T> | T, isSo: (answer: T) => boolean = Boolean): Promise<T> {
  const end = Date.now() + 5_000;
  for (;;) {
    const seen = await Promise.resolve()
      .then(ask)
      .then(
        (answer) => ({ answer, so: isSo(answer) }),
        (error: unknown) => ({ answer: error as T, so: false }),
      );
    if (seen.so) return seen.answer;
    if (Date.now() > end)
      throw new Error(`it never came; last seen: ${seen.answer instanceof Error ? seen.answer : JSON.stringify(seen.answer)}`);
    await systemClock.sleep(10);
  }
}

/** Switches the first master on and bootstraps its etcd. */
export async function bootFirstMaster(host: FakeNodes, cluster: TestCluster): Promise<PoweredMachine> {
  const master = cluster.master(0);
  host.powerOn(master);
  await eventually(() => talosOf(cluster).bootstrap());
  await eventually(
    () => readyNodes(cluster),
    (names) => names.includes(master.hostname),
  );
  return master;
}

export async function readyNodes(cluster: TestCluster): Promise<string[]> {
  const all = await kubernetesOf(cluster).listNodes();
  const ready = all.filter(({ status }) => status.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True'));
  return ready.map(({ metadata }) => metadata.name);
}

/** A call of the Talos API that Plastron itself never makes. */
export async function reach<T>(cluster: TestCluster, call: (machine: Client<typeof MachineService>) => Promise<T>): Promise<T> {
  const { ca, cert, key } = parseTalosconfig(cluster.talosconfig);
  const baseUrl = `https://${cluster.addresses[0]}:50000`;
  const sessionManager = new Http2SessionManager(baseUrl, {}, { ca, cert, key });
  try {
    return await call(createClient(MachineService, createGrpcTransport({ baseUrl, sessionManager })));
  } finally {
    sessionManager.abort();
  }
}
