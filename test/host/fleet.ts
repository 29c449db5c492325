import type { Clouds } from '../../infra/local/demo/observe.ts';
import { tagKeys } from '../../shared/provisioners/aws/names.ts';
import { labelKeys } from '../../shared/provisioners/gce/names.ts';
import { goodSecrets } from './credentials.ts';
import type { Host } from './host.ts';
import { cluster, deployment, machine, platforms } from './manifests.ts';

/** A master and its workers over both clouds, 20 machines. */
export const workersOf = { gce: 10, aws: 9 } as const;
export const fleetSize = 1 + workersOf.gce + workersOf.aws;

export async function applyFleet(host: Host, changes: { readonly image?: string } = {}): Promise<void> {
  const { config } = platforms.gce;
  const gce = { type: 'gce', config: changes.image === undefined ? config : config.replace('talos-e2e', changes.image) };
  await host.apply(
    cluster('fleet', [host.endpoints().reservedAddresses.gce[0]!]),
    machine('fleet-master-0', { cluster: 'fleet', platform: platforms.gce, set: 'master' }),
    deployment('gce-workers', workersOf.gce, { cluster: 'fleet', platform: gce }),
    deployment('aws-workers', workersOf.aws, { cluster: 'fleet', platform: platforms.aws }),
  );
}

export const applyCredentials = (host: Host): Promise<string> => host.apply(...goodSecrets(host.endpoints()));

/** Every creation of an instance that the clouds have seen, by the uid of its Machine. */
export function creationsByMachine({ aws, gce }: Clouds): Map<string, string[]> {
  const byMachine = new Map<string, string[]>();
  for (const { id, tags } of [...aws.creations, ...gce.creations]) {
    const uid = tags[tagKeys.machineUid] ?? tags[labelKeys.machine] ?? `nobody, for ${id}`;
    byMachine.set(uid, [...(byMachine.get(uid) ?? []), id]);
  }
  return byMachine;
}
