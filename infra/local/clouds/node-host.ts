/** Where the instances of the fake clouds become machines: the clouds switch them on and off, the host boots them. */
export interface NodeHost {
  /** Called when an instance is made, and again for every instance that runs when a fake starts over its stored state. */
  powerOn(machine: PoweredMachine): void;
  /** The instance is being deleted: nothing answers any more. No error for an unknown id. */
  powerOff(id: string): void;
  /** The instance is reached at another external address from now on, or at none. */
  setExternalAddress(id: string, address: string | undefined): void;
}

export interface PoweredMachine {
  readonly cloud: 'aws' | 'gce';
  /** The cloud's id of the instance, unique among all fakes of a host: `i-0ab…`, or GCE's numeric id. */
  readonly id: string;
  readonly instanceName: string;
  /** The name that the cloud gives it by DHCP: `ip-172-31-36-224` on AWS, the instance's name on GCE. */
  readonly hostname: string;
  /** As the cloud would give it (172.31.x.y, 10.128.x.y): shown, but nothing listens there. */
  readonly privateAddress: string;
  /** In 127.0.0.0/8: where the machine really listens. */
  readonly externalAddress?: string;
  readonly userData: string;
  /** When it was switched on, ms since 1970: a restarted host does not boot it again from zero. */
  readonly bootedAt: number;
}

/** For tests of a cloud alone: machines that never boot. */
export const noNodes: NodeHost = { powerOn: () => {}, powerOff: () => {}, setExternalAddress: () => {} };
