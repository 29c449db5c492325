import type { Cluster } from '../kinds/cluster/model.ts';
import { secret } from '../kinds/core/secret.ts';
import type { ObjectName } from '../kinds/object.ts';
import type { Store } from '../store/store.ts';

/** Names of a cluster's Secrets, as Sidero's providers and Cluster API name them. */
export const secretsOf = (cluster: Pick<Cluster, 'name'>) => ({
  /** The secrets bundle, key `bundle`. */
  bundle: `${cluster.name}-talos`,
  /** Opens the nodes' Talos API, key `talosconfig`. */
  talosconfig: `${cluster.name}-talosconfig`,
  /** Opens the Kubernetes API, key `value`. */
  kubeconfig: `${cluster.name}-kubeconfig`,
});

interface StorePort {
  readonly store: Store;
}

export const toSecretData = (texts: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, Buffer.from(text).toString('base64')]));

/** The text under a key of a Secret; undefined when there is no such Secret or key. */
export async function secretText(name: ObjectName, key: string, { store }: StorePort): Promise<string | undefined> {
  const value = (await store.get(secret, name))?.data?.[key];
  return value === undefined ? undefined : Buffer.from(value, 'base64').toString();
}

export const bundleOf = (cluster: Cluster, ports: StorePort): Promise<string | undefined> =>
  secretText({ namespace: cluster.namespace, name: secretsOf(cluster).bundle }, 'bundle', ports);

export const kubeconfigOf = (cluster: Pick<Cluster, 'namespace' | 'name'>, ports: StorePort): Promise<string | undefined> =>
  secretText({ namespace: cluster.namespace, name: secretsOf(cluster).kubeconfig }, 'value', ports);

export const talosconfigOf = (cluster: Pick<Cluster, 'namespace' | 'name'>, ports: StorePort): Promise<string | undefined> =>
  secretText({ namespace: cluster.namespace, name: secretsOf(cluster).talosconfig }, 'talosconfig', ports);
