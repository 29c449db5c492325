import { sequence, until } from '../workflow.ts';

/** What a cluster's machines need, and the one bootstrap of its etcd. */
export const createCluster = sequence(
  'create-cluster',
  [
    until('EnsureSecrets', { comment: 'Makes the secrets bundle, once in the life of the Cluster' }),
    until('PublishAccess', { comment: 'Publishes kubeconfig and talosconfig' }),
    until('BootstrapEtcd', { comment: 'Bootstraps etcd on one master, once in the life of the Cluster' }),
  ],
  { comment: 'Makes the secrets of one Cluster, publishes how to reach it, and bootstraps its etcd once.' },
);

/** Workers, masters, what is left in the clouds, secrets, in that order. Nothing is drained when everything goes. */
export const teardownCluster = sequence(
  'teardown-cluster',
  [
    until('DeleteWorkers', { comment: 'Deletes MachineDeployments, MachineSets and workers' }),
    until('DeleteMasters', { comment: 'Deletes the masters together: etcd goes with its Cluster' }),
    until('EmptyClouds', { comment: 'Starts empty-cloud for each cloud, and waits for all' }),
    until('DeleteSecrets', { comment: 'Deletes what was made to reach the Cluster' }),
    until('ForgetCluster', { comment: 'Nothing is left in the world: lets the Cluster go' }),
  ],
  { comment: 'Deletes everything that was made for one Cluster, and lets it go.' },
);

/** One cloud of a cluster that goes: `teardown-cluster` starts one for each. */
export const emptyCloud = sequence(
  'empty-cloud',
  [until('EmptyCloud', { cloud: true, comment: 'Deletes instances and firewall, and looks twice' })],
  { comment: 'Deletes what is left of one Cluster in one cloud, and looks twice.' },
);
