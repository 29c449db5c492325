import type { Cluster } from '../../../shared/kinds/cluster/model.ts';
import { keys } from '../../../shared/kinds/fields.ts';

/** A Cluster that was just applied. */
export const aClusterModel = (more: Partial<Cluster> = {}): Cluster => ({
  namespace: 'default',
  name: 'c',
  uid: 'c-uid',
  generation: 1,
  finalizers: [keys.clusterFinalizer],
  deleting: false,
  paused: false,
  masterAddresses: ['203.0.113.10'],
  endpointHost: '203.0.113.10',
  podSubnets: ['10.244.0.0/16'],
  serviceSubnets: ['10.96.0.0/12'],
  dnsDomain: 'cluster.local',
  status: {},
  ...more,
});
