import { RetryLater } from '../../errors.ts';
import type { Cloud, ClusterRef, Instance, InstanceRef, Memo, OpenOptions, Provisioner } from '../provisioner.ts';
import { attachAddress, detachAddress } from './addresses.ts';
import { type Api, openApi } from './api.ts';
import { config, type GceConfig } from './config.ts';
import { ensureInstance } from './ensure.ts';
import { ensureFirewall, removeFirewall } from './firewall.ts';
import { placeOfInstance, readInstance } from './instance.ts';
import { findOurs, findReserved, pendingInsert } from './lookups.ts';
import { labelKeys, placeOf, spell } from './names.ts';
import { removeInstance } from './remove.ts';

/** Google Compute Engine. */
export const gce: Cloud<GceConfig> = {
  platform: 'gce',
  config,
  placeOf: ({ project, zone }) => `${project}/${zone}`,
  // Names are looked up consistently: only a request that is still on its way can be missed.
  settlingSeconds: 60,
  credentials: { secret: 'gce-credentials', key: 'service-account.json' },
  open,
};

function open(options: OpenOptions): Provisioner<GceConfig> {
  const api = openApi(options, options.settlingSeconds ?? gce.settlingSeconds);
  return {
    machines: {
      ensure: (desired, memo) => ensureInstance(api, desired, memo),
      delete: (where, memo) => removeInstance(api, where, memo),
      get: (where, memo) => getInstance(api, where, memo),
      list: (cluster, configs) => listInstances(api, cluster, configs),
    },
    addresses: {
      get: (address, at) => findReserved(api, address, at),
      attach: (address, where) => attachAddress(api, address, where),
      detach: (address, where) => detachAddress(api, address, where),
    },
    firewall: {
      ensure: (cluster, at) => ensureFirewall(api, cluster, at),
      delete: (cluster, at) => removeFirewall(api, cluster, at),
    },
    close: api.close,
  };
}

async function getInstance(api: Api, where: InstanceRef<GceConfig>, memo: Memo | undefined) {
  const found = await findOurs(api, where);
  if (found !== undefined) return readInstance(found, placeOf(where));
  const pending = await pendingInsert(api, placeOf(where), memo);
  if (pending !== undefined) throw new RetryLater(`instance ${spell(placeOf(where))} is not there yet: it ${pending}`);
  return undefined;
}

/** All pages, of each project and zone once. A zone that does not exist has no instances. */
async function listInstances(api: Api, cluster: ClusterRef, configs: readonly GceConfig[]): Promise<Instance[]> {
  const zones = new Map(configs.map(({ project, zone }) => [`${project}/${zone}`, { project, zone }]));
  const filter = `labels.${labelKeys.cluster}=${cluster.uid}`;
  const lists = await Promise.all(
    [...zones.values()].map(async ({ project, zone }) => {
      const found = await api.find(`list instances in ${zone}`, (clients, options) =>
        clients.instances.list({ project, zone, filter }, options),
      );
      return (found ?? []).map((instance) => readInstance(instance, placeOfInstance(instance, project)));
    }),
  );
  return lists.flat();
}
