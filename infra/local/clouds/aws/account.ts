import type { Clock, Random } from '../../../../shared/ports.ts';
import type { CloudState, Table } from '../cloud-state.ts';
import { type AddressPool, addressPool, externalAddresses } from '../loopback.ts';
import type { NodeHost } from '../node-host.ts';
import { defaultSubnets } from './geography.ts';

/** Everything that the fake knows of one AWS account. */
export interface Account {
  readonly clock: Clock;
  readonly random: Random;
  readonly nodes: NodeHost;
  readonly timing: Timing;
  readonly state: CloudState;
  readonly instances: Table<InstanceRecord>;
  readonly userData: Table<string>;
  readonly volumes: Table<VolumeRecord>;
  readonly interfaces: Table<InterfaceRecord>;
  readonly addresses: Table<AddressRecord>;
  readonly groups: Table<GroupRecord>;
  readonly keyPairs: Table<KeyPairRecord>;
  /** By region and client token: what it was used for. */
  readonly tokens: Table<{ readonly instanceId: string; readonly parametersHash: string }>;
  readonly externalPool: AddressPool;
  readonly privatePools: ReadonlyMap<string, AddressPool>;
  /** Reads that do not see a new object yet, by its id. */
  readonly hidden: Map<string, number>;
}

/** How long an instance stays in the states that pass, ms. */
export interface Timing {
  readonly pendingMs: number;
  readonly shuttingDownMs: number;
}

export type Tags = Readonly<Record<string, string>>;

export interface InstanceRecord {
  readonly id: string;
  readonly region: string;
  readonly zone: string;
  readonly reservationId: string;
  readonly imageId: string;
  readonly rootDevice: string;
  readonly type: string;
  readonly keyName?: string;
  readonly subnetId: string;
  readonly interfaceId: string;
  readonly volumeIds: readonly string[];
  readonly groups: readonly string[];
  readonly privateAddress: string;
  /** The address that EC2 gave by itself; an Elastic IP takes its place. */
  readonly publicAddress?: string;
  readonly clientToken?: string;
  readonly httpTokens: string;
  readonly tags: Tags;
  readonly launchedAt: number;
  readonly terminatedAt?: number;
}

export interface VolumeRecord {
  readonly id: string;
  readonly region: string;
  readonly zone: string;
  readonly sizeGb: number;
  readonly type: string;
  readonly tags: Tags;
  readonly device: string;
  readonly deleteOnTermination: boolean;
  /** Absent: available. */
  readonly instanceId?: string;
}

export interface InterfaceRecord {
  readonly id: string;
  readonly region: string;
  readonly instanceId: string;
  readonly tags: Tags;
}

export interface AddressRecord {
  readonly allocationId: string;
  readonly publicIp: string;
  /** Absent: reserved by the user before anything happened, and there in every region, so that a manifest may name any. */
  readonly region?: string;
  readonly tags: Tags;
  readonly associationId?: string;
  readonly instanceId?: string;
}

export interface GroupRecord {
  readonly id: string;
  readonly region: string;
  readonly vpcId: string;
  readonly name: string;
  readonly description: string;
  readonly tags: Tags;
  readonly ingress: readonly Rule[];
}

export interface Rule {
  readonly protocol: string;
  readonly from: number;
  readonly to: number;
  readonly cidr: string;
}

export interface KeyPairRecord {
  readonly id: string;
  readonly name: string;
  /** Absent: the user's from the start, in every region. */
  readonly region?: string;
  readonly fingerprint: string;
}

interface AccountOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly nodes: NodeHost;
  readonly timing: Timing;
  readonly network: string;
  readonly reservedCount: number;
  readonly keyPair: string;
}

/** Opens the account over its stored state; what the user had beforehand is put in when it is new. */
export function openAccount(state: CloudState, options: AccountOptions): Account {
  const { clock, random, nodes, timing } = options;
  const instances = state.table<InstanceRecord>('instances');
  const addresses = state.table<AddressRecord>('addresses');
  const keyPairs = state.table<KeyPairRecord>('keyPairs');
  const used = [...instances.all().map((i) => i.publicAddress), ...addresses.all().map((a) => a.publicIp)].filter((a) => a !== undefined);
  const external = externalAddresses(options.network, options.reservedCount, used);
  const account: Account = {
    ...{ clock, random, nodes, timing, state, instances, addresses, keyPairs },
    userData: state.table('userData'),
    volumes: state.table('volumes'),
    interfaces: state.table('interfaces'),
    groups: state.table('groups'),
    tokens: state.table('tokens'),
    externalPool: external.pool,
    privatePools: new Map(privatePools(instances.all())),
    hidden: new Map(),
  };
  if (keyPairs.all().length > 0) return account;
  state.atomically(() => {
    for (const publicIp of external.reserved) {
      const allocationId = newId(account, 'eipalloc');
      addresses.put(allocationId, { allocationId, publicIp, tags: { Name: 'reserved-by-the-user' } });
    }
    const id = newId(account, 'key');
    keyPairs.put(id, { id, name: options.keyPair, fingerprint: fingerprint(random.bytes(16)) });
  });
  return account;
}

/** One pool per subnet of the layout that all regions share, so that no two instances have one private name. */
const privatePools = (instances: readonly InstanceRecord[]): [string, AddressPool][] =>
  defaultSubnets('any').map((subnet) => [
    subnet.cidr,
    addressPool(
      subnet.first,
      subnet.last,
      instances.filter((i) => i.terminatedAt === undefined).map((i) => i.privateAddress),
    ),
  ]);

/** `i-0123456789abcdef0` */
export const newId = (account: Pick<Account, 'random'>, prefix: string): string =>
  `${prefix}-0${Buffer.from(account.random.bytes(8)).toString('hex')}`;

export const fingerprint = (bytes: Uint8Array): string => [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(':');
