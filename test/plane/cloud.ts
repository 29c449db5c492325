import * as z from 'zod';
import { Invalid, OutOfCapacity, Refused, RetryLater } from '../../shared/errors.ts';
import type { Clock } from '../../shared/ports.ts';
import type { Cloud, DesiredInstance, Ensured, InstanceRef, Memo, Provisioner } from '../../shared/provisioners/provisioner.ts';
import { type Account, type CloudInstance, createAccount } from './account.ts';
import type { Lot } from './chance.ts';
import type { Laws } from './laws.ts';

export const config = z.strictObject({ zone: z.string().min(1), image: z.string().min(1) });
export type Config = z.output<typeof config>;

export interface FakeCloud extends Cloud<Config>, Pick<Account, 'instances' | 'reserved' | 'firewalls' | 'isRunning'> {
  /** Calls so far. */
  calls(): number;
  /** The credentials that it lets in from now on; it refuses others. */
  letIn(credentials: string): void;
  /** Somebody else deletes the instance of this machine. */
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

/** Nothing is created this long after it was written down that it will be. */
const intentMs = 10_000;
const settlingSeconds = 20;

/**
 * A cloud in memory that is as unhelpful as clouds are: it shows a new instance only after a while, takes its time to start and
 * stop one, and has no room at times. The key of a request is drawn by lot, so that whoever forgets it makes a twin.
 */
export function createCloud({ platform, clock, lot, laws, reserved = [], full }: Options): FakeCloud {
  const account = createAccount({ platform, clock, laws, reserved });
  const desk: Desk = { account, clock, lot, full };
  let accepted = 'good';
  let calls = 0;

  function open(credentials: string): Provisioner<Config> {
    if (!/^[a-z]+$/.test(credentials)) throw new Refused('the token has characters that no token has');
    return provisioner(desk, () => {
      calls += 1;
      if (credentials !== accepted) throw new Refused('401: the token is not known');
    });
  }

  return {
    platform,
    config,
    placeOf: ({ zone }) => zone,
    settlingSeconds,
    credentials: { secret: `${platform}-credentials`, key: 'token' },
    open: (options) => open(options.credentials),
    instances: account.instances,
    reserved: account.reserved,
    firewalls: account.firewalls,
    isRunning: account.isRunning,
    calls: () => calls,
    letIn(credentials) {
      accepted = credentials;
    },
    vanish(machineName) {
      for (const one of account.instances) if (one.machineName === machineName) account.stop(one);
    },
  };
}

interface Desk {
  readonly account: Account;
  readonly clock: Clock;
  readonly lot: Lot;
  full(): number;
}

interface Progress {
  readonly says: string;
  readonly checkAgainIn: number;
}

/** `enter` throws for whom the cloud does not know. */
function provisioner(desk: Desk, enter: () => void): Provisioner<Config> {
  const { account } = desk;
  const call =
    <Args extends unknown[], T>(act: (...args: Args) => T) =>
    async (...args: Args): Promise<Awaited<T>> => {
      enter();
      return await act(...args);
    };
  const belongs = (one: CloudInstance, uid: string, configs: readonly Config[]): boolean =>
    account.isShown(one) && one.clusterUid === uid && configs.some(({ zone }) => zone === one.zone);
  return {
    machines: {
      ensure: call((desired, memo) => ensure(desk, desired, memo)),
      get: call((where, memo) => get(desk, where, memo)),
      delete: call((where, memo) => remove(desk, where, memo)),
      list: call((cluster, configs) => account.instances.filter((one) => belongs(one, cluster.uid, configs)).map(account.show)),
    },
    addresses: {
      get: call((address) => (account.reserved.has(address) ? { address } : undefined)),
      attach: call((address, where) => attach(desk, address, where)),
      detach: call((address, where) => {
        if (account.reserved.get(address) === account.find(where)?.id) account.reserved.set(address, undefined);
      }),
    },
    firewall: {
      ensure: call(({ uid }, { zone }) => {
        const settled = account.firewalls.has(`${uid}/${zone}`);
        account.firewalls.add(`${uid}/${zone}`);
        return { settled, says: settled ? 'the firewall stands' : 'makes the firewall', checkAgainIn: 2 };
      }),
      delete: call(({ uid }, { zone }) => {
        const gone = !account.firewalls.delete(`${uid}/${zone}`);
        return { gone, says: gone ? 'no firewall is left' : 'deletes the firewall', checkAgainIn: 2 };
      }),
    },
    close: () => {},
  };
}

const memoShape = z.object({ token: z.string(), requestedAt: z.number() });
const readMemo = (memo: Memo | undefined) => memoShape.safeParse(memo).data;

async function ensure({ account, clock, lot, full }: Desk, desired: DesiredInstance<Config>, memo: Memo | undefined): Promise<Ensured> {
  const written = readMemo(memo);
  const intend = (token: string): Ensured => {
    const next = { token, requestedAt: clock.now() };
    return { memo: next, again: true, settled: false, says: `is about to create ${desired.machine.name}`, checkAgainIn: 0 };
  };
  if (written === undefined) return intend(`token-${lot.between(0, 2 ** 40)}`);
  const find = () => account.find(desired) ?? account.instances.find(({ token }) => token === written.token);
  if (find() === undefined) {
    if (desired.providerID !== undefined) throw new Invalid(`instance ${desired.providerID} is gone`);
    if (clock.now() > written.requestedAt + intentMs) return intend(written.token);
    if (lot.falls(full())) throw new OutOfCapacity(`no room for ${desired.machine.name} in ${desired.config.zone}`);
  }
  const userData = find() === undefined ? await desired.userData() : '';
  const instance = account.show(find() ?? account.create(desired, written.token, userData));
  const says = `instance ${instance.id} is ${instance.state}`;
  return { memo: { ...written }, settled: instance.state === 'Running', says, checkAgainIn: 3, instance };
}

const mayBeHidden = ({ clock }: Desk, memo: Memo | undefined): boolean => {
  const written = readMemo(memo);
  return written !== undefined && clock.now() < written.requestedAt + intentMs + settlingSeconds * 1000;
};

function get(desk: Desk, where: InstanceRef, memo: Memo | undefined) {
  const found = desk.account.find(where);
  if (found === undefined && mayBeHidden(desk, memo)) throw new RetryLater(`${where.machine.name} may be hidden`, { retryAfter: 3 });
  return found && desk.account.show(found);
}

function remove(desk: Desk, where: InstanceRef, memo: Memo | undefined): Progress & { readonly gone: boolean } {
  const found = desk.account.find(where);
  if (found !== undefined && !desk.account.isGone(found)) {
    desk.account.stop(found);
    return { gone: false, says: `instance ${found.id} is being deleted`, checkAgainIn: 3 };
  }
  if (found === undefined && mayBeHidden(desk, memo)) return { gone: false, says: `${where.machine.name} may be hidden`, checkAgainIn: 3 };
  return { gone: true, says: `nothing is left of ${where.machine.name}`, checkAgainIn: 0 };
}

function attach({ account }: Desk, address: string, where: InstanceRef): Progress & { readonly settled: boolean } {
  const one = account.find(where);
  if (one === undefined) throw new RetryLater(`${where.machine.name} does not show`);
  const user = account.reserved.get(address);
  if (user !== undefined && user !== one.id) throw new Invalid(`${address} is used by ${user}`);
  account.reserved.set(address, one.id);
  one.external = address;
  return { settled: true, says: `${one.id} has ${address}`, checkAgainIn: 0 };
}
