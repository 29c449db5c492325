import { createHash } from 'node:crypto';
import type { Clock } from '../ports.ts';
import { connectKubernetes } from './kubernetes/client.ts';
import { type KubernetesCredentials, parseKubeconfig } from './kubernetes/kubeconfig.ts';
import type { Nodes, Reach } from './nodes.ts';
import { createPool } from './pool.ts';
import { connectTalos, type TalosTarget } from './talos/client.ts';
import { parseTalosconfig } from './talos/talosconfig.ts';

/** How long a connection that nobody uses stays open. */
const idleMs = 60_000;

export interface NodesOptions {
  readonly clock: Clock;
  readonly reach?: Reach;
}

const asItIs: Reach = (host, port) => ({ host, port });

/**
 * Reaches nodes over the network, with mutual TLS. Opening is cheap: connections are shared by all who open the same
 * file and endpoint, and stay open for a minute after the last of them has closed.
 */
export function createNodes({ clock, reach = asItIs }: NodesOptions): Nodes & { close(): void } {
  const talos = createPool({ clock, idleMs, connect: (target: TalosTarget) => connectTalos(target, reach) });
  const kubernetes = createPool({ clock, idleMs, connect: (target: KubernetesCredentials) => connectKubernetes(target, reach) });
  return {
    talos: (talosconfig, endpoint) =>
      talos.open(digest(talosconfig, endpoint), () => ({ credentials: parseTalosconfig(talosconfig), endpoint })),
    kubernetes: (kubeconfig) => kubernetes.open(digest(kubeconfig), () => parseKubeconfig(kubeconfig)),
    close() {
      talos.close();
      kubernetes.close();
    },
  };
}

/** The files hold private keys: they are not kept as keys of a map. */
const digest = (...texts: string[]): string => createHash('sha256').update(texts.join('\0')).digest('base64');
