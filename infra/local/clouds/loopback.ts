/**
 * Addresses of fake instances. On Linux every address in 127.0.0.0/8 answers, so each instance has one of its own and
 * masters can all listen on 6443. Each cloud has a /16 of loopback for what the outside sees.
 */

/** The /16 in which each cloud gives out external addresses, unless the host says otherwise. */
export const externalNetworks = { aws: '127.64.0.0/16', gce: '127.65.0.0/16' } as const;

/** Hands out each address of a range once. */
export interface AddressPool {
  /** The next free address after the last one taken, so that one given back rests before it is used again. */
  take(): string;
  giveBack(address: string): void;
}

/** A pool of the addresses from `first` to `last`, inclusive, but for those in use already. */
export function addressPool(first: string, last: string, used: Iterable<string> = []): AddressPool {
  const [low, high] = [toNumber(first), toNumber(last)];
  const taken = new Set([...used].map(toNumber));
  let cursor = Math.max(low - 1, ...[...taken].filter((n) => n >= low && n <= high));
  return {
    take() {
      for (let tried = low; tried <= high; tried++) {
        cursor = cursor >= high ? low : cursor + 1;
        if (taken.has(cursor)) continue;
        taken.add(cursor);
        return toAddress(cursor);
      }
      throw new RangeError(`no address is free between ${first} and ${last}`);
    },
    giveBack: (address) => void taken.delete(toNumber(address)),
  };
}

/** What a cloud does with its /16: a few addresses that the user reserved beforehand, the rest for instances. */
export interface ExternalAddresses {
  /** `127.64.0.10` and so on. */
  readonly reserved: readonly string[];
  readonly pool: AddressPool;
}

/** `network` is a /16 in 127.0.0.0/8; `used` are the addresses that stored instances have. */
export function externalAddresses(network: string, reservedCount: number, used: Iterable<string> = []): ExternalAddresses {
  const prefix = /^(127\.\d{1,3})\.0\.0\/16$/.exec(network)?.[1];
  if (prefix === undefined) throw new RangeError(`external addresses need a /16 of loopback such as 127.64.0.0/16, not ${network}`);
  return {
    reserved: Array.from({ length: reservedCount }, (_, i) => `${prefix}.0.${10 + i}`),
    pool: addressPool(`${prefix}.1.1`, `${prefix}.254.254`, used),
  };
}

const toNumber = (address: string): number => address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
const toAddress = (n: number): string => [24, 16, 8, 0].map((shift) => (n >>> shift) & 255).join('.');

/** Refuses to listen where another machine could reach it. */
export function requireLoopback(host: string): void {
  if (!/^127(\.\d{1,3}){3}$/.test(host)) throw new RangeError(`a fake cloud listens on loopback only (127.x.y.z), not on ${host}`);
}
