import { secret } from '../../shared/kinds/core/secret.ts';
import { type MachineObject, machine } from '../../shared/kinds/machine/kind.ts';
import { createMemoryStore } from '../../shared/store/memory.ts';
import { ensureNamespaces } from '../../shared/store/namespaces.ts';
import { aesSealer, type Key } from '../../shared/store/seal.ts';
import { seededRandom, virtualClock } from '../clock.ts';
import { type Lot, lotOf } from './chance.ts';
import { type Chaos, calm } from './chaos.ts';
import { createCloud, type FakeCloud } from './cloud.ts';
import type { Conductor, NamedExecution } from './executions.ts';
import { createFleet, type Fleet } from './fleet.ts';
import { createLaws } from './laws.ts';
import { type ObservedStore, observed } from './laws-of-the-store.ts';
import { type Lives, startLives } from './lives.ts';
import { type CloudName, credentialsOf, reserved } from './objects.ts';
import { createTrail, scene } from './trail.ts';
import { type User, userOf } from './user.ts';

/** A whole plane in one process, on a clock of its own: the real doors, queues and state machines over worlds in memory. */
export interface Simulation extends User, Omit<Lives, 'current'>, Pick<Conductor, 'stop'> {
  readonly store: ObservedStore;
  readonly clouds: Readonly<Record<CloudName, FakeCloud>>;
  readonly fleet: Fleet;
  /** Decisions of the story itself, from the same seed. */
  readonly lot: Lot;
  now(): number;
  machines(): Promise<MachineObject[]>;
  executions(): NamedExecution[];
  /** From now on goes wrong what chaos says. */
  let(chaos: Chaos): void;
  pass(seconds: number): Promise<void>;
  /** Lets time pass until it holds. Throws when `seconds` have passed, or a law was broken. */
  until(what: string, holds: () => Promise<boolean> | boolean, seconds?: number): Promise<void>;
}

export interface SimulationOptions {
  readonly seed?: number;
  readonly chaos?: Chaos;
  /** Seconds that a running instance may take to become a Node. */
  readonly joinTimeout?: number;
  /** Clouds whose credentials are there from the start; both if absent. */
  readonly credentials?: readonly CloudName[];
}

const key: Key = { id: 'simulation', bytes: new Uint8Array(32).fill(7) };
const keyRing = { current: () => key, byId: () => key };

export async function simulate(options: SimulationOptions = {}): Promise<Simulation> {
  const { seed = 1, joinTimeout = 600, credentials = ['east', 'west'] } = options;
  const random = seededRandom(seed);
  const lot = lotOf(seededRandom(seed + 1_000_000));
  const clock = virtualClock();
  const laws = createLaws();
  const sealer = aesSealer(keyRing, random);
  const trail = createTrail(() => clock.now());
  let chaos = options.chaos ?? calm;

  const cloud = (platform: CloudName, addresses: readonly string[]) =>
    createCloud({ platform, clock, lot, laws, reserved: addresses, full: () => chaos.full });
  const clouds = { east: cloud('east', reserved), west: cloud('west', []) };
  const all = Object.values(clouds);
  const fleet = createFleet({ clock, random, laws, clouds: all });

  let lives: Lives | undefined;
  const memory = createMemoryStore({ clock, random, sealer, committed: (record) => lives?.current().committed(record) });
  await ensureNamespaces(memory);
  for (const platform of credentials) await memory.create(secret, credentialsOf(platform, 'good'));
  const store = observed(memory, laws);
  const alive = startLives(
    { clock, random, log: trail.log, sealer, store, clouds: all, fleet, journal: [], joinTimeout },
    lot,
    () => chaos,
  );
  lives = alive;
  await clock.advance(0);

  const executions = (): NamedExecution[] => alive.current().conductor.all();

  function keepTheLaws(): void {
    const [violation] = laws.violations;
    if (violation !== undefined) throw new Error(`seed ${seed}: ${violation}\n${trail.lines()}`);
  }

  async function pass(seconds: number): Promise<void> {
    await clock.advance(seconds * 1000);
    keepTheLaws();
  }

  async function until(what: string, holds: () => Promise<boolean> | boolean, seconds = 1_800): Promise<void> {
    for (let passed = 0; !(await holds()); passed += 2) {
      if (passed >= seconds) throw new Error(`seed ${seed}: not so after ${seconds} s: ${what}\n${await scene(store)}\n${trail.lines()}`);
      await pass(2);
    }
  }

  return {
    ...userOf(store, clock),
    ...alive,
    store,
    clouds,
    fleet,
    lot,
    executions,
    pass,
    until,
    now: () => clock.now(),
    machines: async () => (await store.list(machine)).items,
    stop: (which) => alive.current().conductor.stop(which),
    let(next) {
      chaos = next;
    },
  };
}
