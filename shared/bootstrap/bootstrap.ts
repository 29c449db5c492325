import type { Clock, Random } from '../ports.ts';

/**
 * What machines boot with. A provisioner gets the rendered text and knows nothing of its content;
 * a bootstrap knows nothing of clouds. Talos is one implementation.
 */
export interface Bootstrap {
  /** A cluster's secrets, made once in its life: text to be stored in a Secret (`<cluster>-talos`, key `bundle`). */
  createSecrets(): Promise<string>;
  /** The user data of one machine. Throws Invalid, naming the field, for what no node would accept. */
  renderMachine(secrets: string, machine: BootstrapMachine): string;
  /** The file that opens the nodes' own API, and the one that opens the cluster's Kubernetes API. */
  clientConfig(secrets: string, cluster: BootstrapCluster): Promise<ClientConfig>;
}

export interface BootstrapOptions {
  readonly clock: Clock;
  readonly random: Random;
}

export interface BootstrapCluster {
  readonly name: string;
  /** `https://203.0.113.10:6443` */
  readonly endpoint: string;
  /** All addresses of control-plane machines, in order. */
  readonly masterAddresses: readonly string[];
  readonly podSubnets: readonly string[];
  readonly serviceSubnets: readonly string[];
  readonly dnsDomain: string;
}

export interface BootstrapMachine {
  readonly cluster: BootstrapCluster;
  readonly role: 'master' | 'worker';
  /** Name and uid of the Machine; both go into `machine.nodeAnnotations`, so that its Node can be told. */
  readonly name: string;
  readonly uid: string;
  /** `1.35.2` or `v1.35.2`; the default of this Talos version if absent. */
  readonly kubernetesVersion?: string;
  /** `v1.13` by default. */
  readonly talosVersion?: string;
  /** Strategic merge patches, YAML texts, in order. */
  readonly patches?: readonly string[];
}

export interface ClientConfig {
  readonly talosconfig: string;
  readonly kubeconfig: string;
  /** When the client certificates end, ms since 1970. */
  readonly expiresAt: number;
}

/** The annotations of a Node that say whose it is, from the moment when it joins. */
export const machineUidAnnotation = 'plastron.dev/machine-uid';
export const machineNameAnnotation = 'plastron.dev/machine-name';
