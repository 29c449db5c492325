import * as z from 'zod';
import { Invalid, OutOfCapacity, Refused, RetryLater } from '../../shared/errors.ts';
import type { Clock } from '../../shared/ports.ts';
import type { Cloud, DesiredInstance, Ensured, Instance, InstanceRef, Memo, Provisioner } from '../../shared/provisioners/provisioner.ts';
import type { UserData } from './bootstrap.ts';
import type { Lot } from './chance.ts';
import type { Laws } from './laws.ts';

export const config = z.strictObject({ zone: z.string().min(1), image: z.string().min(1), size: z.int().optional() });
export type Config = z.output<typeof config>;

/** An instance as its cloud knows it. Times are ms since 1970. */
export interface CloudInstance {
  readonly id: string;
  readonly zone: string;
  readonly image: string;
  readonly hostname: string;
  readonly internal: string;
  /** The key of the request that made it. */
  readonly token: string;
  readonly namespace: string;
  readonly machineName: string;
  readonly machineUid: string;
  readonly clusterUid: string;
  readonly userData: UserData;
  readonly createdAt: number;
  external: string;
  /** When it is gone; Infinity: it is not being deleted. */
  goneAt: number;
}

export interface FakeCloud extends Cloud<Config> {
  readonly instances: CloudInstance[];
  /** Addresses that a user reserved, and the instance that has each. */
  readonly reserved: Map<string, string | undefined>;
  /** `<cluster uid>/<zone>` of each firewall that stands. */
  readonly firewalls: Set<string>;
  /** Calls so far. */
  calls(): number;
  /** The credentials that it lets in; it refuses others. */
  letIn(credentials: string): void;
  isRunning(instance: CloudInstance): boolean;
  /** Somebody else deletes it. */
  vanish(machineName: string): void;
}

interface Options {
  readonly platform: string;
  readonly clock: Clock;
  readonly lot: Lot;
  readonly laws: Laws;
  readonly reserved?: readonly string[];
  /** The share of requests that find no room. */
  full(): number;
}

const startMs = 8_000;
const stopMs = 5_000;
/** A new instance is not shown for so long. */
const hiddenMs = 4_000;
/** Nothing is created this long after it was written down that it will be. */
const intentMs = 10_000;
const settlingSeconds = 20;

const memoShape = z.object({ token: z.string(), requestedAt: z.number() });

/**
 * A cloud in memory that is as unhelpful as clouds are: it shows a new instance only after a while, takes its time to start and
 * stop one, and has no room at times. The key of a request is drawn by lot, so that whoever forgets it makes a twin.
 */
export function createCloud({ platform, clock, lot, laws, reserved = [], full }: Options): FakeCloud {
  const instances: CloudInstance[] = [];
  const addresses = new Map<string, string | undefined>(reserved.map((address) => [address, undefined]));
  const firewalls = new Set<string>();
  let accepted = 'good';
  let calls = 0;

  const isGone = (one: CloudInstance): boolean => clock.now() >= one.goneAt;
  const isShown = (one: CloudInstance): boolean => clock.now() >= one.createdAt + hiddenMs;
  const isRunning = (one: CloudInstance): boolean => clock.now() >= one.createdAt + startMs && one.goneAt === Number.POSITIVE_INFINITY;
  const show = (one: CloudInstance): Instance => ({
    id: one.id,
    providerID: `${platform}:///${one.zone}/${one.id}`,
    state: isGone(one) ? 'Deleted' : one.goneAt < Number.POSITIVE_INFINITY ? 'Deleting' : isRunning(one) ? 'Running' : 'Pending',
    addresses: [
      { type: 'InternalIP', address: one.internal },
      { type: 'ExternalIP', address: one.external },
      { type: 'Hostname', address: one.hostname },
    ],
    machineUid: one.machineUid,
    machineName: one.machineName,
    clusterUid: one.clusterUid,
    createdAt: one.createdAt,
  });
  const of = ({ machine, providerID }: InstanceRef): CloudInstance | undefined =>
    instances.find((one) => isShown(one) && (one.machineUid === machine.uid || show(one).providerID === providerID));

  function create({ cluster, machine, config: { zone, image }, userData, address }: DesiredInstance<Config>, token: string): CloudInstance {
    const number = instances.length + 1;
    const one: CloudInstance = {
      id: `${platform}-${number}`,
      zone,
      image,
      hostname: platform === 'west' ? `ip-10-1-0-${number}` : machine.name,
      internal: `10.${platform === 'west' ? 1 : 0}.0.${number}`,
      external: address ?? `198.51.${platform === 'west' ? 100 : 101}.${number}`,
      token,
      namespace: machine.namespace,
      machineName: machine.name,
      machineUid: machine.uid,
      clusterUid: cluster.uid,
      userData: JSON.parse(userData) as UserData,
      createdAt: clock.now(),
      goneAt: Number.POSITIVE_INFINITY,
    };
    if (instances.some(({ machineUid }) => machineUid === machine.uid))
      laws.broken(`machine ${machine.name} got a second instance, ${one.id}`);
    if (address !== undefined) addresses.set(address, one.id);
    instances.push(one);
    return one;
  }

  function ensure(desired: DesiredInstance<Config>, memo: Memo | undefined): Ensured {
    const written = memoShape.safeParse(memo).data;
    const intend = (token: string): Ensured => {
      const next = { token, requestedAt: clock.now() };
      return { memo: next, again: true, settled: false, says: `is about to create ${desired.machine.name}`, checkAgainIn: 0 };
    };
    if (written === undefined) return intend(`token-${lot.between(0, 2 ** 40)}`);
    const found = of(desired) ?? instances.find(({ token }) => token === written.token);
    if (found === undefined) {
      if (desired.providerID !== undefined) throw new Invalid(`instance ${desired.providerID} is gone`);
      if (clock.now() > written.requestedAt + intentMs) return intend(written.token);
      if (lot.falls(full())) throw new OutOfCapacity(`no room for ${desired.machine.name} in ${desired.config.zone}`);
    }
    const instance = show(found ?? create(desired, written.token));
    return {
      memo: { ...written },
      settled: instance.state === 'Running',
      says: `instance ${instance.id} is ${instance.state}`,
      checkAgainIn: 3,
      instance,
    };
  }

  function get(where: InstanceRef, memo: Memo | undefined): Instance | undefined {
    const found = of(where);
    if (found === undefined && mayBeHidden(memo)) throw new RetryLater(`${where.machine.name} may be hidden`, { retryAfter: 3 });
    return found && show(found);
  }

  const mayBeHidden = (memo: Memo | undefined): boolean => {
    const written = memoShape.safeParse(memo).data;
    return written !== undefined && clock.now() < written.requestedAt + intentMs + settlingSeconds * 1000;
  };

  function remove(where: InstanceRef, memo: Memo | undefined): { gone: boolean; says: string; checkAgainIn: number } {
    const found = of(where);
    if (found !== undefined && !isGone(found)) {
      stop(found);
      return { gone: false, says: `instance ${found.id} is being deleted`, checkAgainIn: 3 };
    }
    if (found === undefined && mayBeHidden(memo)) return { gone: false, says: `${where.machine.name} may be hidden`, checkAgainIn: 3 };
    return { gone: true, says: `nothing is left of ${where.machine.name}`, checkAgainIn: 0 };
  }

  function stop(one: CloudInstance): void {
    if (one.goneAt < Number.POSITIVE_INFINITY) return;
    one.goneAt = clock.now() + stopMs;
    for (const [address, user] of addresses) if (user === one.id) addresses.set(address, undefined);
  }

  function attach(address: string, where: InstanceRef): { settled: boolean; says: string; checkAgainIn: number } {
    const one = of(where);
    if (one === undefined) throw new RetryLater(`${where.machine.name} does not show`);
    const user = addresses.get(address);
    if (user !== undefined && user !== one.id) throw new Invalid(`${address} is used by ${user}`);
    addresses.set(address, one.id);
    one.external = address;
    return { settled: true, says: `${one.id} has ${address}`, checkAgainIn: 0 };
  }

  function detach(address: string, where: InstanceRef): void {
    const one = of(where);
    if (one !== undefined && addresses.get(address) === one.id) addresses.set(address, undefined);
  }

  const firewallOf = (cluster: { uid: string }, { zone }: Config): string => `${cluster.uid}/${zone}`;

  function open(credentials: string): Provisioner<Config> {
    if (!/^[a-z]+$/.test(credentials)) throw new Refused('the token has characters that no token has');
    /** Lets in who is known, and counts. */
    const call =
      <Args extends unknown[], T>(act: (...args: Args) => T) =>
      async (...args: Args): Promise<T> => {
        calls += 1;
        if (credentials !== accepted) throw new Refused('401: the token is not known');
        return act(...args);
      };
    return {
      machines: {
        ensure: call(ensure),
        get: call(get),
        delete: call(remove),
        list: call((cluster, configs) =>
          instances
            .filter((one) => isShown(one) && one.clusterUid === cluster.uid && configs.some(({ zone }) => zone === one.zone))
            .map(show),
        ),
      },
      addresses: {
        get: call((address: string) => (addresses.has(address) ? { address } : undefined)),
        attach: call(attach),
        detach: call(detach),
      },
      firewall: {
        ensure: call((cluster, where) => {
          const settled = firewalls.has(firewallOf(cluster, where));
          firewalls.add(firewallOf(cluster, where));
          return { settled, says: settled ? 'the firewall stands' : 'makes the firewall', checkAgainIn: 2 };
        }),
        delete: call((cluster, where) => {
          const gone = !firewalls.delete(firewallOf(cluster, where));
          return { gone, says: gone ? 'no firewall is left' : 'deletes the firewall', checkAgainIn: 2 };
        }),
      },
      close: () => {},
    };
  }

  return {
    platform,
    config,
    placeOf: ({ zone }) => zone,
    settlingSeconds,
    credentials: { secret: `${platform}-credentials`, key: 'token' },
    open: (options) => open(options.credentials),
    instances,
    reserved: addresses,
    firewalls,
    calls: () => calls,
    letIn(credentials) {
      accepted = credentials;
    },
    isRunning,
    vanish(machineName) {
      for (const one of instances) if (one.machineName === machineName) stop(one);
    },
  };
}
