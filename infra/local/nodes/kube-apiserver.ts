import { serveHttps } from '../https/serve-https.ts';
import type { Door } from './door.ts';
import { serverCertificate } from './server-certificate.ts';
import type { Workload } from './workload.ts';
import type { RunningMachine, World } from './world.ts';

/** Serves the Kubernetes API of a control-plane machine at its address; clients show a certificate of the cluster's authority. */
export async function openKubeApiserver(world: World, machine: RunningMachine, address: string, workload: Workload): Promise<Door> {
  const { certSANs, cluster } = machine.boot.config;
  const authority = cluster.ca ?? { certificate: '', key: undefined };
  const endpoint = new URL(cluster.endpoint).hostname.replace(/^\[|\]$/g, '');
  const inside = ['kubernetes', 'kubernetes.default', 'kubernetes.default.svc', `kubernetes.default.svc.${cluster.network.dnsDomain}`];
  const own = await serverCertificate(world, machine, authority, [...certSANs, ...cluster.apiServerCertSANs, endpoint, address, ...inside]);
  const server = await serveHttps({
    ...own,
    handler: workload.api,
    ...world.reach(address, cluster.localApiServerPort),
    clientCa: authority.certificate,
    log: world.log,
  });
  return { address, url: server.url, close: () => server.close() };
}
