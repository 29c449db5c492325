import type * as z from 'zod';
import type { Clock, Random } from '../ports.ts';

/** A cloud: what it is called in `platform.type`, what `platform.config` may say, and how it is opened. One folder each. */
export interface Cloud<Config = unknown> {
  /** `aws`, `gce`, ... */
  readonly platform: string;
  /** The keys of `platform.config`, every one with a description. Pure: an API request reads it without the SDK. */
  readonly config: z.ZodType<Config>;
  /** Names the part of the cloud in which a config's machines are, as far as `list` and `firewall` are concerned: a region, a project and zone. */
  placeOf(config: Config): string;
  /** Seconds of empty answers after which something that was asked for and never seen counts as never made. */
  readonly settlingSeconds: number;
  /** Where the user's credentials are: a Secret in `cluster-api-provider-talos-system`, and the key in it. */
  readonly credentials: { readonly secret: string; readonly key: string };
  /** Throws Refused, with words that help and without the credential, when the credential cannot be read. */
  open(options: OpenOptions): Provisioner<Config>;
}

export interface OpenOptions {
  /** The text of the credential file. */
  readonly credentials: string;
  /** Base URL of the cloud's API where it is not the public one. */
  readonly endpoint?: string;
  readonly clock: Clock;
  readonly random: Random;
  /** In place of the cloud's own, for an endpoint that is quicker. */
  readonly settlingSeconds?: number;
}

/**
 * A cloud that makes machines. Knows nothing of Talos or Kubernetes objects. Every verb is safe to repeat, sends a
 * bounded number of requests, never sleeps, and throws the classes of `errors.ts`: RetryLater (throttled, unavailable),
 * OutOfCapacity, QuotaExceeded, Refused (credentials), Invalid (this will never work as configured).
 */
export interface Provisioner<Config = unknown> {
  readonly machines: {
    /**
     * Brings the instance nearer to existing and says how far it is. Finds by the machine's uid before it creates, and
     * creates in one call with everything (tags, user data, disk, address where the cloud can).
     * The caller stores `memo` before it calls again; a first call only returns a memo to write down (`again: true`),
     * so that the token and the parameters are known before anything exists. A memo holds no secret.
     */
    ensure(desired: DesiredInstance<Config>, memo: Memo | undefined): Promise<Ensured>;
    /** Undefined: it is not there. Throws when it cannot tell; with `memo`, also while a new instance may still be hidden. */
    get(where: InstanceRef<Config>, memo?: Memo): Promise<Instance | undefined>;
    /** Begins or continues the deletion of everything made for the machine (instance, disk, interface); `gone` when nothing is left. */
    delete(
      where: InstanceRef<Config>,
      memo: Memo | undefined,
    ): Promise<{ readonly gone: boolean; readonly says: string; readonly checkAgainIn: number }>;
    /** Every instance ever made for a cluster that still exists, in the places that `configs` name. */
    list(cluster: ClusterRef, configs: readonly Config[]): Promise<Instance[]>;
  };
  readonly addresses: {
    /** A reserved address of the user's: undefined when the account has none such at this place. */
    get(address: string, config: Config): Promise<Address | undefined>;
    /** Gives the reserved address to the instance, if it has it not already. `settled` when the cloud shows it. */
    attach(
      address: string,
      where: InstanceRef<Config>,
    ): Promise<{ readonly settled: boolean; readonly says: string; readonly checkAgainIn: number }>;
    /** Takes it away again, never releases it: it is the user's. */
    detach(address: string, where: InstanceRef<Config>): Promise<void>;
  };
  /** What lets the ports of masters (6443, 50000, 50001) be reached; one per cluster and place. */
  readonly firewall: {
    ensure(
      cluster: ClusterRef,
      config: Config,
    ): Promise<{ readonly settled: boolean; readonly says: string; readonly checkAgainIn: number }>;
    /** True when nothing of ours is left. */
    delete(cluster: ClusterRef, config: Config): Promise<{ readonly gone: boolean; readonly says: string; readonly checkAgainIn: number }>;
  };
  /** Closes connections. */
  close(): void;
}

export interface ClusterRef {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
}

export interface InstanceRef<Config = unknown> {
  readonly cluster: ClusterRef;
  readonly machine: { readonly namespace: string; readonly name: string; readonly uid: string };
  readonly config: Config;
  readonly providerID?: string;
}

export interface DesiredInstance<Config = unknown> extends InstanceRef<Config> {
  readonly role: 'master' | 'worker';
  /** What the machine boots with, as text. Asked for only when an instance is made; sent, never stored or logged. */
  userData(): Promise<string>;
  /** The reserved address a master must have. */
  readonly address?: string;
}

/** Small JSON, kept in `status.providerStatus`: attempt, token, parameters, operation. */
export type Memo = Readonly<Record<string, unknown>>;

export interface Ensured {
  readonly memo: Memo;
  /** Store the memo and call again at once. */
  readonly again?: boolean;
  /** The instance runs. */
  readonly settled: boolean;
  /** One sentence for people: "waits for operation operation-12 to insert talos-gce-master-0". */
  readonly says: string;
  /** Seconds. */
  readonly checkAgainIn: number;
  readonly instance?: Instance;
}

export type InstanceState = 'Pending' | 'Running' | 'Stopped' | 'Deleting' | 'Deleted';

export interface Instance {
  /** The cloud's own id: `i-0ab…`, or the GCE name. */
  readonly id: string;
  /** `aws:///us-west-2a/i-0ab…`, `gce://project/zone/name`. */
  readonly providerID: string;
  readonly state: InstanceState;
  readonly addresses: readonly MachineAddress[];
  readonly machineUid?: string;
  /** The name of its Machine, as its tags say. */
  readonly machineName?: string;
  readonly clusterUid?: string;
  /** ms since 1970. */
  readonly createdAt?: number;
}

export interface MachineAddress {
  readonly type: 'InternalIP' | 'ExternalIP' | 'Hostname' | 'InternalDNS' | 'ExternalDNS';
  readonly address: string;
}

export interface Address {
  readonly address: string;
  /** The id of the instance that has it now, if any. */
  readonly usedBy?: string;
}
