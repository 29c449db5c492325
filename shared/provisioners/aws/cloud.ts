import type { Cloud, ClusterRef, Instance, OpenOptions, Provisioner } from '../provisioner.ts';
import { attachAddress, detachAddress, getAddress } from './addresses.ts';
import { type Api, openApi } from './api.ts';
import { type AwsConfig, config } from './config.ts';
import { ensureInstance } from './ensure.ts';
import { findAll, getInstance } from './find.ts';
import { ensureFirewall, removeFirewall } from './firewall.ts';
import { byCluster } from './names.ts';
import { removeInstance } from './remove.ts';

const settlingSeconds = 180;

/** Amazon EC2. */
export const aws: Cloud<AwsConfig> = {
  platform: 'aws',
  config,
  // A subnet names a VPC, and security groups are per VPC.
  placeOf: ({ region, instances }) => (instances.subnet === undefined ? region : `${region}/${instances.subnet}`),
  // EC2 shows what it made within seconds, on its bad days within a few minutes.
  settlingSeconds,
  credentials: { secret: 'aws-credentials', key: 'credentials' },
  open,
};

function open(options: OpenOptions): Provisioner<AwsConfig> {
  const api = openApi({ ...options, settlingSeconds: options.settlingSeconds ?? settlingSeconds });
  return {
    machines: {
      ensure: (desired, memo) => ensureInstance(api, desired, memo),
      get: (where, memo) => getInstance(api, where, memo),
      delete: (where, memo) => removeInstance(api, where, memo),
      list: (cluster, configs) => listInstances(api, cluster, configs),
    },
    addresses: {
      get: (address, at) => getAddress(api, address, at),
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

const untilTerminated = { Name: 'instance-state-name', Values: ['pending', 'running', 'stopping', 'stopped', 'shutting-down'] };

/** Of each region once, though several subnets of it be named. */
async function listInstances(api: Api, cluster: ClusterRef, configs: readonly AwsConfig[]): Promise<Instance[]> {
  const regions = [...new Set(configs.map(({ region }) => region))];
  const filters = [byCluster(cluster), untilTerminated];
  const lists = await Promise.all(regions.map((region) => findAll(api, `list the instances in ${region}`, region, filters)));
  return lists.flat();
}
