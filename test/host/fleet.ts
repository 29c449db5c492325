import type { Clouds } from '../../infra/local/demo/observe.ts';
import { tagKeys } from '../../shared/provisioners/aws/names.ts';
import { labelKeys } from '../../shared/provisioners/gce/names.ts';
import { goodSecrets } from './credentials.ts';
import type { Host } from './host.ts';
import { cluster, deployment, machine, platforms } from './manifests.ts';

/** Twenty machines: three masters, and workers over both clouds. */
export const workers = { gce: 8, aws: 9 } as const;
export const fleetSize = 3 + workers.gce + workers.aws;

export const master = (index: number) => machine(`fleet-master-${index}`, { cluster: 'fleet', platform: platforms.gce, set: 'master' });

/** The objects of the fleet; with another image, its GCE workers are replaced. */
export function fleet(host: Host, image = 'talos-e2e'): object[] {
  const gce = { type: 'gce', config: platforms.gce.config.replace('talos-e2e', image) };
  return [
    cluster('fleet', host.endpoints().reservedAddresses.gce),
    master(0),
    master(1),
    master(2),
    deployment('gce-workers', workers.gce, { cluster: 'fleet', platform: gce }),
    deployment('aws-workers', workers.aws, { cluster: 'fleet', platform: platforms.aws }),
  ];
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
