import { createAwsFake } from '../../infra/local/clouds/aws/aws-fake.ts';
import { demoCredentials } from '../../infra/local/clouds/aws/signature.ts';
import { noNodes } from '../../infra/local/clouds/node-host.ts';
import { aws } from '../../shared/provisioners/aws/cloud.ts';
import type { AwsConfig } from '../../shared/provisioners/aws/config.ts';
import { tagKeys } from '../../shared/provisioners/aws/names.ts';
import { seededRandom, virtualClock } from '../clock.ts';
import type { Harness } from './harness.ts';

export const config: AwsConfig = {
  region: 'us-west-2',
  instances: { type: 't2.micro', ami: 'ami-09d6bf816f2ebdfe1', keypair: 'plastron-demo', disks: { size: 10 } },
};

/** AWS on its fake; EC2 shows new instances as pending for two seconds, ending ones as shutting down for three. */
export async function awsHarness(): Promise<Harness<AwsConfig>> {
  const clock = virtualClock();
  const fake = await createAwsFake({ clock, random: seededRandom(7), nodes: noNodes, timing: { pendingMs: 2_000, shuttingDownMs: 3_000 } });
  return {
    cloud: aws,
    config,
    impossible: { ...config, instances: { ...config.instances, keypair: 'not-there' } },
    credentials: demoCredentials,
    wrongCredentials: demoCredentials.replace(/(secret_access_key = ).*/, '$1very-secret-and-wrong'),
    endpoint: fake.url,
    clock,
    faults: fake.faults,
    createCall: 'RunInstances',
    capacity: { match: 'RunInstances', status: 500, code: 'InsufficientInstanceCapacity' },
    quota: { match: 'RunInstances', status: 400, code: 'VcpuLimitExceeded' },
    throttled: { status: 503, code: 'RequestLimitExceeded', times: 2 },
    reservedAddress: fake.state().addresses[0]!.address,
    creations: () => fake.state().creations,
    uidTag: tagKeys.machineUid,
    instances: () => fake.state().instances.map(({ id, tags, diskGb }) => ({ id, machineUid: tags[tagKeys.machineUid], diskGb })),
    remains() {
      const { instances, disks, networkInterfaces, securityGroups } = fake.state();
      return [
        ...instances.map(({ id, state }) => `instance ${id} ${state}`),
        ...disks.map(({ id }) => `disk ${id}`),
        ...networkInterfaces.map(({ id }) => `interface ${id}`),
        ...securityGroups.map(({ name }) => `security group ${name}`),
      ];
    },
    userOf(address) {
      const found = fake.state().addresses.find((one) => one.address === address);
      if (found === undefined) throw new Error(`${address} was released`);
      return found.usedBy;
    },
    deleteBehindOurBack: fake.terminate,
    close: fake.close,
  };
}
