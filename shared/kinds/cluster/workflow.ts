import { sequence, until } from '../workflow.ts';

/** What a cluster's machines need, and the one bootstrap of its etcd. */
export const createCluster = sequence('create-cluster', [until('EnsureSecrets'), until('PublishAccess'), until('BootstrapEtcd')], {
  comment: 'Makes the secrets of one Cluster, publishes how to reach it, and bootstraps its etcd once.',
});

/** Workers, masters, what is left in the clouds, secrets, in that order. Nothing is drained when everything goes. */
export const teardownCluster = sequence(
  'teardown-cluster',
  [until('DeleteWorkers'), until('DeleteMasters'), until('EmptyClouds'), until('DeleteSecrets'), until('ForgetCluster')],
  { comment: 'Deletes everything that was made for one Cluster, and lets it go.' },
);

/** One cloud of a cluster that goes: `teardown-cluster` starts one for each. */
export const emptyCloud = sequence('empty-cloud', [until('EmptyCloud', { cloud: true })], {
  comment: 'Deletes what is left of one Cluster in one cloud, and looks twice.',
});
