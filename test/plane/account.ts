import type { Clock } from '../../shared/ports.ts';
import type { DesiredInstance, Instance, InstanceRef, InstanceState } from '../../shared/provisioners/provisioner.ts';
import type { UserData } from './bootstrap.ts';
import type { Config } from './cloud.ts';
import type { Laws } from './laws.ts';

/** An instance as its cloud knows it. Times are ms since 1970. */
export interface CloudInstance {
  readonly id: string;
  readonly zone: string;
  readonly image: string;
  readonly hostname: string;
  readonly internal: string;
  /** The key of the request that made it. */
  readonly token: string;
  readonly machineName: string;
  readonly machineUid: string;
  readonly clusterUid: string;
  readonly userData: UserData;
  readonly createdAt: number;
  external: string;
  /** When it is gone; Infinity: it is not being deleted. */
  goneAt: number;
}

/** What a cloud holds, and how it changes with time. */
export interface Account {
  readonly instances: CloudInstance[];
  /** Addresses that a user reserved, and the id of the instance that has each. */
  readonly reserved: Map<string, string | undefined>;
  /** `<cluster uid>/<zone>` of each firewall that stands. */
  readonly firewalls: Set<string>;
  isShown(instance: CloudInstance): boolean;
  isRunning(instance: CloudInstance): boolean;
  isGone(instance: CloudInstance): boolean;
  show(instance: CloudInstance): Instance;
  /** The instance of a machine, if it is shown by now. */
  find(where: InstanceRef): CloudInstance | undefined;
  create(desired: DesiredInstance<Config>, token: string, userData: string): CloudInstance;
  stop(instance: CloudInstance): void;
}

interface Options {
  readonly platform: string;
  readonly clock: Clock;
  readonly laws: Laws;
  readonly reserved: readonly string[];
}

const startMs = 8_000;
const stopMs = 5_000;
/** A new instance is not shown for so long. */
const hiddenMs = 4_000;

export function createAccount({ platform, clock, laws, reserved: addresses }: Options): Account {
  const instances: CloudInstance[] = [];
  const reserved = new Map<string, string | undefined>(addresses.map((address) => [address, undefined]));

  const isStopping = ({ goneAt }: CloudInstance): boolean => goneAt < Number.POSITIVE_INFINITY;
  const isGone = ({ goneAt }: CloudInstance): boolean => clock.now() >= goneAt;
  const isShown = ({ createdAt }: CloudInstance): boolean => clock.now() >= createdAt + hiddenMs;
  const isRunning = (one: CloudInstance): boolean => clock.now() >= one.createdAt + startMs && !isStopping(one);
  const stateOf = (one: CloudInstance): InstanceState =>
    isGone(one) ? 'Deleted' : isStopping(one) ? 'Deleting' : isRunning(one) ? 'Running' : 'Pending';
  const providerID = ({ zone, id }: CloudInstance): string => `${platform}:///${zone}/${id}`;

  return {
    instances,
    reserved,
    firewalls: new Set(),
    isShown,
    isRunning,
    isGone,
    show: (one) => ({
      id: one.id,
      providerID: providerID(one),
      state: stateOf(one),
      addresses: [
        { type: 'InternalIP', address: one.internal },
        { type: 'ExternalIP', address: one.external },
        { type: 'Hostname', address: one.hostname },
      ],
      machineUid: one.machineUid,
      machineName: one.machineName,
      clusterUid: one.clusterUid,
      createdAt: one.createdAt,
    }),
    find: (where) =>
      instances.find((one) => isShown(one) && (one.machineUid === where.machine.uid || providerID(one) === where.providerID)),
    create(desired, token, userData) {
      const made = { token, userData: JSON.parse(userData) as UserData, createdAt: clock.now() };
      const one = newInstance(platform, instances.length + 1, desired, made);
      const { uid, name } = desired.machine;
      if (instances.some(({ machineUid }) => machineUid === uid)) laws.broken(`machine ${name} got a second instance, ${one.id}`);
      if (desired.address !== undefined) reserved.set(desired.address, one.id);
      instances.push(one);
      return one;
    },
    stop(one) {
      if (isStopping(one)) return;
      one.goneAt = clock.now() + stopMs;
      for (const [address, user] of reserved) if (user === one.id) reserved.set(address, undefined);
    },
  };
}

/** Names and numbers are those of the cloud: the west names its machines by their addresses. */
function newInstance(
  platform: string,
  number: number,
  desired: DesiredInstance<Config>,
  made: Pick<CloudInstance, 'token' | 'userData' | 'createdAt'>,
): CloudInstance {
  const { cluster, machine, config, address } = desired;
  const west = platform === 'west';
  return {
    id: `${platform}-${number}`,
    zone: config.zone,
    image: config.image,
    hostname: west ? `ip-10-1-0-${number}` : machine.name,
    internal: `10.${west ? 1 : 0}.0.${number}`,
    external: address ?? `198.51.${west ? 100 : 101}.${number}`,
    machineName: machine.name,
    machineUid: machine.uid,
    clusterUid: cluster.uid,
    ...made,
    goneAt: Number.POSITIVE_INFINITY,
  };
}
