import { AlreadyExists } from '../../errors.ts';
import type { Cluster } from '../../kinds/cluster/model.ts';
import { withCondition } from '../../kinds/conditions.ts';
import { configMap } from '../../kinds/core/config-map.ts';
import { type SecretObject, secret } from '../../kinds/core/secret.ts';
import { keys, systemNamespace } from '../../kinds/fields.ts';
import { timestamp } from '../../kinds/object.ts';
import { toBootstrapCluster } from '../machine/render-bootstrap.ts';
import { bundleOf, secretsOf, toSecretData } from '../secrets.ts';
import { type StepPorts, settled, waiting } from '../step.ts';
import { ownedBy } from './ensure-secrets.ts';
import { creating, note } from './of-cluster.ts';

/** Whose a ConfigMap in the system's namespace is: owners do not reach across namespaces. */
export const clusterUidLabel = 'plastron.dev/cluster-uid';

/** Publishes how the cluster is reached: kubeconfig and talosconfig as Secrets, and as the seed reads it, in ConfigMaps. */
export const publishAccess = creating<StepPorts>(async (at, _input, ports) => {
  const { cluster } = at;
  const bundle = await bundleOf(cluster, ports);
  if (bundle === undefined) return waiting(`Secret ${secretsOf(cluster).bundle} is gone: the cluster cannot be made without it`, 15);
  const access = await ports.bootstrap.clientConfig(bundle, toBootstrapCluster(cluster));
  const names = secretsOf(cluster);
  await writeSecret(cluster, names.talosconfig, { talosconfig: access.talosconfig }, ports);
  await writeSecret(cluster, names.kubeconfig, { value: access.kubeconfig }, ports);
  const taken = await publishForSeed(cluster, access.talosconfig, ports);
  const condition =
    taken.length === 0
      ? { type: 'TalosconfigPublished', status: 'True' as const, reason: 'Published', message: `in ConfigMaps of ${systemNamespace}` }
      : {
          type: 'TalosconfigPublished',
          status: 'False' as const,
          reason: 'NameTaken',
          message: `ConfigMap ${taken.join(', ')} in ${systemNamespace} is of another Cluster of this name: read Secret ${names.talosconfig} instead`,
        };
  await note(
    at,
    ({ conditions }) => ({
      secretsReady: true,
      publishedGeneration: cluster.generation,
      expiresAt: timestamp(access.expiresAt),
      conditions: withCondition(conditions, condition, ports.clock.now()),
    }),
    'loud',
    ports,
  );
  return settled(`published Secrets ${names.kubeconfig} and ${names.talosconfig}`);
});

async function writeSecret(cluster: Cluster, name: string, texts: Record<string, string>, { store }: StepPorts): Promise<void> {
  const fresh: SecretObject = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: ownedBy(cluster, name),
    type: 'cluster.k8s.io/secret',
    data: toSecretData(texts),
  };
  const existing = await store.get(secret, { namespace: cluster.namespace, name });
  if (existing === undefined) await store.create(secret, fresh);
  else await store.update(secret, { ...existing, ...fresh, metadata: { ...existing.metadata, ...fresh.metadata } });
}

/** One ConfigMap for each master, as the seed system made them. Returns the names that another cluster has. */
async function publishForSeed(cluster: Cluster, talosconfig: string, ports: StepPorts): Promise<string[]> {
  const taken: string[] = [];
  for (const i of cluster.masterAddresses.keys()) {
    const name = `${cluster.name}-master-${i}`;
    if (!(await publishConfigMap(cluster, name, talosconfig, ports))) taken.push(name);
  }
  return taken;
}

async function publishConfigMap(
  cluster: Cluster,
  name: string,
  talosconfig: string,
  { store }: Pick<StepPorts, 'store'>,
): Promise<boolean> {
  const labels = { [keys.clusterName]: cluster.name, [clusterUidLabel]: cluster.uid, [keys.sensitive]: 'true' };
  const existing = await store.get(configMap, { namespace: systemNamespace, name });
  if (existing !== undefined && existing.metadata.labels?.[clusterUidLabel] !== cluster.uid) return false;
  try {
    if (existing === undefined)
      await store.create(configMap, {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name, namespace: systemNamespace, labels },
        data: { talosconfig },
      });
    else if (existing.data?.talosconfig !== talosconfig || !(keys.sensitive in (existing.metadata.labels ?? {})))
      // Whoever may write ConfigMaps could have made it, or unlabelled it: it is hidden before it holds a key.
      await store.update(configMap, {
        ...existing,
        metadata: { ...existing.metadata, labels: { ...existing.metadata.labels, ...labels } },
        data: { ...existing.data, talosconfig },
      });
    return true;
  } catch (error) {
    if (error instanceof AlreadyExists) return publishConfigMap(cluster, name, talosconfig, { store });
    throw error;
  }
}
