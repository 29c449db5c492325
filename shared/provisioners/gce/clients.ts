import { createRequire } from 'node:module';
import type { google } from '@google-cloud/compute/build/protos/protos.js';
import type { AddressesClient } from '@google-cloud/compute/build/src/v1/addresses_client.js';
import type { DisksClient } from '@google-cloud/compute/build/src/v1/disks_client.js';
import type { FirewallsClient } from '@google-cloud/compute/build/src/v1/firewalls_client.js';
import type { InstancesClient } from '@google-cloud/compute/build/src/v1/instances_client.js';
import type { ZoneOperationsClient } from '@google-cloud/compute/build/src/v1/zone_operations_client.js';
import { keepServices } from './protos.ts';

export type GceInstance = google.cloud.compute.v1.IInstance;
export type GceOperation = google.cloud.compute.v1.IOperation;
export type GceAddress = google.cloud.compute.v1.IAddress;

/** The Google clients that we call. */
export interface Clients {
  readonly instances: InstancesClient;
  readonly zoneOperations: ZoneOperationsClient;
  readonly disks: DisksClient;
  readonly addresses: AddressesClient;
  readonly firewalls: FirewallsClient;
}

/** The services behind the clients: what a bundle's descriptor must keep. */
export const services = ['Instances', 'ZoneOperations', 'Disks', 'Addresses', 'Firewalls'] as const;

/**
 * Loads the clients, each from a file of its own: the package's index would load a hundred. They send no credentials by
 * themselves; each call brings its token. `endpoint` absent: Google's own.
 */
export async function loadClients(endpoint: string | undefined): Promise<Clients> {
  pruneDescriptor();
  const [instances, zoneOperations, disks, addresses, firewalls, auth] = await Promise.all([
    import('@google-cloud/compute/build/src/v1/instances_client.js'),
    import('@google-cloud/compute/build/src/v1/zone_operations_client.js'),
    import('@google-cloud/compute/build/src/v1/disks_client.js'),
    import('@google-cloud/compute/build/src/v1/addresses_client.js'),
    import('@google-cloud/compute/build/src/v1/firewalls_client.js'),
    import('google-auth-library'),
  ]);
  const options = { ...placeOf(endpoint), authClient: new auth.PassThroughClient() };
  return {
    instances: new instances.InstancesClient({ ...options }),
    zoneOperations: new zoneOperations.ZoneOperationsClient({ ...options }),
    disks: new disks.DisksClient({ ...options }),
    addresses: new addresses.AddressesClient({ ...options }),
    firewalls: new firewalls.FirewallsClient({ ...options }),
  };
}

function placeOf(endpoint: string | undefined): { apiEndpoint?: string; port?: number; protocol?: string } {
  if (endpoint === undefined) return {};
  const url = new URL(endpoint);
  const protocol = url.protocol.slice(0, -1);
  return { apiEndpoint: url.hostname, port: Number(url.port) || (protocol === 'https' ? 443 : 80), protocol };
}

/** In the module cache, where the clients find it. A bundle holds no such file: its descriptor is cut when it is built. */
function pruneDescriptor(): void {
  const require = createRequire(import.meta.url);
  try {
    keepServices(require('@google-cloud/compute/build/protos/protos.json'), services);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw error;
  }
}
