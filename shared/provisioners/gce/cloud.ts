import { RetryLater } from '../../errors.ts';
import type { Clock } from '../../ports.ts';
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
  const { clock, settlingSeconds = gce.settlingSeconds } = options;
  const settlingMs = settlingSeconds * 1000;
  const api = openApi(options);
  return {
    machines: {
      ensure: (desired, memo) => ensureInstance(api, clock, settlingMs, desired, memo),
      delete: (where, memo) => removeInstance(api, clock, settlingMs, where, memo),
      get: (where, memo) => getInstance(api, clock, settlingMs, where, memo),
      list: (cluster, configs) => listInstances(api, cluster, configs),
    },
    addresses: {
      get: (address, at) => findReserved(api, address, at),
      attach: (address, where) => attachAddress(api, clock, address, where),
      detach: (address, where) => detachAddress(api, clock, address, where),
    },
    firewall: {
      ensure: (cluster, at) => ensureFirewall(api, clock, cluster, at),
      delete: (cluster, at) => removeFirewall(api, clock, cluster, at),
    },
    close: api.close,
  };
}

async function getInstance(api: Api, clock: Clock, settlingMs: number, where: InstanceRef<GceConfig>, memo: Memo | undefined) {
  const found = await findOurs(api, where);
  if (found !== undefined) return readInstance(found, placeOf(where));
  const pending = await pendingInsert(api, clock, settlingMs, placeOf(where), memo);
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
