import { RetryLater } from '../../shared/errors.ts';
import type { Lot } from './chance.ts';

/** How often what goes wrong, as shares of all calls of a port. */
export interface Chaos {
  /** It takes up to `longest` ms. */
  readonly slow: number;
  readonly longest: number;
  /** It fails before anything happened. */
  readonly refuse: number;
  /** It happened, and the reply is lost. */
  readonly loseReply: number;
  /** What fails, fails in words that nobody has a class for. */
  readonly nameless: number;
  /** The process dies over it: before or after it happened. */
  readonly die: number;
  /** A change, a wake or the end of an execution is not told. */
  readonly untold: number;
  /** It is told twice. */
  readonly twice: number;
  /** A cloud has no room for an instance. */
  readonly full: number;
}

export const calm: Chaos = { slow: 0, longest: 0, refuse: 0, loseReply: 0, nameless: 0, die: 0, untold: 0, twice: 0, full: 0 };

/** A process that may die: from then on nothing that it began goes on. */
export interface Life {
  alive(): boolean;
  /** Ends it at this very moment. */
  end(): void;
  /** Now, and whenever asked: it may change while the plane runs. */
  chaos(): Chaos;
  readonly lot: Lot;
  /** Time passes also for the dead. */
  sleep(ms: number): Promise<void>;
}

/** What a dead process awaits: it hears no answer and no error, and does nothing more. */
export const forever = <T>(): Promise<T> => new Promise<T>(() => {});

/** Makes one call of a port, or what chaos makes of it. */
export async function pass<T>(name: string, life: Life, call: () => Promise<T>): Promise<T> {
  if (!life.alive()) return forever();
  const { lot } = life;
  const { slow, longest, refuse, loseReply, nameless, die } = life.chaos();
  if (lot.falls(slow)) await life.sleep(lot.between(1, longest));
  if (!life.alive()) return forever();
  if (lot.falls(die / 2)) return dies(life);
  if (lot.falls(refuse)) throw failure(name, 'before', lot.falls(nameless));
  const answer = await call();
  if (!life.alive()) return forever();
  if (lot.falls(die / 2)) return dies(life);
  if (lot.falls(loseReply)) throw failure(name, 'after', lot.falls(nameless));
  return answer;
}

function dies<T>(life: Life): Promise<T> {
  life.end();
  return forever();
}

function failure(name: string, when: 'before' | 'after', nameless: boolean): Error {
  const message = `${name} failed ${when} it happened`;
  return nameless ? new Error(message) : new RetryLater(message);
}

type Calls = Readonly<Record<string, unknown>>;

/** The port, each of whose calls goes through chaos; `plain` are calls that touch nothing. */
export function through<T extends object>(port: T, name: string, life: Life, plain: readonly string[] = ['close']): T {
  const calls = Object.entries(port as Calls).map(([key, value]): [string, unknown] => {
    if (typeof value !== 'function' || plain.includes(key)) return [key, value];
    return [key, (...args: unknown[]) => pass(`${name}.${key}`, life, async () => value.apply(port, args))];
  });
  return Object.fromEntries(calls) as T;
}
