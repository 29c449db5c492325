import { keys } from '../fields.ts';
import type { ClusterObject } from './kind.ts';

export type ClusterStatus = NonNullable<ClusterObject['status']>;

/** A cluster as plans see it. */
export interface Cluster {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly generation: number;
  readonly finalizers: readonly string[];
  readonly deleting: boolean;
  readonly paused: boolean;
  /** The masters' reserved addresses, by index. */
  readonly masterAddresses: readonly string[];
  readonly endpointHost: string;
  readonly podSubnets: readonly string[];
  readonly serviceSubnets: readonly string[];
  readonly dnsDomain: string;
  readonly status: ClusterStatus;
}

/** Port of the Kubernetes API, on every master. */
export const apiPort = 6443;

export function toCluster(object: ClusterObject): Cluster {
  const { metadata, spec, status } = object;
  const masters = spec.providerSpec.value?.masters;
  const ips = masters?.ips ?? [];
  return {
    namespace: metadata.namespace ?? '',
    name: metadata.name,
    uid: metadata.uid ?? '',
    generation: metadata.generation ?? 1,
    finalizers: metadata.finalizers ?? [],
    deleting: metadata.deletionTimestamp !== undefined,
    paused: spec.paused === true || metadata.annotations?.[keys.paused] !== undefined,
    masterAddresses: ips,
    endpointHost: masters?.endpoint ?? ips[0] ?? '',
    podSubnets: spec.clusterNetwork.pods.cidrBlocks,
    serviceSubnets: spec.clusterNetwork.services.cidrBlocks,
    dnsDomain: spec.clusterNetwork.serviceDomain,
    status: status ?? {},
  };
}

/** `https://203.0.113.10:6443`; an IPv6 address goes in brackets. */
export const endpointOf = (cluster: Pick<Cluster, 'endpointHost'>): string =>
  `https://${cluster.endpointHost.includes(':') ? `[${cluster.endpointHost}]` : cluster.endpointHost}:${apiPort}`;
