import { AlreadyExists, Invalid } from '../../errors.ts';
import type { ClusterRef, Provisioner } from '../provisioner.ts';
import { type Api, isDone, throwIfFailed, undefinedIfGone } from './api.ts';
import type { GceConfig } from './config.ts';
import { networkUrl } from './instance.ts';
import { lastPart, requestId, ruleName } from './names.ts';

type Ensured = Awaited<ReturnType<Provisioner['firewall']['ensure']>>;
type Removed = Awaited<ReturnType<Provisioner['firewall']['delete']>>;

/** The Kubernetes API, the Talos API, and trustd, from which joining nodes have their certificates. */
const ports = ['6443', '50000', '50001'];

/** One rule per cluster and project, on the network of the masters, for instances that carry the rule's name as a tag. */
export async function ensureFirewall(api: Api, cluster: ClusterRef, { project, instances }: GceConfig): Promise<Ensured> {
  const name = ruleName(cluster);
  const network = networkUrl(instances);
  const found = await findRule(api, project, name);
  if (found !== undefined) {
    if (lastPart(found.network ?? '') !== lastPart(network)) {
      throw new Invalid(
        `firewall rule ${name} is on network ${lastPart(found.network ?? '')}: masters of one cluster must share a network`,
      );
    }
    return { settled: true, says: `firewall rule ${name} is there`, checkAgainIn: 0 };
  }
  const rule = {
    name,
    description: `Masters of cluster ${cluster.namespace}/${cluster.name}, ${cluster.uid}`,
    network,
    direction: 'INGRESS',
    sourceRanges: ['0.0.0.0/0'],
    allowed: [{ IPProtocol: 'tcp', ports }],
    targetTags: [name],
  };
  const request = { project, requestId: changeKey(api, name, 'insert'), firewallResource: rule };
  const what = `insert firewall rule ${name}`;
  const operation = await api.begin(what, (clients, options) => clients.firewalls.insert(request, options)).catch(undefinedIfThere);
  if (operation !== undefined) throwIfFailed(what, operation);
  return { settled: false, says: `waits for firewall rule ${name}`, checkAgainIn: 1 };
}

export async function removeFirewall(api: Api, cluster: ClusterRef, { project }: GceConfig): Promise<Removed> {
  const name = ruleName(cluster);
  if ((await findRule(api, project, name)) === undefined) return { gone: true, says: `there is no firewall rule ${name}`, checkAgainIn: 0 };
  const request = { project, firewall: name, requestId: changeKey(api, name, 'delete') };
  const what = `delete firewall rule ${name}`;
  const operation = await api.begin(what, (clients, options) => clients.firewalls.delete(request, options)).catch(undefinedIfGone);
  if (operation !== undefined) throwIfFailed(what, operation);
  return { gone: false, says: `waits for firewall rule ${name} to go`, checkAgainIn: operation && isDone(operation) ? 0 : 1 };
}

const findRule = (api: Api, project: string, name: string) =>
  api.find(`get firewall rule ${name}`, (clients, options) => clients.firewalls.get({ project, firewall: name }, options));

function undefinedIfThere(error: unknown): undefined {
  if (!(error instanceof AlreadyExists)) throw error;
}

/** The same for a minute, so that repeated calls find their one operation while it runs. */
const changeKey = (api: Api, name: string, change: string): string =>
  requestId('firewall', name, change, Math.floor(api.clock.now() / 60_000));
