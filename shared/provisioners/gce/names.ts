import { createHash } from 'node:crypto';
import type { ClusterRef, InstanceRef } from '../provisioner.ts';
import type { GceConfig } from './config.ts';

/** Labels by which we find what is ours. Uids are lower-case UUIDs, which label values allow. */
export const labelKeys = {
  cluster: 'plastron-cluster',
  machine: 'plastron-machine',
  role: 'plastron-role',
  clusterName: 'plastron-cluster-name',
} as const;

/** `us-central1-c` lies in `us-central1`. */
export const regionOf = (zone: string): string => zone.slice(0, zone.lastIndexOf('-'));

/** The name at the end of a resource URL. */
export const lastPart = (url: string): string => url.slice(url.lastIndexOf('/') + 1);

/** Where an instance is. */
export interface Place {
  readonly project: string;
  readonly zone: string;
  readonly name: string;
}

/** Where the instance is, by its providerID if it has one: the config may have been edited since. */
export function placeOf(where: InstanceRef<GceConfig>): Place {
  const [, project, zone, name] = /^gce:\/\/([^/]+)\/([^/]+)\/([^/]+)$/.exec(where.providerID ?? '') ?? [];
  if (project !== undefined && zone !== undefined && name !== undefined) return { project, zone, name };
  return { project: where.config.project, zone: where.config.zone, name: where.machine.name };
}

export const spell = ({ project, zone, name }: Place): string => `${project}/${zone}/${name}`;
export const providerID = (place: Place): string => `gce://${spell(place)}`;

/** Names the firewall rule of a cluster, and the tag of its masters: at most 63 characters. */
export const ruleName = (cluster: ClusterRef): string => `plastron-${cluster.name.slice(0, 45)}-${cluster.uid.slice(0, 8)}`;

/**
 * The key by which Compute Engine knows that a request was sent before: a UUID of version 5 in a name space of our own.
 * The same parts give the same key.
 */
export function requestId(...parts: readonly (string | number)[]): string {
  const digest = createHash('sha1')
    .update(['plastron.dev/gce', ...parts].join('\n'))
    .digest();
  digest[6] = (digest[6]! & 0x0f) | 0x50;
  digest[8] = (digest[8]! & 0x3f) | 0x80;
  const hex = digest.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-');
}
