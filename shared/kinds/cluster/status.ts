import { withCondition } from '../conditions.ts';
import { apiPort, type Cluster, type ClusterStatus } from './model.ts';

/** What `kubectl get cluster` says, from what steps observed. */
export function summarize(cluster: Cluster, now: number): ClusterStatus {
  const { status } = cluster;
  const { phase, ...ready } = readiness(cluster);
  return {
    ...status,
    phase,
    apiEndpoints: [{ host: cluster.endpointHost, port: apiPort }],
    conditions: withCondition(status.conditions, { type: 'Ready', ...ready }, now),
  };
}

interface Readiness {
  readonly phase: string;
  readonly status: 'True' | 'False';
  readonly reason: string;
  readonly message: string;
}

function readiness({ deleting, paused, status }: Cluster): Readiness {
  const no = (phase: string, reason: string, message: string): Readiness => ({ phase, status: 'False', reason, message });
  if (deleting)
    return no('Deleting', 'Deleting', status.waitingFor?.message ?? 'its machines go first, then its network, then its secrets');
  if (paused) return no(status.phase ?? 'Pending', 'Paused', 'nothing is done while it is paused');
  if (status.errorReason !== undefined) return no('Failed', status.errorReason, status.errorMessage ?? '');
  if (status.waitingFor !== undefined) return no('Provisioning', status.waitingFor.reason, status.waitingFor.message);
  if (status.bootstrap?.doneAt !== undefined)
    return {
      phase: 'Provisioned',
      status: 'True',
      reason: 'ControlPlaneInitialized',
      message: 'etcd is bootstrapped and the Kubernetes API is up',
    };
  if (status.secretsReady)
    return no('Provisioning', 'WaitingForControlPlane', 'its secrets exist; a master must come up so that etcd can be bootstrapped');
  return no(status.execution === undefined ? 'Pending' : 'Provisioning', 'Provisioning', 'its secrets are being made');
}
