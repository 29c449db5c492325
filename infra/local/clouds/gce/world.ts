import type { Clock } from '../../../../shared/ports.ts';
import type { CloudState, Table } from '../cloud-state.ts';
import type { AddressPool } from '../loopback.ts';
import type { NodeHost } from '../node-host.ts';
import type { Operations } from './operations.ts';
import type { Scope } from './routes.ts';

/** What every stored resource has. Its key in the table is its path. */
export interface Resource {
  readonly path: string;
  readonly id: string;
  readonly name: string;
  readonly project: string;
  readonly scope: Scope;
  /** ms since 1970 */
  readonly createdAt: number;
  readonly labels?: Readonly<Record<string, string>>;
}

export interface InstanceRow extends Resource {
  readonly machineType: string;
  readonly tags: readonly string[];
  readonly canIpForward: boolean;
  /** Names of its disks, the boot disk first. */
  readonly disks: readonly string[];
  readonly network: string;
  readonly subnetwork: string | undefined;
  readonly privateAddress: string;
  readonly access: { readonly name: string; readonly address: string; readonly networkTier: string } | undefined;
  readonly metadata: readonly { readonly key: string; readonly value: string }[];
  /** When it is RUNNING; before that it is PROVISIONING, then STAGING. */
  readonly runsAt: number;
  readonly deleting: boolean;
}

export interface DiskRow extends Resource {
  readonly sizeGb: number;
  readonly sourceImage: string;
  readonly autoDelete: boolean;
  /** Path of the instance that it is attached to. */
  readonly user: string | undefined;
}

export interface AddressRow extends Resource {
  readonly address: string;
  /** Path of the instance that has it. */
  readonly user: string | undefined;
}

export interface FirewallRow extends Resource {
  /** The rule as it was sent. */
  readonly rule: Readonly<Record<string, unknown>>;
}

/** What the handlers of the fake share. */
export interface World {
  readonly state: CloudState;
  readonly instances: Table<InstanceRow>;
  readonly disks: Table<DiskRow>;
  readonly addresses: Table<AddressRow>;
  readonly firewalls: Table<FirewallRow>;
  readonly operations: Operations;
  readonly nodes: NodeHost;
  readonly clock: Clock;
  readonly external: AddressPool;
  readonly internal: AddressPool;
  readonly operationMs: number;
  /** Most resources on a page of a list. */
  readonly pageSize: number;
  /** Reads that do not see an instance yet, by its path. */
  readonly hidden: Map<string, number>;
  newId(): string;
}

/** The project of addresses that the user reserved before the fake started: they are in whichever project asks. */
export const anyProject = '*';
