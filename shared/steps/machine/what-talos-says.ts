import type { Cluster } from '../../kinds/cluster/model.ts';
import { talosconfigOf } from '../secrets.ts';
import type { StepPorts } from '../step.ts';
import type { MachineAtHand } from './of-machine.ts';

/** One sentence on what the machine's Talos API answers, for a person who wonders why no Node came. Never throws. */
export async function whatTalosSays({ machine }: MachineAtHand, cluster: Cluster, ports: StepPorts): Promise<string> {
  const address = (type: string) => machine.status.addresses?.find((a) => a.type === type)?.address;
  const own = address('ExternalIP') ?? address('InternalIP');
  if (own === undefined) return 'the machine has no address, so its Talos API cannot be asked';
  const talosconfig = await talosconfigOf(cluster, ports);
  if (talosconfig === undefined) return `Secret ${cluster.name}-talosconfig is gone, so its Talos API cannot be asked`;
  // Masters answer themselves; workers are reached through one, by the address under which the cluster knows them.
  const endpoint = machine.role === 'master' ? own : cluster.masterAddresses[0];
  const node = machine.role === 'master' ? undefined : (address('InternalIP') ?? own);
  if (endpoint === undefined) return 'the cluster has no master to ask its Talos API';
  const talos = ports.nodes.talos(talosconfig, endpoint);
  try {
    const services = await talos.services(node);
    const bad = services.filter((service) => service.healthy === false || service.state !== 'Running');
    if (bad.length === 0) return 'its Talos API answers that all services run';
    return `its Talos API answers: ${bad.map((s) => `${s.id} is ${s.state}${s.message === '' ? '' : ` (${s.message})`}`).join('; ')}`;
  } catch (error) {
    return `its Talos API answers: ${error instanceof Error ? error.message : String(error)}`;
  } finally {
    talos.close();
  }
}
