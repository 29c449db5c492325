import { AlreadyExists, Invalid } from '../../errors.ts';
import type { Cluster } from '../../kinds/cluster/model.ts';
import { secret } from '../../kinds/core/secret.ts';
import { keys } from '../../kinds/fields.ts';
import type { ObjectMeta } from '../../kinds/object.ts';
import { secretsOf, toSecretData } from '../secrets.ts';
import { type StepPorts, settled } from '../step.ts';
import { creating } from './of-cluster.ts';

/** Makes the cluster's secrets bundle, once in its life: every config and certificate descends from it. */
export const ensureSecrets = creating<StepPorts>(async ({ cluster }, _input, ports) => {
  const name = secretsOf(cluster).bundle;
  const existing = await ports.store.get(secret, { namespace: cluster.namespace, name });
  if (existing !== undefined) {
    // One that the user brought is taken as it is; one of a namesake that is gone is not.
    const owner = existing.metadata.ownerReferences?.find(({ kind }) => kind === 'Cluster');
    if (owner !== undefined && owner.uid !== cluster.uid)
      throw new Invalid(`Secret ${name} is of another Cluster of this name: it must go first`);
    return settled(`Secret ${name} exists`);
  }
  if (cluster.status.secretsReady)
    throw new Invalid(`Secret ${name} is gone: put it back from a backup, since a new one would open nothing of this cluster`);
  const bundle = await ports.bootstrap.createSecrets();
  try {
    await ports.store.create(secret, {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: ownedBy(cluster, name),
      type: 'cluster.k8s.io/secrets-bundle',
      data: toSecretData({ bundle }),
    });
  } catch (error) {
    // Another try of this step was quicker: its bundle is the cluster's.
    if (!(error instanceof AlreadyExists)) throw error;
  }
  return settled(`made the secrets bundle, in Secret ${name}`);
});

/** Metadata of what belongs to a cluster and goes with it. */
export const ownedBy = (cluster: Cluster, name: string): ObjectMeta => ({
  name,
  namespace: cluster.namespace,
  labels: { [keys.clusterName]: cluster.name },
  ownerReferences: [{ apiVersion: 'cluster.k8s.io/v1alpha1', kind: 'Cluster', name: cluster.name, uid: cluster.uid, controller: true }],
});
