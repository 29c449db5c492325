import { NotFound } from '../../errors.ts';
import { cluster as clusterKind } from '../../kinds/cluster/kind.ts';
import { configMap } from '../../kinds/core/config-map.ts';
import { secret } from '../../kinds/core/secret.ts';
import type { Kind } from '../../kinds/define-kind.ts';
import { keys, systemNamespace } from '../../kinds/fields.ts';
import type { KubeObject } from '../../kinds/object.ts';
import { beginDeletion, storeOrRemove } from '../../reconcile/deletion.ts';
import { type StepPorts, settled } from '../step.ts';
import { tearingDown } from './of-cluster.ts';
import { clusterUidLabel } from './publish-access.ts';

/** Deletes the Secrets that were made for the cluster, and the ConfigMaps of the seed: by label, since owners do not reach across namespaces. */
export const deleteSecrets = tearingDown<StepPorts>(async ({ cluster }, _input, ports) => {
  const secrets = await ports.store.ofCluster(secret, cluster.namespace, cluster.name);
  const maps = await ports.store.ofCluster(configMap, systemNamespace, cluster.name);
  const ours = secrets.filter(({ metadata }) => metadata.ownerReferences?.some(({ uid }) => uid === cluster.uid));
  const published = maps.filter(({ metadata }) => metadata.labels?.[clusterUidLabel] === cluster.uid);
  await deleteAll(secret, ours, ports);
  await deleteAll(configMap, published, ports);
  return settled(`deleted ${ours.length} Secrets and ${published.length} ConfigMaps`);
});

/** The last step: nothing is left in the world, so the Cluster itself may go. */
export const forgetCluster = tearingDown<StepPorts>(async ({ object, cluster }, _input, ports) => {
  const finalizers = cluster.finalizers.filter((finalizer) => finalizer !== keys.clusterFinalizer);
  await storeOrRemove(ports.store, clusterKind, { ...object, metadata: { ...object.metadata, finalizers } }, ports.clock.now());
  return settled(finalizers.length === 0 ? 'the Cluster is gone' : `the Cluster waits for ${finalizers.join(', ')}`);
});

async function deleteAll<T extends KubeObject>(kind: Kind<T>, objects: readonly T[], { store, clock }: StepPorts): Promise<void> {
  for (const object of objects)
    await beginDeletion(store, kind, object, clock.now()).catch((error: unknown) => {
      if (!(error instanceof NotFound)) throw error;
    });
}
